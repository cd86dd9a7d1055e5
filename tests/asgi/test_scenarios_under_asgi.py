"""The scenarios' servers under uvicorn, hypercorn and granian, asked by the scenarios' own clients, over TLS.

Transcripts are those of the scenarios. Where an ASGI server does otherwise than ours, the tables below say what it
does and why; what they do not name must be the same, line by line.
"""

import importlib
from fnmatch import fnmatchcase

import pytest

from harness.asgi_servers import start_asgi_server
from harness.interpreters import find_or_fail
from harness.playing import start_client
from scenarios.test_scenarios import SCENARIOS, lines_of, options_of, stripped

SERVED = [("uvicorn", "cpython"), ("hypercorn", "cpython"), ("granian", "cpython"), ("granian", "micropython")]
OVER_TCP = ("insecure", "websocket_insecure")
ENDED = "[ERROR] Unexpected exit"  # says granian when its whole group is ended at once

# What is about the connection, which the ASGI server has and does not tell of.
ABOUT_CONNECTIONS = {
    "client_authentication_once": "what becomes of a connection whose body nobody read",
    "events_stopped": "Server.stop()",
    "graceful_stop": "Server.stop() and start(): the ASGI server listens and stops",
    "identity_renewed": "the ASGI server's certificate",
    "keep_alive": "on_session, and a session's context that outlives a request",
    "mutual_tls*": "client certificates: none of the three tells the application of TLS",
    "redirect_listener": "a second listener",
    "sealed_key": "the ASGI server's certificate and key",
    "session*": "on_session, server.sessions, and what a connection does before this request and behind it",
    "status": "who is connected; what there is to see of a status under them is in tests/status",
    "two_servers": "the ASGI servers' own tickets",
    "unread_bodies": "what becomes of a connection whose body nobody read, and trailers, which none passes on",
    "websocket_endings": "server.sessions, and Server.stop(); endings are in test_websockets",
}

# An ASGI server's own: {(scenario, server): {our line: the line there}}.
CONTINUES = {"body came along: 200 b'hello'": "body came along: 100 b''"}  # says 100 to who has sent the body already
IN_HTTP_1_0 = "HTTP/1.0 b'HTTP/1.1 200 OK' False b'one two three'"
ACCEPTED = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="
STRANGERS = ("strange origin", "no origin to tell", "own origin, without TLS", "no friend")
FRIENDS = ("right", "in other cases", "own origin", "own origin, other case", "anybody", "friend")
DIFFERENCES = {
    ("chunked_answers", "granian"): {IN_HTTP_1_0: "HTTP/1.0 b'HTTP/1.0 200 OK' False b'one two three'"},
    ("chunked_answers", "uvicorn"): {  # to HTTP/1.0, which has no chunks
        IN_HTTP_1_0: r"HTTP/1.0 b'HTTP/1.1 200 OK' True "
                     r"b'4\r\none \r\n4\r\ntwo \r\n5\r\nthree\r\n0\r\n\r\n'"},
    ("expectations", "uvicorn"): CONTINUES,
    ("expectations", "granian"): CONTINUES,
    # httptools knows a list of methods.
    ("methods", "uvicorn"): {
        r"BREW /thing 501 '501 Not Implemented\n' length 20 allow None seen as None":
        r"BREW /thing 400 'Invalid HTTP request received.' length 30 allow None seen as None"},
    # h11 sends no reason phrase.
    ("bare_stream", "granian"): {r"to HTTP/1.0: b'HTTP/1.1 200 OK\r\n'": r"to HTTP/1.0: b'HTTP/1.0 200 OK\r\n'"},
    ("bare_stream", "hypercorn"): {
        r"to HTTP/1.0: b'HTTP/1.1 200 OK\r\n'": r"to HTTP/1.0: b'HTTP/1.1 200 \r\n'",
        r"b'HTTP/1.1 200 OK\r\n'": r"b'HTTP/1.1 200 \r\n'",
        r"b'HTTP/1.1 404 Not Found\r\n'": r"b'HTTP/1.1 404 \r\n'"},
    ("events", "hypercorn"): {"behind it: True b'bad_event'": "behind it: False b'bad_event'"},
    ("chunked_answers", "hypercorn"): {IN_HTTP_1_0: "HTTP/1.0 b'HTTP/1.1 200 ' False b'one two three'"},
    # Who expects 100 is sent it at once, with a date, whatever becomes of the request.
    ("expectations", "hypercorn"): {
        "/plain 100 []": "/plain 100 ['date', 'server']",
        "/async 100 []": "/async 100 ['date', 'server']",
        "/no 403 at end: True": ("/no 100 ['date', 'server']", "/no 403 b'not today'"),
        "/nowhere 404 at end: True": ("/nowhere 100 ['date', 'server']", r"/nowhere 404 b'404 Not Found\n'"),
        "body came along: 200 b'hello'": "body came along: 100 b''",
        "too large: 413 at end: True": r"too large: 100 at end: b'HTTP/1.1 413 \r\ncontent-type: text/plain..."},
    # What was sent ahead of an answer and asks to close is refused.
    ("pipelining", "hypercorn"): {"200 b'slow 12'": "400 b''"},
    # They ping by themselves, and not when told; of an ending one tells no code, another no reason.
    ("websocket_messages", "all"): {"the ping was answered": (), "closed 4000 room closed None": "closed 1011  None"},
    ("websocket_messages", "hypercorn"): {"echo ended 3001 tschüß": "echo ended 1006"},
    ("websocket_messages", "granian"): {"echo ended 3001 tschüß": "echo ended 3001"},
    # Handshakes are judged by them: none looks at the key.
    ("websocket_refusals", "all"): {
        "short key: 400": "short key: 101 5mxwMKXNI9akKyJbT9Ot03A9YWg= websocket",
        "key that is no base64: 400": "key that is no base64: 101 oTO+IwuNw4Nmb4UYrq/fV5TXA0g= websocket"},
    ("websocket_refusals", "uvicorn"): {
        "no version: 400": "no version: 400 13", "version 8: 426 13 websocket": "version 8: 426 13",
        "HTTP/1.0: 426 websocket": "HTTP/1.0: 101 " + ACCEPTED + " websocket", "POST: 405": "POST: 400"},
    ("websocket_refusals", "granian"): {
        "version 8: 426 13 websocket": "version 8: 400", "POST: 405": "POST: 101 " + ACCEPTED + " websocket",
        "HTTP/1.0: 426 websocket": "HTTP/1.0: 101 " + ACCEPTED + " websocket",
        **{f"{who}: 403": f"{who}: 403 {ACCEPTED} websocket" for who in STRANGERS}},
    ("websocket_refusals", "hypercorn"): {
        "version 8: 426 13 websocket": "version 8: 400", "HTTP/1.0: 426 websocket": "HTTP/1.0: 400",
        "another upgrade: 426 websocket": "another upgrade: 101 h2c",
        **{f"{who}: 101 {ACCEPTED} websocket": f"{who}: 101 {ACCEPTED} WebSocket" for who in FRIENDS},
        "short key: 400": "short key: 101 5mxwMKXNI9akKyJbT9Ot03A9YWg= WebSocket",
        "key that is no base64: 400": "key that is no base64: 101 oTO+IwuNw4Nmb4UYrq/fV5TXA0g= WebSocket"},
    # None tells of connections.
    ("client_places", "all"): {
        "6 answered, connections at once: 2": "6 answered, connections at once: 0",
        "12 answered, connections at once: 3": "12 answered, connections at once: 0"},
    # None tells of TLS.
    ("requests_seen", "all"): {"  tls TLSv1.3": "  tls None"},
}
# From this line on a scenario reads by hand what the server answers before the application is asked.
UNREADABLE = "bad 400 close what was that? GET''None True"
UP_TO = {
    ("authentication", "hypercorn"): "401 close",
    ("error_handlers", "uvicorn"): UNREADABLE,
    ("error_handlers", "hypercorn"): UNREADABLE,
    ("error_handlers", "granian"): UNREADABLE,
}


def is_about_connections(scenario):
    return any(fnmatchcase(scenario, pattern) for pattern in ABOUT_CONNECTIONS)


@pytest.mark.parametrize(("server", "client"), SERVED, ids=[f"{server}-{client}_client" for server, client in SERVED])
@pytest.mark.parametrize("scenario", [name for name in SCENARIOS if not is_about_connections(name)])
def test_a_scenario_goes_the_same_way_under_an_asgi_server(scenario, server, client, programs, certificates, port):
    text = importlib.import_module("scenarios." + scenario)
    options = options_of(text, programs)
    module = "scenarios." + scenario
    may_complain = getattr(text, "MAY_COMPLAIN", False) or scenario == "websocket_messages"  # of the ping
    of_server = start_asgi_server(programs, server, module, port, certificates, is_secure=scenario not in OVER_TCP,
                                  may_complain=may_complain, **options)
    last = UP_TO.get((scenario, server))
    of_client = start_client(programs, find_or_fail(client), module, port, certificates,
                             heap=getattr(text, "HEAP", None), may_complain=may_complain or last is not None, **options)
    lines = list(expected(text.EXPECTED, scenario, server))
    if last is None:
        said = stripped(of_client.lines_until_end())
        if of_client.wait() != 0:
            of_client.fail("failed")
        assert cut(said, lines) == lines
    else:
        lines = lines[:lines.index(last)]
        assert stripped([of_client.line() for _ in lines]) == lines
    if last is None and hasattr(text, "EXPECTED_OF_SERVER"):
        of_server.reap()
        of_server = [line for line in of_server.lines_until_end() if not line.startswith(ENDED)]
        assert stripped(of_server) == list(expected(text.EXPECTED_OF_SERVER, scenario, server))


def expected(transcript, scenario, server):
    """The lines under this server; one that ends in `...` is the beginning of one."""
    differences = {**DIFFERENCES.get((scenario, "all"), {}), **DIFFERENCES.get((scenario, server), {})}
    for line in lines_of(transcript):
        theirs = differences.get(line, line)
        yield from (theirs if isinstance(theirs, tuple) else [theirs])


def cut(said, expected):
    """What was said, lines cut where the expected ones are."""
    return [line[:len(other) - 3] + "..." if other.endswith("...") else line for line, other in zip(said, expected)
            ] + said[len(expected):]


def test_every_difference_is_from_a_line_that_is_there():
    for (scenario, server), differences in DIFFERENCES.items():
        text = importlib.import_module("scenarios." + scenario)
        lines = lines_of(text.EXPECTED) + lines_of(getattr(text, "EXPECTED_OF_SERVER", ""))
        assert set(differences) <= set(lines), (scenario, server)
