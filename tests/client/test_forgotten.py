"""Answers that nobody closes, read to their end or not: nothing is left of a thousand."""

import pytest

from harness.interpreters import find_or_fail
from harness.playing import start_client, start_server, stop_server

CLIENTS = ("cpython", "micropython")


@pytest.fixture
def forget(programs, certificates, port):
    """(what memory holds behind so many answers, how many connections the server saw) of a client that forgets."""

    def run(interpreter, times, **options):
        server = start_server(programs, find_or_fail("cpython"), "client.counting", port, certificates)
        asker = start_client(programs, find_or_fail(interpreter), "client.forgetful", port, certificates, times=times,
                             **options)
        kept = int(asker.lines_until_end(60)[-1])
        assert asker.wait() == 0
        return kept, stop_server(server).count("open")

    return run


@pytest.mark.slow
@pytest.mark.parametrize("client", CLIENTS)
@pytest.mark.parametrize("reads", [True, False])
def test_answers_that_came_to_their_end_leave_nothing_and_take_one_connection(reads, client, forget):
    """One that came whole with its head is at its end, whether anybody looks at it or not."""
    (few, _), (many, connections) = forget(client, 100, reads=reads), forget(client, 1000, reads=reads)
    assert connections == 1
    assert many - few < 2000


@pytest.mark.slow
@pytest.mark.parametrize("client", CLIENTS)
def test_answers_forgotten_in_the_middle_give_their_places_away(client, forget):
    """CPython tells at once that nobody has them any more; elsewhere the one that is left alone longest goes."""
    settings = {"client_settings": {"place_timeout": 0.02, "max_connections": 3}}
    times = 1000 if client == "cpython" else 100
    (few, _), (many, connections) = forget(client, 20, reads=False, path="/large", **settings), forget(
        client, times, reads=False, path="/large", **settings)
    assert connections == times
    assert many - few < 4000
