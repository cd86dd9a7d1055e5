"""The table of faults by an engine that was named: the same class and code, from whichever side it is seen."""

import contextlib
import socket

import pytest

from faults.test_codes import BAD_FILES, CERTIFICATE_FAULTS, RUDE, Rude
from harness.engine import ENGINES
from harness.interpreters import find_or_fail
from harness.playing import play, start_client, start_server, stop_server

each_side = pytest.mark.parametrize("side", ["server", "client"])
each_engine = pytest.mark.parametrize("engine", ENGINES)


@pytest.fixture
def cpython():
    return find_or_fail("cpython")


def by(engine, side):
    """(engine of the server, engine of the client)."""
    return (engine, None) if side == "server" else (None, engine)


@each_side
@pytest.mark.parametrize("fault", CERTIFICATE_FAULTS)
@each_engine
def test_a_certificate_that_must_be_refused_has_the_same_code(engine, fault, side, cpython, programs, certificates,
                                                              port):
    options, code, kind, event = CERTIFICATE_FAULTS[fault]
    of_server, of_client = by(engine, side)
    server = start_server(programs, cpython, "faults.parts", port, certificates, engine=of_server, **options)
    client = start_client(programs, cpython, "faults.parts", port, certificates, engine=of_client, **options)
    assert client.lines_until_end() == [f"{code} {kind}", code]
    if event:
        assert [server.line_that("session_error") for _ in range(2)] == [f"session_error {event}"] * 2
    assert stop_server(server) == []


@pytest.mark.parametrize("rudeness", RUDE)
@each_engine
def test_a_server_that_breaks_off_the_handshake_is_named_by_how_it_did(engine, rudeness, cpython, programs,
                                                                       certificates, port):
    act, settings, code, kind = RUDE[rudeness]
    with Rude(port, act):
        client = start_client(programs, cpython, "faults.parts", port, certificates, client_settings=settings,
                              engine=engine)
        assert client.lines_until_end() == [f"{code} {kind}", code]


@pytest.mark.parametrize("files", BAD_FILES)
@each_engine
def test_a_bad_certificate_is_named_before_anything_listens(engine, files, cpython, programs, certificates, port):
    names, code = BAD_FILES[files]
    with socket.create_server(("127.0.0.1", port)):
        server = play(programs, "server", cpython, "faults.checked", port, certificates,
                      {"files": names, "expects_error": True, "engine": engine})
        assert server.lines_until_end() == [f"error {code}"]


@pytest.mark.parametrize("name", ["garbage", "empty", "cut", "text", "missing"])
@each_engine
def test_an_authority_that_is_none_is_named_so(engine, name, cpython, programs, certificates, port):
    client = start_client(programs, cpython, "faults.parts", port, certificates, trust=name, engine=engine)
    assert client.lines_until_end() == ["bad_certificate_file UsageError", "bad_certificate_file"]


@each_engine
def test_plain_http_spoken_to_a_tls_server_is_named_so(engine, cpython, programs, certificates, port):
    server = start_server(programs, cpython, "faults.parts", port, certificates, engine=engine)
    client = start_client(programs, cpython, "faults.parts", port, certificates, scheme="http")
    assert client.lines_until_end() == ["no error "]  # it is told where HTTPS is
    assert server.line_that("session_error") == "session_error peer_is_not_tls"


@each_engine
def test_tls_spoken_to_a_plain_server_is_named_so(engine, cpython, programs, certificates, port):
    start_server(programs, cpython, "faults.parts", port, certificates, settings={"transport": "insecure"})
    client = start_client(programs, cpython, "faults.parts", port, certificates, engine=engine)
    assert client.lines_until_end() == ["peer_is_not_tls PeerError", "peer_is_not_tls"]


@each_side
@each_engine
def test_a_client_without_the_certificate_that_is_asked_for_is_refused(engine, side, cpython, programs, certificates,
                                                                       port):
    options = {"server_trust": "ca"}
    of_server, of_client = by(engine, side)
    server = start_server(programs, cpython, "faults.parts", port, certificates, engine=of_server, **options)
    client = start_client(programs, cpython, "faults.parts", port, certificates, engine=of_client, **options)
    assert client.lines_until_end() == ["handshake_refused TrustError", "handshake_refused"]
    assert [server.line_that("session_error") for _ in range(2)] == ["session_error no_client_certificate"] * 2


@each_engine
def test_whatever_comes_in_place_of_a_hello_ends_that_connection_alone(engine, cpython, programs, certificates, port):
    server = start_server(programs, cpython, "faults.parts", port, certificates, engine=engine)
    for sent in (b"\x16\x03\x01\x00\x05hello", b"\x16\x03\x01\x40\x00" + bytes(0x4000), b"\x15\x03\x01\x00\x02\x02\x28",
                 b"\x17\x03\x03\x00\x10" + bytes(16), b"\x14\x03\x03\x00\x01\x01", b"\x16\x03", b"", b"\xff" * 600):
        with socket.create_connection(("127.0.0.1", port), timeout=10) as raw:
            raw.sendall(sent)
            raw.shutdown(socket.SHUT_WR)
            with contextlib.suppress(ConnectionError):
                while raw.recv(4096):
                    pass
    client = start_client(programs, cpython, "faults.parts", port, certificates)
    assert client.lines_until_end() == ["no error ", "no error"]
    events = stop_server(server)
    assert len(events) == 8 and {event.split()[0] for event in events} == {"session_error"}, events
