"""Chromium's own WebSocket, EventSource, forms, cookies and connections, on servers of ours on both interpreters.

A page's script says what it saw in a request of its own, which the server tells the test.
"""

import hashlib
import json

import pytest

from harness.asgi_servers import SERVERS, start_asgi_server
from harness.playing import start_server

HEAP = "1m"  # of a MicroPython: the pages and their scripts are in its sources
LOOK_AGAIN = "--remote-debugging-port=0"  # without it a headless Chromium that is to show nothing ends

ECHOES = ["grüß dich", True, "chat", 4321, "as you wish", True, 3333, True]
CLEAN = 5  # which of these says whether the server's close was clean
EVENTS = [f"{number} number {number}" for number in range(1, 7)]


def pattern(size):
    return bytes(at * at % 251 for at in range(size))


@pytest.fixture
def look(chromium, programs, certificates, port):
    """Opens a page of a program that serves and gives what it reports."""
    (certificates / "pattern.bin").write_bytes(pattern(100_000))

    def open_page(name, served):
        command, environment = chromium()
        programs.start([*command, LOOK_AGAIN, f"https://localhost:{port}/page/{name}"], name="chromium",
                       environment=environment, may_complain=True)
        return json.loads(served.line_that("seen", patience=40)[5:])

    return open_page


@pytest.fixture
def visit(look, interpreter, programs, certificates, port):
    """Opens a page of our server, on each interpreter in turn."""

    def open_page(name, **settings):
        return look(name, start_server(programs, interpreter, "browser.application", port, certificates, heap=HEAP,
                                       settings=settings))

    return open_page


def test_a_websocket_echoes_and_closes_with_codes_from_either_side(visit):
    assert visit("websocket") == ECHOES


def test_an_event_source_takes_events_and_comes_back_with_the_last_id(visit):
    assert visit("events") == EVENTS


def test_form_data_with_a_file_arrives_byte_by_byte_the_same(visit):
    parts, digest = visit("upload")
    assert digest == hashlib.sha256(pattern(200_000)).hexdigest()
    assert parts[:2] == [["note", "größer als 'ein' \"Wort\""],
                         ["file", "mu\"ster ü.bin", "application/x-pattern", 200_000, digest]]


def test_a_form_is_submitted(visit):
    digest = hashlib.sha256(pattern(3000)).hexdigest()
    assert visit("form") == [["note", "two words"], ["file", "a.bin", "application/octet-stream", 3000, digest]]


@pytest.mark.parametrize("most", [4, 1])
def test_six_parallel_fetches_are_answered_by_fewer_connections(visit, most):
    answers = [f"slow {number}" for number in range(1, 7)]
    assert visit("parallel", max_open_sockets=most, max_sockets_per_address=most) == [answers, answers]


def test_parts_of_a_file_are_fetched(visit):
    seen = visit("ranges")
    assert [status for status, _, _ in seen] == [206, 206, 206, 416]
    assert [(length, is_right) for _, length, is_right in seen[:3]] == [(10, True), (5, True), (10, True)]


def test_a_session_in_a_cookie_begins_and_ends(visit):
    refused = [403, "403 Forbidden: log in first\n"]
    assert visit("login") == [*refused, 200, "ann 1", 200, "ann 2", *refused, ""]


@pytest.mark.parametrize("server", SERVERS)
@pytest.mark.parametrize(("page", "expected"), [("websocket", ECHOES), ("events", EVENTS)])
def test_the_same_goes_under_an_asgi_server(look, server, page, expected, programs, certificates, port):
    seen = look(page, start_asgi_server(programs, server, "browser.application", port, certificates))
    if (server, page) == ("granian", "websocket"):
        # It may end the TCP connection as soon as it has sent its close frame, before the browser has answered that.
        seen[CLEAN], expected = None, [*expected[:CLEAN], None, *expected[CLEAN + 1:]]
    assert seen == expected
