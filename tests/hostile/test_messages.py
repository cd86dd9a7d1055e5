"""Messages over a limit, dripped, cut short or never read: attacks T2, P15, P16, P20, P28, P29, and "Bad input"."""

import re
import socket
import ssl
import threading
import time

import pytest

from harness.wire import open_raw, read_until_end, reset

GET = b"GET %s HTTP/1.1\r\nHost: localhost\r\n%s\r\n"
POST = b"POST %s HTTP/1.1\r\nHost: localhost\r\n%s\r\n"
SMALL = {"max_uri_length": 100, "max_header_length": 500, "max_headers": 10, "max_body_length": 3000,
         "max_content_length": 2000}
TRANSPORTS = ("secure", "insecure")


class Line:
    """A connection to the victim, plain or TLS alike."""

    def __init__(self, victim):
        self.socket = open_raw(victim.port) if victim.is_plain else victim.open_tls()

    def __enter__(self):
        return self

    def __exit__(self, *error):
        self.socket.close()

    def send(self, data):
        self.socket.sendall(data)

    def drip(self, data, pause, patience=20):
        """One byte at a time until the peer has had enough; returns the seconds it took."""
        started = time.monotonic()
        for byte in data:
            try:
                self.socket.sendall(bytes((byte,)))
            except OSError:
                break
            self.socket.settimeout(pause)
            try:
                if not self.socket.recv(65536):
                    break
            except TimeoutError:
                pass
            except OSError:
                break
            if time.monotonic() - started > patience:
                break
        return time.monotonic() - started

    def answers(self, patience=10):
        """All bytes until the peer closes."""
        return read_until_end(self.socket, patience)[0]


@pytest.fixture(params=TRANSPORTS)
def limited(request, make_victim):
    """A server with small limits, over TLS and over plain TCP."""
    return make_victim(settings={**SMALL, "transport": request.param})


def status_of(answer):
    return int(answer.split(b" ")[1]) if answer.startswith(b"HTTP/1.1 ") else answer


OVER = {
    "a target one too long": (GET % (b"/" + b"x" * 100, b""), 414),
    "a header section too long": (GET % (b"/", b"X-A: " + b"x" * 600 + b"\r\n"), 431),
    "a field too many": (GET % (b"/", b"X: 1\r\n" * 10), 431),
    "an announced body too large": (POST % (b"/echo", b"Content-Length: 3001\r\n"), 413),
    "an announced body of 30 digits": (POST % (b"/echo", b"Content-Length: " + b"9" * 30 + b"\r\n"), 413),
    "a streamed body too large": (POST % (b"/count", b"Transfer-Encoding: chunked\r\n")
                                  + b"400\r\n" + b"x" * 1024 + b"\r\n" + b"7d0\r\n" + b"x" * 2000 + b"\r\n", 413),
    "a body too large for memory": (POST % (b"/echo", b"Content-Length: 2500\r\n") + b"x" * 2500, 413),
    "a chunked body too large for memory": (POST % (b"/echo", b"Transfer-Encoding: chunked\r\n")
                                            + b"9c4\r\n" + b"x" * 2500 + b"\r\n0\r\n\r\n", 413),
    "a bad chunk": (POST % (b"/echo", b"Transfer-Encoding: chunked\r\n") + b"zz\r\n", 400),
    "both lengths": (POST % (b"/echo", b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n") + b"0\r\n\r\n", 400),
    "no host": (b"GET / HTTP/1.1\r\n\r\n", 400),
    "a bad percent-coding": (GET % (b"/%zz", b""), 400),
    "garbage": (b"\x00\x01\x02 garbage\r\n\r\n", 400),
}


@pytest.mark.parametrize("kind", OVER)
def test_a_message_over_a_limit_or_against_a_rule_gets_its_status_and_the_close(kind, limited, good_client):
    """Nothing behind the bad message is taken for a request."""
    data, expected = OVER[kind]
    with good_client(limited), Line(limited) as line:
        line.send(data + GET % (b"/", b""))
        answer = line.answers()
        assert status_of(answer) == expected, answer
        assert len(re.findall(rb"(?m)^HTTP/1\.1 \d", answer)) == 1
        assert b"connection: close" in answer.lower()


@pytest.mark.parametrize("kind", ["target", "fields"])
def test_an_endless_head_is_refused_before_it_ends(kind, limited):
    """Nobody waits for the blank line of a head that is over its limit already."""
    with Line(limited) as line:
        if kind == "target":
            line.send(b"GET /" + b"x" * 200)
        else:
            line.send(GET[:-6] % b"/" + b"X: y\r\n" * 200)
        assert status_of(line.answers()) in (414, 431)


def test_a_limit_is_reached_and_not_exceeded(limited):
    with Line(limited) as line:
        line.send(GET % (b"/?" + b"x" * 98, b"") + POST % (b"/echo", b"Content-Length: 2000\r\n") + b"x" * 2000
                  + POST % (b"/count", b"Content-Length: 3000\r\nConnection: close\r\n") + b"x" * 3000)
        answers = line.answers()
        assert answers.count(b"HTTP/1.1 200 OK") == 3
        assert answers.endswith(b'{"bytes": 3000}')


def test_a_dripped_head_ends_with_408_at_the_deadline_of_the_whole(limited, good_client):
    with good_client(limited), Line(limited) as line:
        took = line.drip(GET % (b"/", b"X-A: " + b"x" * 400), pause=0.05)
        assert 0.3 < took < 10


def test_a_dripped_body_is_ended_by_the_minimum_rate(make_victim, good_client):
    """One byte each time the timer would fire keeps nginx, uvicorn, node and aiohttp busy for more than 130 s."""
    victim = make_victim(settings={"min_rate": 1000})
    with good_client(victim), Line(victim) as line:
        line.send(POST % (b"/echo", b"Content-Length: 1000\r\n"))
        took = line.drip(b"x" * 1000, pause=0.1)
        assert 0.3 < took < 10


@pytest.mark.parametrize("head", [b"Content-Length: 1000\r\n", b"Transfer-Encoding: chunked\r\n"])
def test_a_dripped_body_that_nobody_wants_is_ended_by_the_timeout_of_the_whole(head, make_victim, good_client):
    """It is answered at once and drained, so that the connection may live on; however slow the minimum rate may be."""
    victim = make_victim(settings={"min_rate": 1})
    with good_client(victim), Line(victim) as line:
        line.send(POST % (b"/nowhere", head))
        took = line.drip(b"1\r\nx\r\n" * 200, pause=0.1)
        assert 0.3 < took < 10


def test_a_dripped_chunked_body_is_ended_by_the_minimum_rate(make_victim, good_client):
    """Chunk framing is no progress: only what is inside the chunks counts, or the drip costs the attacker nothing."""
    victim = make_victim(settings={"min_rate": 1000})
    with good_client(victim), Line(victim) as line:
        line.send(POST % (b"/count", b"Transfer-Encoding: chunked\r\n"))
        took = line.drip(b"1\r\nx\r\n" * 200, pause=0.1)
        assert 0.3 < took < 10


def test_a_body_that_stops_is_let_go(limited, good_client):
    with good_client(limited), Line(limited) as line:
        line.send(POST % (b"/echo", b"Content-Length: 100\r\n") + b"x" * 50)
        started = time.monotonic()
        answer = line.answers()
        assert status_of(answer) == 408 or answer == b""
        assert time.monotonic() - started < 10


def test_an_idle_connection_is_closed_without_a_word(limited):
    """An unasked 408 would be taken for the answer to a request that is just on its way."""
    with Line(limited) as line:
        assert line.answers() == b""


def test_an_idle_connection_is_closed_after_a_request_too(limited):
    with Line(limited) as line:
        line.send(GET % (b"/", b""))
        started = time.monotonic()
        assert line.answers().endswith(b"small")
        assert 0.4 < time.monotonic() - started < 10


def test_one_byte_a_moment_on_a_kept_connection_ends_too(limited, good_client):
    """The first byte of a head starts its deadline; blank lines before it are no way around."""
    with good_client(limited), Line(limited) as line:
        line.send(GET % (b"/", b""))
        assert line.drip(b"\r\n" * 100, pause=0.1) < 4


@pytest.mark.parametrize("transport", TRANSPORTS)
def test_a_client_that_vanishes_in_the_middle_of_a_request_takes_only_itself_along(transport, make_victim, good_client):
    victim = make_victim(settings={"transport": transport})
    parts = (GET % (b"/slow", b""), (GET % (b"/", b""))[:20], POST % (b"/echo", b"Content-Length: 100\r\n") + b"x" * 50,
             POST % (b"/count", b"Transfer-Encoding: chunked\r\n") + b"5\r\nab")
    with good_client(victim):
        for part in parts * 3:
            for is_rude in (False, True):
                line = Line(victim)
                line.send(part)
                if is_rude:
                    reset(line.socket)
                else:
                    line.socket.close()


@pytest.mark.parametrize("transport", TRANSPORTS)
@pytest.mark.parametrize("path", [b"/large/1000000", b"/stream/2000", b"/slow"])
def test_a_client_that_vanishes_in_the_middle_of_an_answer_takes_only_itself_along(path, transport, make_victim,
                                                                                   good_client):
    victim = make_victim(settings={"transport": transport})
    with good_client(victim):
        for is_rude in (False, True) * 3:
            line = Line(victim)
            line.send(GET % (path, b""))
            if path != b"/slow":
                line.socket.recv(1000)
            if is_rude:
                reset(line.socket)
            else:
                line.socket.close()


def test_a_request_cut_by_the_end_of_the_stream_never_reaches_its_handler(make_victim):
    """Attack P29: half a body must not be taken for a whole one, and no answer may say that it was."""
    victim = make_victim(settings={"transport": "insecure"})
    for part in (POST % (b"/echo", b"Content-Length: 10\r\n") + b"half", (GET % (b"/", b""))[:-2],
                 POST % (b"/count", b"Transfer-Encoding: chunked\r\n") + b"4\r\nhalf\r\n"):
        with Line(victim) as line:
            line.send(part)
            line.socket.shutdown(socket.SHUT_WR)
            answer = line.answers()
            assert answer == b"" or status_of(answer) == 400, answer


def test_a_whole_request_before_a_half_close_is_answered(make_victim):
    victim = make_victim(settings={"transport": "insecure"})
    for path, ending in ((b"/", b"small"), (b"/slow", b"slow")):
        with Line(victim) as line:
            line.send(GET % (path, b""))
            line.socket.shutdown(socket.SHUT_WR)
            assert line.answers().endswith(ending)


def test_a_client_that_does_not_read_is_let_go(make_victim, good_client):
    """Attack T2, slow read: a receive window that stays shut must not hold the answer for ever."""
    victim = make_victim(settings={"transport": "insecure"})
    with good_client(victim):
        raw = socket.socket()
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        raw.connect(("127.0.0.1", victim.port))
        raw.sendall(GET % (b"/stream/10000", b""))
        assert victim.event_that("connection_lost") == "connection_lost deadline"
        raw.close()


def test_a_client_that_reads_by_the_drop_is_let_go(make_victim, good_client):
    """Attack T2: taking a little each time the timer would fire."""
    victim = make_victim(settings={"transport": "insecure", "min_rate": 100000})
    with good_client(victim):
        raw = socket.socket()
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 2048)
        raw.connect(("127.0.0.1", victim.port))
        raw.sendall(GET % (b"/stream/20000", b""))
        must_stop = threading.Event()

        def drip():
            try:
                while not must_stop.is_set() and raw.recv(1500):
                    time.sleep(0.1)
            except OSError:
                pass

        thread = threading.Thread(target=drip, daemon=True)
        thread.start()
        try:
            assert victim.event_that("connection_lost") == "connection_lost deadline"
        finally:
            must_stop.set()
            thread.join(5)
            raw.close()


def test_a_thousand_pipelined_requests_are_answered_in_order(limited):
    with Line(limited) as line:
        sender = threading.Thread(target=line.send, args=(
            b"".join(GET % (b"/?%d" % number, b"") for number in range(999)) + GET % (b"/", b"Connection: close\r\n"),))
        sender.start()
        answers = line.answers()
        sender.join()
        assert answers.count(b"HTTP/1.1 200 OK\r\n") == 1000
        assert answers.endswith(b"small")


def test_nothing_behind_connection_close_is_answered(limited):
    with Line(limited) as line:
        line.send(GET % (b"/", b"Connection: close\r\n") + GET % (b"/", b"") * 3)
        assert line.answers().count(b"HTTP/1.1 ") == 1


@pytest.mark.parametrize("method", [b"GET", b"HEAD", b"DELETE"])
def test_a_body_where_none_is_expected_is_never_the_next_request(method, limited):
    """Attack P28."""
    inner = GET % (b"/fails", b"")
    with Line(limited) as line:
        line.send(method + b" / HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n" % len(inner) + inner
                  + GET % (b"/", b"Connection: close\r\n"))
        answers = line.answers()
        assert b" 500 " not in answers
        assert not [event for event in limited.events() if event.startswith("fault")]


def test_half_a_million_chunks_of_one_byte_are_an_error_and_not_hours(victim, good_client):
    """Attack P15: framing may not cost many times what it carries."""
    piece = b"1\r\nx\r\n" * 2000
    started = time.monotonic()
    with good_client(victim), Line(victim) as line:
        line.send(POST % (b"/count", b"Transfer-Encoding: chunked\r\n"))
        try:
            for _ in range(250):
                line.send(piece)
        except OSError:
            pass
        try:
            answer = line.answers()
        except ssl.SSLError:
            answer = b""
        assert answer == b"" or status_of(answer) == 400, answer
        assert time.monotonic() - started < 10


def test_a_handler_that_fails_leaves_the_others_alone(victim, good_client):
    with good_client(victim):
        for _ in range(20):
            assert victim.ask("/fails")[0] == 500
        assert [event.split("(")[0] for event in victim.events()] == ["fault ValueError"] * 20
