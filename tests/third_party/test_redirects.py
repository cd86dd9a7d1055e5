"""Plain HTTP is told where HTTPS is: by the listener of `redirect_port`, and on CPython by the secure port itself."""

import re
import socket
import subprocess
import time

import pytest

from harness.interpreters import find_or_fail
from harness.playing import start_server, stop_server
from harness.programs import free_port
from harness.wire import open_raw, open_tls, read_until_end

CHROME = (b"GET /page?a=b HTTP/1.1\r\nHost: localhost:%d\r\nConnection: keep-alive\r\nUpgrade-Insecure-Requests: 1\r\n"
          b"User-Agent: Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0\r\n"
          b"Accept: text/html,application/xhtml+xml\r\nAccept-Encoding: gzip, deflate\r\n"
          b"Accept-Language: de-DE,de;q=0.9\r\n\r\n")


@pytest.fixture
def plain_port():
    return free_port()


@pytest.fixture
def server(programs, certificates, port, plain_port):
    """Starts the everyday server with a redirect listener."""

    def start(name="cpython", **settings):
        settings = {"redirect_port": plain_port, "header_timeout": 1, "handshake_timeout": 1, **settings}
        return start_server(programs, find_or_fail(name), "harness.everyday", port, certificates, settings=settings)

    return start


@pytest.fixture
def curl(tool, certificates):
    """Runs curl and gives what it said."""

    def run(*arguments):
        command = [tool("curl"), "-sS", "--max-time", "20", "--cacert", certificates / "ca.crt", *arguments]
        done = subprocess.run(list(map(str, command)), capture_output=True, text=True, timeout=30)
        assert done.returncode == 0, done.stderr
        return done.stdout

    return run


@pytest.mark.parametrize("name", ["cpython", "micropython"])
def test_curl_follows_from_the_plain_port_to_the_secure_one(name, server, curl, plain_port, port):
    program = server(name)
    plain = f"http://localhost:{plain_port}"
    seen = ("-L", "-w", "|%{http_code}|%{num_redirects}|%{url_effective}")
    assert curl(*seen, plain + "/") == f"small|200|1|https://localhost:{port}/"
    assert curl(*seen, plain + "/large/5?x=1") == f"xxxxx|200|1|https://localhost:{port}/large/5?x=1"
    assert curl(*seen, "--data", "form", plain + "/echo").startswith("form|200|1|"), "a POST stays one, with its body"
    assert curl("-I", plain + "/").splitlines()[0] == "HTTP/1.1 301 Moved Permanently"
    assert "308" in curl("-i", "-X", "DELETE", plain + "/").splitlines()[0]
    stop_server(program)


@pytest.mark.parametrize("name", ["cpython", "micropython"])
def test_who_fills_the_plain_port_takes_no_place_of_the_secure_one(name, server, curl, plain_port, port):
    server(name, max_open_sockets=4, max_sockets_per_address=4)
    silent = [open_raw(plain_port) for _ in range(40)]
    for raw in silent:
        raw.sendall(b"GET / HT")
    assert curl(f"https://localhost:{port}/") == "small"
    for raw in silent:
        raw.close()
    assert curl("-o", "/dev/null", "-w", "%{http_code}", f"http://localhost:{plain_port}/") == "301"


@pytest.mark.parametrize("name", ["cpython", "micropython"])
def test_both_ports_are_closed_by_stop_and_one_that_is_taken_stops_the_start(name, server, programs, certificates, port,
                                                                             plain_port):
    program = server(name)
    open_raw(plain_port).close()
    stop_server(program)
    for number in (port, plain_port):
        with pytest.raises(ConnectionRefusedError):
            open_raw(number)
    with socket.create_server(("127.0.0.1", plain_port)):
        program = start_server(programs, find_or_fail(name), "harness.late", port, certificates,
                               settings={"redirect_port": plain_port})
        with pytest.raises(ConnectionRefusedError):
            open_raw(port)
    assert stop_server(program) == ["port_in_use", "listens"]


def test_curl_follows_from_plain_http_on_the_secure_port(server, curl, port, tmp_path):
    server()
    (tmp_path / "large").write_bytes(b"x" * 200_000)
    plain = f"http://localhost:{port}"
    seen = ("-L", "-w", "|%{http_code}|%{num_redirects}|%{url_effective}")
    assert curl(*seen, plain + "/") == f"small|200|1|https://localhost:{port}/"
    assert curl(*seen, plain + "/large/5?x=1").startswith("xxxxx|200|1|")
    assert curl(*seen, "--data", "form", plain + "/echo").startswith("form|200|1|")
    assert curl(*seen, "--data-binary", f"@{tmp_path}/large", plain + "/count").startswith('{"bytes": 200000}|200|1|')
    assert re.match(r"HTTP/1.1 308 Permanent Redirect\r?\n(.*\n)*location: https://localhost:\d+/x\r?\n",
                    curl("-I", plain + "/x"), re.IGNORECASE)


@pytest.mark.parametrize("pause", [0, 0.002])
def test_a_browser_that_speaks_plain_http_to_the_secure_port_is_answered_even_byte_by_byte(pause, server, port):
    server(header_timeout=10)
    with open_raw(port) as raw:
        raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for byte in CHROME % port:
            raw.sendall(bytes((byte,)))
            time.sleep(pause)
        answer, how = read_until_end(raw)
    head = answer.decode().split("\r\n")
    assert head[0] == "HTTP/1.1 308 Permanent Redirect"
    assert f"Location: https://localhost:{port}/page?a=b" in head
    assert "Connection: close" in head
    assert how == "end"


@pytest.mark.parametrize(("request_line", "target"), [
    (b"GET /a", "/a"), (b"POST /a", "/a"), (b"PUT /a", "/a"), (b"HEAD /a", "/a"), (b"GET /", "/"), (b"POST /", "/"),
    (b"POST //a", "//a"), (b"GET /a//b", "/a//b"),
])
def test_the_path_is_whole_although_the_library_has_swallowed_five_bytes(request_line, target, server, port):
    server()
    with open_raw(port) as raw:
        raw.sendall(request_line + b" HTTP/1.1\r\nHost: localhost\r\n\r\n")
        answer, _ = read_until_end(raw)
    assert f"Location: https://localhost:{port}{target}\r\n".encode() in answer
    assert answer.count(b"HTTP/1.1") == 1


@pytest.mark.parametrize(("said", "answer"), [
    (b"GET / HTTP/1.1\r\nHost: a/b\r\n\r\n", b"HTTP/1.1 400"),
    (b"GET / HTTP/1.1\r\n\r\n", b"HTTP/1.1 400"),
    (b"GET / HTTP/1.1\r\nHost: a\r\nX: \x00\r\n\r\n", b"HTTP/1.1 400"),
    (b"GET \x00\xff\r\n\r\n", b"HTTP/1.1 400"),
    (b"GET /" + b"x" * 20_000, b"HTTP/1.1 414"),
    (b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"x" * 20_000, b"HTTP/1.1 431"),
    (b"GET / HTTP/1.1\r\nHost: a\r\n", b"HTTP/1.1 408"),
    (b"GET /", b"HTTP/1.1 408"),
    (b"DELETE / HTTP/1.1\r\nHost: a\r\n\r\n", b""),
    (b"garbage\r\n\r\n", b""),
])
def test_what_is_no_good_request_is_refused_in_time(said, answer, server, port, certificates):
    server()
    with open_raw(port) as raw:
        raw.sendall(said)
        got, _ = read_until_end(raw)
    assert got.startswith(answer) and (answer or b"HTTP" not in got)
    assert b"Location" not in got
    with open_tls(port, certificates) as tls:
        tls.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert tls.recv(100).startswith(b"HTTP/1.1 200")


def test_nothing_of_the_application_is_served_in_plain(server, port):
    program = server()
    with open_raw(port) as raw:
        raw.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\nGET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
        answer, _ = read_until_end(raw)
    assert b"small" not in answer and answer.count(b"HTTP/1.1") == 1
    assert stop_server(program) == ["session_error peer_is_not_tls"]


def test_micropython_closes_such_a_connection(server, port):
    """Mbed TLS tells that it is no TLS, and does not tell what it has read."""
    program = server("micropython")
    with open_raw(port) as raw:
        raw.sendall(CHROME % port)
        answer, _ = read_until_end(raw)
    assert b"HTTP" not in answer
    assert stop_server(program) == ["session_error peer_is_not_tls"]
