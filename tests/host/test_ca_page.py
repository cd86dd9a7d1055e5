"""The page for phones that `microhttps serve` offers beside the application, as curl and openssl see it."""

import os
import plistlib
import pty
import re
import select
import socket
import subprocess
import time
from contextlib import contextmanager

import pytest
import zxingcpp
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

AGENTS = {
    "ios": "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 Version/18.5 Safari/604.1",
    "android": "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/138.0 Safari/537.36",
    "windows": "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/138.0.0.0 Safari/537.36",
    "macos": "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 Version/18.5 Safari/605.1.15",
    "linux": "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/138.0.0.0 Safari/537.36",
    "firefox": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0",
}
HELLO = """
from microhttps import Server
server = Server({settings})

@server.get("/.well-known/microhttps")
def mine(request):
    return "the application's own"
"""


def ask(url, *arguments):
    """(status, content type, body) by curl."""
    done = subprocess.run(["curl", "-sS", "-w", "\n%{http_code} %{content_type}", *map(str, arguments), url],
                          capture_output=True, timeout=60)
    assert done.returncode == 0, done.stderr
    body, _, told = done.stdout.rpartition(b"\n")
    status, _, kind = told.decode().partition(" ")
    return int(status), kind, body


@pytest.fixture
def offered(serve):
    """`microhttps serve` with such a page, on a port of its own; where it is, what is told, and the process."""
    @contextmanager
    def start(*arguments):
        with serve("--ca-port", "0", *arguments) as (process, facts):
            port = re.fullmatch(r"http://.+:(\d+)/ca", facts["ca_page"]).group(1)
            yield f"http://127.0.0.1:{port}", facts, process

    return start


@pytest.mark.parametrize("arguments", [(), ("--workers", "2")])
def test_the_certificate_is_there_in_every_form(offered, arguments, tool):
    with offered(*arguments) as (url, facts, _):
        with open(facts["authority"], "rb") as file:
            authority = x509.load_pem_x509_certificate(file.read())
        der = authority.public_bytes(Encoding.DER)
        for _ in range(4):  # whichever worker answers
            assert ask(url + "/ca/microhttps.crt") == (200, "application/x-x509-ca-cert", der)
        assert ask(url + "/ca/microhttps.pem")[1:] == (
            "application/x-pem-file", authority.public_bytes(Encoding.PEM))
        status, kind, body = ask(url + "/ca/microhttps.mobileconfig")
        page = ask(url + "/ca")[2].decode()
        assert b"Location: /ca\r\n" in ask(url + "/", "-i")[2]
    assert (status, kind) == (200, "application/x-apple-aspen-config")
    profile = plistlib.loads(body)
    (root,) = profile["PayloadContent"]
    assert (profile["PayloadType"], root["PayloadType"]) == ("Configuration", "com.apple.security.root")
    assert root["PayloadContent"] == der
    assert len({profile["PayloadUUID"], root["PayloadUUID"]}) == 2
    shown = subprocess.run([tool("openssl"), "x509", "-in", facts["authority"], "-noout", "-fingerprint", "-sha256"],
                           capture_output=True, text=True).stdout.strip().partition("=")[2]
    assert shown == facts["authority_sha256"]
    assert shown in page and facts["authority_sha1"] in page


@pytest.mark.parametrize("system", AGENTS)
def test_the_visitors_own_system_comes_first(offered, system):
    with offered() as (url, _, _):
        page = ask(url + "/ca", "-A", AGENTS[system])[2].decode()
    assert re.findall(r'<details id="(\w+)"', page)[0] == system
    opened = re.findall(r'<details id="(\w+)" open>', page)
    assert opened == (["firefox", "linux"] if system == "firefox" else [system])
    assert sorted(re.findall(r'<details id="(\w+)"', page)) == sorted(AGENTS)


def test_who_says_nothing_of_itself_sees_all_closed(offered):
    with offered() as (url, _, _):
        page = ask(url + "/ca", "-A", '<script>alert(1)</script>')[2].decode()
    assert "alert" not in page and not re.findall(r"<details[^>]* open", page)


def test_only_what_everybody_may_have_is_there(offered):
    with offered() as (url, _, _):
        for path in ("/ca.key", "/ca/ca.key", "/ca/../ca.key", "/ca/%2e%2e/ca.key", "/status"):
            assert ask(url + path, "--path-as-is")[0] == 404
        assert ask(url + "/ca", "-d", "x" * 10_000)[0] in (405, 413)


def test_a_port_in_use_is_a_note_and_the_application_is_served(serve):
    with socket.create_server(("0.0.0.0", 0)) as taken:
        for workers in ((), ("--workers", "2")):
            with serve("--ca-port", str(taken.getsockname()[1]), *workers) as (_, facts):
                assert (facts["ca_page"], facts["ca_page_problem"]) == (None, "port_in_use")
                assert b"Lamp" in ask(facts["urls"][0], "--cacert", facts["authority"])[2]


@pytest.mark.parametrize("arguments", [("--no-ca-page",), ("--insecure",)])
def test_there_is_none_where_none_is_wanted(serve, arguments):
    with serve(*arguments) as (_, facts):
        assert (facts["ca_page"], facts["ca_page_problem"]) == (None, None)


def test_beside_a_port_that_redirects(offered, tmp_path, port):
    (tmp_path / "app.py").write_text(HELLO.format(settings=f"redirect_port={port}"))
    for workers in ((), ("--workers", "2")):
        with offered("app.py", *workers) as (url, facts, _):
            assert ask(url + "/ca")[0] == 200
            assert ask(f"http://127.0.0.1:{port}/")[0] == 301
            # The application answers what the page's test asks, if it has something of its own there.
            answer = ask(facts["urls"][0] + ".well-known/microhttps", "--cacert", facts["authority"])
            assert answer[2] == b"the application's own"


def test_the_probe_may_be_read_by_our_page_and_by_no_other(offered):
    with offered() as (url, facts, _):
        port = url.rpartition(":")[2]
        probe = facts["urls"][0] + ".well-known/microhttps"
        for origin, may in ((f"http://localhost:{port}", True), (f"http://127.0.0.1:{port}", True),
                            (f"http://evil.example:{port}", False), ("http://localhost:1", False), ("null", False),
                            ("http://localhost:many", False)):
            head = ask(probe, "--cacert", facts["authority"], "-i", "-H", f"Origin: {origin}")[2].lower()
            assert (b"access-control-allow-origin: " + origin.encode() in head) == may
            assert b"access-control-allow-credentials" not in head


def test_an_authority_that_is_renewed_meanwhile_is_handed_out(offered, run):
    with offered() as (url, facts, _):
        before = ask(url + "/ca/microhttps.crt")[2]
        assert run("ca", "init", "--keep-key", "--for", "lamp.example")[0] == 0
        after = ask(url + "/ca/microhttps.crt")[2]
        page = ask(url + "/ca")[2].decode()
    assert before != after and "lamp.example" in page


def test_it_ends_with_the_server_at_once(offered):
    with offered() as (url, facts, process):
        idle = socket.create_connection(("127.0.0.1", int(url.rpartition(":")[2])))
        ask(url + "/ca")
        process.terminate()
        assert process.wait(20) == 0
        assert "Traceback" not in process.stderr.read()
        idle.close()


def test_people_are_told_the_address_and_what_to_compare(environment, tmp_path, port):
    from .conftest import COMMAND

    with subprocess.Popen([*COMMAND, "serve", "--port", str(port), "--ca-port", "0"], env=environment, text=True,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT) as process:
        said, deadline = "", time.monotonic() + 30
        while "stop " not in said and time.monotonic() < deadline:
            said += process.stdout.readline()
        process.terminate()
    assert re.search(r"phones +http://\S+/ca ", said)
    assert re.search(r"SHA-256 +([0-9A-F]{2}:){31}[0-9A-F]{2}\n", said)
    assert "█" not in said  # the QR code is for a terminal


def test_a_terminal_shows_a_code_that_a_reader_reads(environment, port):
    from .conftest import COMMAND

    command = [*COMMAND, "serve", "--port", str(port), "--ca-port", "0"]
    ours, theirs = pty.openpty()
    with subprocess.Popen(command, env={**environment, "TERM": "xterm", "COLUMNS": "100"}, stdin=theirs, stdout=theirs,
                          stderr=theirs) as process:
        said = b""
        while b"stop " not in said:
            assert select.select([ours], [], [], 30)[0], said
            said += os.read(ours, 65536)
        process.terminate()
    os.close(theirs)
    os.close(ours)
    lines = re.sub(r"\x1b\[[\d;]*m", "", said.decode()).splitlines()
    code = zxingcpp.read_barcodes(picture_of([line for line in lines if re.fullmatch("[█▀▄ ]*[█▀▄]", line)]))
    assert [one.text for one in code] == re.findall(r"http://\S+/ca", "\n".join(lines))


def picture_of(lines, scale=6):
    """Each letter is one dot above another, as grey values, large enough for a camera."""
    dots = {"█": (255, 255), "▀": (255, 0), "▄": (0, 255), " ": (0, 0)}
    rows = [bytes(dots[letter][half] for letter in line for _ in range(scale)) for line in lines for half in (0, 1)]
    return memoryview(b"".join(row * scale for row in rows)).cast("B", (len(rows) * scale, len(rows[0])))
