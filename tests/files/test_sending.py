"""How bodies go out: whole or visibly cut, sources closed whatever happens, nobody kept waiting, no memory taken."""

import asyncio
import http.client
import os
import socket
import ssl
import threading
import time
from types import SimpleNamespace

import pytest

from files.conftest import LARGE, LETTERS, Site
from harness.playing import start_server, stop_server
from harness.programs import open_files, resident_kilobytes, until
from harness.wire import open_tls, reset, trusting
from microhttps import Response
from microhttps.messages.answer import LARGE as LARGE_FROM
from microhttps.messages.answer import encode_answer
from microhttps.messages.pieces import begin as begin_body

HUGE = 24 * 1024 * 1024  # more than any buffer on the way takes


@pytest.fixture
def huge(folder):
    """A file whose end no client sees that does not read."""
    with (folder / "huge.bin").open("wb") as file:
        file.truncate(HUGE)
    return folder / "huge.bin"


def begin(site, target, version="1.1", method="GET"):
    """A connection on which this was asked and the beginning of the answer read; a cut shows."""
    context = trusting(site.certificates)
    raw = socket.create_connection(("127.0.0.1", site.port), 10)
    tls = context.wrap_socket(raw, server_hostname="localhost", suppress_ragged_eofs=False)
    tls.sendall(f"{method} {target} HTTP/{version}\r\nHost: localhost\r\n\r\n".encode())
    return tls, tls.recv(1000)


def body_of(tls, received):
    """As much of a body as HUGE is long, of which the beginning was received with the head."""
    body = bytearray(received.partition(b"\r\n\r\n")[2])
    while len(body) < HUGE:
        body += tls.recv(65536)
    return body


def read_on(tls, received):
    """(all that came, whether the end was announced)."""
    received = bytearray(received)
    try:
        while data := tls.recv(65536):
            received += data
    except (ssl.SSLError, ConnectionResetError):
        return received, False
    return received, True


def files_at_rest(site):
    site.program.tell("sessions")
    return site.program.line_that("sessions") == "sessions 0" and open_files(site.program.pid)


def test_no_file_stays_open_however_its_answer_ends(site, folder, huge):
    site.close()
    before = until(lambda: files_at_rest(site))
    site.ask("/www/small.txt")
    for target, method, fields in (("/www/large.bin", "GET", {}), ("/www/huge.bin", "HEAD", {}),
                                   ("/www/huge.bin", "GET", {"If_None_Match": "*"}),
                                   ("/www/huge.bin", "GET", {"If_Match": '"x"'}),
                                   ("/www/huge.bin", "GET", {"Range": "bytes=99999999-"}),
                                   ("/www/huge.bin", "GET", {"Range": "bytes=0-70000,80000-90000"}),
                                   ("/www/missing", "GET", {}), ("/www/sub", "GET", {}), ("/teapot", "GET", {})):
        for _ in range(3):
            site.ask(target, method, **fields)
    site.close()
    for end in (socket.socket.close, reset, ssl.SSLSocket.close):
        for _ in range(5):
            tls, _ = begin(site, "/www/huge.bin")
            end(tls)
    assert until(lambda: files_at_rest(site)) <= before


def test_no_file_stays_open_behind_a_client_that_does_not_read(programs, interpreter, certificates, port, folder, huge):
    program = start_server(programs, interpreter, "files.parts", port, certificates, folder=str(folder),
                           settings={"send_timeout": 0.5, "min_rate": 0, "stop_timeout": 0.3})
    site = Site(program, port, certificates)
    before = until(lambda: files_at_rest(site))
    tls, _ = begin(site, "/www/huge.bin")
    assert open_files(program.pid) > before
    program.line_that("connection_lost deadline")
    assert until(lambda: files_at_rest(site)) <= before
    tls.close()


def test_a_server_that_stops_cuts_what_it_was_sending_and_closes_the_file(programs, interpreter, certificates, port,
                                                                       folder, huge):
    """An unclosed file would be complained of on the server's stderr (ResourceWarning), and fail this test."""
    program = start_server(programs, interpreter, "files.parts", port, certificates, folder=str(folder),
                           settings={"stop_timeout": 0.3})
    site = Site(program, port, certificates)
    tls, received = begin(site, "/www/huge.bin")
    generator, _ = begin(site, "/source/generator")
    assert "closed" in stop_server(program)
    received, _ = read_on(tls, received)
    assert len(received) < HUGE
    tls.close()
    generator.close()


def test_a_file_that_becomes_shorter_while_it_is_sent_never_looks_whole(site, huge):
    tls, received = begin(site, "/www/huge.bin")
    os.truncate(huge, HUGE // 2)
    received, _ = read_on(tls, received)
    assert b"Content-Length: %d\r\n" % HUGE in received
    assert len(received) < HUGE
    assert site.program.line_that("connection_lost") == "connection_lost file_changed"
    assert site.ask("/").body == b"small"


def test_a_file_that_is_replaced_or_removed_while_it_is_sent_comes_as_it_was(site, huge, folder):
    for change in (lambda: (folder / "small.txt").rename(huge), huge.unlink):
        with huge.open("wb") as file:
            file.truncate(HUGE)
        tls, received = begin(site, "/www/huge.bin")
        change()
        assert body_of(tls, received) == bytes(HUGE)
        tls.close()


def test_a_file_that_grows_while_it_is_sent_ends_where_it_was_announced(site, huge):
    tls, received = begin(site, "/www/huge.bin")
    with huge.open("ab") as file:
        file.write(b"more")
    body = body_of(tls, received)
    tls.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
    assert (body, tls.recv(1000)[:15]) == (bytes(HUGE), b"HTTP/1.1 200 OK")
    tls.close()


def test_others_are_served_while_a_fast_client_takes_large_files(site, huge):
    ended = threading.Event()

    def take():
        for _ in range(6):
            tls, received = begin(site, "/www/huge.bin")
            left = HUGE - len(received)
            while left > 0:
                left -= len(tls.recv(65536))
            tls.close()
        ended.set()

    thread = threading.Thread(target=take)
    thread.start()
    slowest, count = 0.0, 0
    while not ended.is_set():
        started = time.monotonic()
        assert site.ask("/").body == b"small"
        slowest, count = max(slowest, time.monotonic() - started), count + 1
    thread.join()
    assert count > 3 and slowest < 1.0, (count, slowest)


def test_others_have_their_turn_though_the_socket_takes_all_that_comes():
    """Without turns this body, which has no end, would be the last thing that the loop ever did."""
    endless = iter(lambda: b"x" * 1000, None)
    sent = []

    async def take(connection, data):
        sent.append(len(data))

    async def play():
        connection = SimpleNamespace(transport=SimpleNamespace(close=lambda: None), is_last=False)
        request = SimpleNamespace(head=SimpleNamespace(method="GET", minor=1))
        outgoing = await begin_body(connection, request, b"HTTP/1.1 200 OK\r\n\r\n", endless)
        task = asyncio.create_task(outgoing.send(connection, b"HTTP/1.1 200 OK\r\n\r\n", take))
        for _ in range(3):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    asyncio.run(play())
    assert len(sent) > 3


def test_a_file_is_sent_in_constant_memory(site, huge):
    def taken():
        return resident_kilobytes(site.program.pid)

    site.ask("/www/large.bin")
    heap, before = int(site.ask("/memory").body), taken()
    tls, received = begin(site, "/www/huge.bin")
    count = len(received)
    while count < HUGE - 3_000_000:
        count += len(tls.recv(65536))
    during, heap_during = taken(), int(site.ask("/memory").body)
    tls.close()
    assert during - before < 5000, (before, during)
    assert heap_during - heap < 12_000


@pytest.mark.micropython
def test_a_file_larger_than_the_heap_is_sent(programs, micropython32, certificates, port, folder):
    """The heap is what it takes to load all this from its sources."""
    from harness.interpreters import find_or_fail

    program = start_server(programs, find_or_fail("micropython32"), "files.parts", port, certificates, heap="256k",
                           folder=str(folder))
    site = Site(program, port, certificates)
    (folder / "twice.bin").write_bytes(LARGE * 2)
    assert site.ask("/www/twice.bin").body == LARGE * 2
    assert site.ask("/www/twice.bin", Range="bytes=300000-").body == LARGE
    site.close()
    stop_server(program)


@pytest.mark.parametrize("kind", ["sync", "async", "generator", "iterable", "announced"])
def test_a_source_is_closed_when_its_client_goes(kind, site):
    for version, method in (("1.1", "GET"), ("1.0", "GET"), ("1.1", "HEAD")):
        tls, received = begin(site, "/source/" + kind, version, method)
        assert received.startswith(b"HTTP/1.1 200 OK\r\n")
        tls.close()
        if method == "GET" or kind == "sync":  # what was not begun has nothing to close
            assert site.program.line_that("closed")


# kind: (what comes, or None when it is cut; what the server says of it, or None)
SOURCES = {
    "some": (b"0123456789abcdefghij", None),
    "exact": (b"0123456789abcdefghij", None),
    "large": (b"x" * 300_000 + b"y" + b"z" * 20_000, None),
    "length%20of%20bytes": (b"four", None),
    "few": (None, "bad_length"),
    "many": (None, "bad_length"),
    "one%20more": (None, "bad_length"),
    "fails": (None, "ValueError"),
    "fails%20announced": (None, "ValueError"),
    "numbers": (None, "bad_piece"),
}


def test_a_body_comes_whole_or_is_cut_and_the_fault_is_told(site):
    for kind, (expected, complaint) in SOURCES.items():
        try:
            body = site.ask("/source/" + kind).body
        except (http.client.IncompleteRead, http.client.RemoteDisconnected, ssl.SSLError):
            body = None
            site.close()
        assert body == expected, kind
        if complaint:
            assert complaint in site.program.line_that("fault"), kind
    answer = site.ask("/source/no%20content")
    assert (answer.status, answer.body, answer.headers.get("content-length")) == (204, b"", None)


def test_a_source_that_fails_before_its_first_piece_is_a_handler_that_fails(site):
    for kind, status in (("fails%20at%20once", 500), ("is%20missing%20at%20once", 404)):
        for method in ("GET", "GET"):
            assert site.ask("/source/" + kind, method).status == status
    assert site.ask("/source/fails%20at%20once", "HEAD").status == 200
    assert site.ask("/").body == b"small"


@pytest.mark.parametrize("kind", ["wrong%20length%20of%20bytes", "length%20of%20no%20number", "no%20pieces"])
def test_a_body_that_cannot_be_is_an_error_of_the_handler(kind, site):
    assert site.ask("/source/" + kind).status == 500
    assert site.program.line_that("fault") in ("fault bad_length", "fault bad_answer")
    assert site.ask("/").body == b"small"


def test_a_cut_is_told_from_an_end_where_the_end_is_all_there_is(site):
    """HTTP/1.0 has no chunks: only TLS's own notice tells an end from a cut."""
    for kind, is_end in (("some", True), ("fails", False), ("numbers", False)):
        tls, received = begin(site, "/source/" + kind, "1.0")
        received, was_announced = read_on(tls, received)
        assert received.endswith(b"0123456789abcdefghij")
        assert was_announced == is_end or is_end  # MicroPython cannot announce an end (modtls_mbedtls.c)
        tls.close()


def test_a_handler_may_be_a_generator_itself(site):
    """On MicroPython that is what a coroutine is, too."""
    for path in ("/bare", "/bare", "/bare/guarded"):
        answer = site.ask(path)
        assert (answer.status, answer.body) == (200, b"one two three")


def test_pieces_of_any_size_leave_as_chunks_that_others_can_read(site):
    with open_tls(site.port, site.certificates) as tls:
        tls.sendall(b"GET /source/some HTTP/1.1\r\nHost: localhost\r\n\r\n")
        received = b""
        while not received.endswith(b"0\r\n\r\n"):
            received += tls.recv(4096)
    assert received.partition(b"\r\n\r\n")[2] == b"a\r\n0123456789\r\na\r\nabcdefghij\r\n0\r\n\r\n"


def test_a_large_body_is_not_copied_behind_its_head():
    """On a board there may be no second block of that size."""

    class Head:
        method, minor, fields = "GET", 1, ()

    body = b"x" * (LARGE_FROM + 1)
    for result in (body, Response(body), (body, 201)):
        head, rest = encode_answer(result, 200, Head, False, b"")
        assert rest is body
        assert head.endswith(b"Content-Length: %d\r\n\r\n" % len(body))
    assert encode_answer(body[1:], 200, Head, False, b"")[1] is None


@pytest.mark.parametrize("sizes", [(1000, 2000), (200_000, 300_000)])
def test_a_file_that_is_replaced_again_and_again_is_never_mixed_up(sizes, site, folder):
    """Tag, length and bytes are of one file, or the connection is cut; never of two."""
    must_stop = threading.Event()

    def replace():
        number = 0
        while not must_stop.is_set():
            number += 1
            size = sizes[number % 2]
            (folder / "next").write_bytes(b"%d" % (number % 2) * size)
            (folder / "next").rename(folder / "changing.bin")

    thread = threading.Thread(target=replace)
    thread.start()
    whole = 0
    try:
        until((folder / "changing.bin").exists)
        for _ in range(60):
            try:
                answer = site.ask("/plain/changing.bin")
            except (http.client.HTTPException, OSError):
                site.close()
                continue
            if answer.status == 500:  # it was replaced three times while we looked
                continue
            whole += 1
            size = int(answer.headers["etag"].strip('W/"').split("-")[1], 16)
            assert (answer.status, len(answer.body)) == (200, size)
            assert answer.body == b"%d" % sizes.index(size) * size
    finally:
        must_stop.set()
        thread.join()
    assert whole > 5


def test_pipelined_requests_for_files_are_answered_in_order(site):
    """Each large answer goes on in a task, behind which the next request waits."""
    with open_tls(site.port, site.certificates) as tls:
        paths = ("/www/large.bin", "/www/small.txt", "/www/large.bin", "/source/some", "/")
        tls.sendall(b"".join(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode() for path in paths))
        received = b""
        while not received.endswith(b"\r\n\r\nsmall"):
            received += tls.recv(65536)
    bodies = [part.partition(b"\r\n\r\n")[2] for part in received.split(b"HTTP/1.1 200 OK\r\n")[1:]]
    assert bodies == [LARGE, LETTERS, LARGE, b"a\r\n0123456789\r\na\r\nabcdefghij\r\n0\r\n\r\n", b"small"]


def test_an_old_client_keeps_its_connection_where_the_length_is_known(site):
    with open_tls(site.port, site.certificates) as tls:
        for _ in range(2):
            tls.sendall(b"GET /www/large.bin HTTP/1.0\r\nHost: localhost\r\nConnection: keep-alive\r\n\r\n")
            received = b""
            while len(received.partition(b"\r\n\r\n")[2]) < len(LARGE):
                received += tls.recv(65536)
            head, _, body = received.partition(b"\r\n\r\n")
            assert body == LARGE and b"Connection: keep-alive" in head and b"chunked" not in head
