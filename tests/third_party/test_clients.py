"""curl, openssl and Python's own http.client against a server of ours, on both interpreters."""

import http.client
import json
import re
import socket
import ssl
import subprocess

import pytest

from harness.playing import start_server, stop_server
from harness.wire import open_tls, trusting


@pytest.fixture
def server(programs, interpreter, certificates, port):
    program = start_server(programs, interpreter, "harness.everyday", port, certificates,
                           settings={"max_open_sockets": 8, "max_sockets_per_address": 8})
    yield program
    events = stop_server(program)
    # What a client refused is its own affair; what it was denied is ours.
    assert not [event for event in events if event.split()[0] in ("fault", "bad_request", "connection_lost")], events


@pytest.fixture
def curl(tool, certificates, port):
    """Runs curl against the server; returns (exit status, stdout, stderr)."""

    def run(path, *options, trust="ca", scheme="https", host="localhost"):
        command = [tool("curl"), "--silent", "--show-error", "--max-time", "20", "--cacert",
                   str(certificates / f"{trust}.crt"), *options, f"{scheme}://{host}:{port}{path}"]
        done = subprocess.run(command, capture_output=True, timeout=30)
        return done.returncode, done.stdout, done.stderr.decode()

    return run


def test_curl_verifies_and_reads(server, curl):
    assert curl("/") == (0, b"small", "")
    assert curl("/", host="127.0.0.1") == (0, b"small", "")


@pytest.mark.parametrize("version", ["1.2", "1.3"])
def test_curl_speaks_each_version_of_tls(version, server, curl):
    status, answer, _ = curl("/tls", "--tlsv" + version, "--tls-max", version)
    assert status == 0
    assert json.loads(answer)["version"] == "TLSv" + version


def test_curl_refuses_what_it_cannot_trust(server, curl):
    status, _, complaint = curl("/", trust="stranger-ca")
    assert status == 60, complaint


def test_curl_reuses_its_connection(server, curl, port):
    status, answer, talk = curl("/", "--verbose", f"https://localhost:{port}/stream/3", f"https://localhost:{port}/tls")
    assert status == 0
    assert answer.startswith(b"y" * 3000 + b'{"') and answer.endswith(b"small")
    assert talk.count("Re-using existing connection") == 2, talk


def test_curl_sees_head_404_405_and_500(server, curl):
    assert curl("/", "--head")[1].startswith(b"HTTP/1.1 200 OK")
    code = ("--output", "/dev/null", "--write-out", "%{http_code}")
    assert curl("/nowhere", *code)[1] == b"404"
    assert curl("/", "--request", "DELETE", *code)[1] == b"405"


def test_curl_posts_announced_chunked_and_with_expect(server, curl, tmp_path):
    data = tmp_path / "data"
    data.write_bytes(b"0123456789" * 500)
    upload = ("--data-binary", f"@{data}")
    assert curl("/echo", *upload)[1] == data.read_bytes()
    assert curl("/echo", *upload, "--header", "Transfer-Encoding: chunked")[1] == data.read_bytes()
    status, answer, talk = curl("/count", *upload, "--header", "Expect: 100-continue", "--verbose")
    assert (status, json.loads(answer)) == (0, {"bytes": 5000})
    assert "HTTP/1.1 100 Continue" in talk


def test_curl_speaks_http_1_0(server, curl):
    assert curl("/stream/2", "--http1.0")[1] == b"y" * 2000


def test_curl_downloads_what_is_larger_than_any_buffer(server, curl):
    status, answer, _ = curl("/stream/3000")
    assert (status, len(answer)) == (0, 3_000_000)


def test_curl_ends_its_connection_without_complaint_when_the_answer_has_no_length(server, curl):
    """A server that forgets close_notify makes OpenSSL 3 clients complain when the close ends the body."""
    status, answer, complaint = curl("/stream/2", "--http1.0")
    assert (status, complaint) == (0, "") or (status == 56 and "unexpected eof" in complaint)


def s_client(tool, certificates, port, *options):
    """Ask once with openssl; returns (exit status, all it said)."""
    request = b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
    command = [tool("openssl"), "s_client", "-connect", f"127.0.0.1:{port}", "-servername", "localhost",
               "-CAfile", str(certificates / "ca.crt"), "-verify_return_error", "-verify_hostname", "localhost",
               "-ign_eof", *options]
    done = subprocess.run(command, input=request, capture_output=True, timeout=30)
    return done.returncode, (done.stdout + done.stderr).decode("latin-1")


@pytest.mark.parametrize(("version", "name"), [("-tls1_2", "TLSv1.2"), ("-tls1_3", "TLSv1.3")])
def test_openssl_verifies_and_reads_with_each_version(version, name, server, tool, certificates, port, interpreter):
    status, said = s_client(tool, certificates, port, version)
    assert "Verify return code: 0 (ok)" in said
    assert re.search(rf"(Protocol\s*:|New), ?{re.escape(name)}", said) or name in said
    assert "HTTP/1.1 200 OK" in said and "small" in said
    if not interpreter.is_micropython:  # MicroPython cannot send close_notify
        assert status == 0 and "unexpected eof" not in said, said


def test_openssl_resumes_a_session(server, tool, certificates, port, interpreter, tmp_path):
    """Tickets are a matter of the engine: CPython's gives them, MicroPython's cannot, and both then serve."""
    ticket = tmp_path / "ticket"
    s_client(tool, certificates, port, "-sess_out", str(ticket))
    if interpreter.is_micropython:
        assert not ticket.exists() or "Reused" not in s_client(tool, certificates, port, "-sess_in", str(ticket))[1]
        return
    _, said = s_client(tool, certificates, port, "-sess_in", str(ticket))
    assert "Reused, TLSv1.3" in said
    assert "small" in said


def test_openssl_agrees_on_http_1_1_by_alpn(server, tool, certificates, port, interpreter):
    _, said = s_client(tool, certificates, port, "-alpn", "h2,http/1.1")
    assert ("No ALPN negotiated" if interpreter.is_micropython else "ALPN protocol: http/1.1") in said


def test_pythons_http_client_keeps_its_connection(server, certificates, port):
    connection = http.client.HTTPSConnection("localhost", port, timeout=10, context=trusting(certificates))
    connection.connect()
    first = connection.sock
    for method, path, body, expected in (("GET", "/", None, b"small"), ("POST", "/echo", b"x" * 4000, b"x" * 4000),
                                         ("GET", "/stream/5", None, b"y" * 5000), ("GET", "/slow", None, b"slow"),
                                         ("POST", "/echo", iter([b"one", b"two"]), b"onetwo")):
        connection.request(method, path, body)
        answer = connection.getresponse()
        assert (answer.status, answer.read()) == (200, expected)
    assert connection.sock is first
    connection.close()


def test_pythons_strictest_context_accepts_us(server, certificates, port):
    """What create_default_context() asks for since Python 3.13."""
    context = trusting(certificates)
    context.verify_flags |= ssl.VERIFY_X509_STRICT | ssl.VERIFY_X509_PARTIAL_CHAIN
    with open_tls(port, certificates, context) as tls:
        assert tls.version() == "TLSv1.3"


def test_close_notify_follows_the_last_answer(server, certificates, port, interpreter):
    """Attack S5: a client that does not suppress ragged ends must be able to tell a cut from an end."""
    context = trusting(certificates)
    context.options &= ~getattr(ssl, "OP_IGNORE_UNEXPECTED_EOF", 0)  # which Python 3.11.2 sets
    raw = socket.create_connection(("127.0.0.1", port), 10)
    with context.wrap_socket(raw, server_hostname="localhost", suppress_ragged_eofs=False) as tls:
        tls.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        received = b""
        if interpreter.is_micropython:  # its `tls` has no way to send one (modtls_mbedtls.c)
            with pytest.raises(ssl.SSLError, match="(?i)eof"):
                while True:
                    received += tls.recv(4096)
        else:
            while data := tls.recv(4096):
                received += data
        assert received.endswith(b"small")


@pytest.mark.parametrize("path", ["/", "/nowhere", "/tls"])
def test_a_small_answer_leaves_in_one_record(path, server, certificates, port):
    """Attack S5: head and body together; two records are two packets, and a delay where Nagle is on."""
    from harness.wire import DATA, Proxy, records_of

    with Proxy(port) as proxy, open_tls(proxy.port, certificates) as tls:
        request = f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode()
        for _ in range(2):  # tickets come with the first
            tls.sendall(request)
            tls.recv(4096)
        before = len(b"".join(proxy.from_server))
        tls.sendall(request)
        answer = tls.recv(4096)
        head, _, body = answer.partition(b"\r\n\r\n")
        assert int(re.search(rb"(?i)content-length: (\d+)", head)[1]) == len(body)
        records = records_of(b"".join(proxy.from_server)[before:])
        assert [kind for kind, _ in records] == [DATA]
