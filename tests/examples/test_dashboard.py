"""examples/dashboard.py, with curl and Python's own client for its viewers."""

import http.client
import json
import ssl

import pytest

from examples.conftest import press_ctrl_c

EVERY = 0.1


@pytest.fixture
def served(serve_example):
    return serve_example("dashboard", EVERY=EVERY, KEPT=5)


@pytest.fixture
def viewer(here, port):
    """Listens to the events: the answer, and a function that gives the next reading."""
    context = ssl.create_default_context(cafile=str(here / "ca.crt"))
    opened = []

    def listen():
        connection = http.client.HTTPSConnection("localhost", port, timeout=20, context=context)
        opened.append(connection)
        connection.request("GET", "/events")
        answer = connection.getresponse()

        def following():
            while True:
                line = answer.readline()
                if line.startswith(b"data: "):
                    return json.loads(line[6:])

        return answer, following

    yield listen
    for connection in opened:
        connection.close()


def test_several_viewers_see_the_same_readings_of_one_sensor(served, viewer, curl):
    (first, one), (second, other) = viewer(), viewer()
    assert first.getheader("Content-Type") == second.getheader("Content-Type") == "text/event-stream"
    seen = other()
    while one() != seen:
        pass
    for _ in range(3):
        assert one() == other()
    assert one()[1] == 2, "the second quantity is how many look"
    first.close()
    assert press_ctrl_c(served) == []


def test_who_comes_later_gets_the_last_values_and_no_more(served, curl, viewer):
    _, reading = viewer()
    seen = [reading() for _ in range(6)]
    status, text = curl("/readings")
    told = json.loads(text)
    assert (status, told["kept"], len(told["readings"])) == (0, 5, 5)
    while seen[-5:] != told["readings"]:  # how long curl took is the machine's affair: it is what was seen meanwhile
        seen.append(reading())
        assert len(seen) < 600, told
    assert [len(each) for each in told["readings"]] == [len(told["shown"])] * 5


def test_who_is_one_too_many_for_a_board_is_told_so_and_may_still_ask(served, viewer, curl, interpreter):
    for _ in range(2):
        viewer()[1]()
    assert viewer()[0].status == (503 if interpreter.is_micropython else 200)
    assert json.loads(curl("/readings")[1])["readings"]


def test_the_page_needs_nothing_from_elsewhere_and_is_found_from_any_folder(served, curl):
    status, page = curl("/", "--include")
    assert status == 0 and "Content-Security-Policy: default-src 'none'" in page and "</html>" in page
    assert "http://" not in page and "https://" not in page
