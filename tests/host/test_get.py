"""`microhttps get` from the outside: whom it believes, what it shows, and how it fails."""

import hashlib
import socket
import ssl
import subprocess
import sys
from pathlib import Path

import pytest

from microhttps_host.authority.machine import server_identity
from microhttps_host.authority.vault import Vault
from microhttps_host.fetching import choose_trusts

ECHO = """
from microhttps import Response, Server
server = Server()

@server.get("/")
def echo(request):
    return Response(b"binary \\x00\\xff", headers=(("X-Seen", request.headers.get("x-mine", "nothing")),))
"""


def pin_of(facts):
    return hashlib.sha256(ssl.PEM_cert_to_DER_cert(Path(facts["certificate"]).read_text())).hexdigest()


def test_what_serve_serves_is_believed_on_the_machine_that_serves_it(serve, run):
    with serve() as (_, facts):
        for url in facts["urls"][0], facts["urls"][0].removeprefix("https://"):
            status, said, complaint = run("get", url)
            assert (status, complaint) == (0, "")
            assert "<title>Lamp</title>" in said


def test_a_private_name_may_have_the_local_authority_and_a_public_one_may_not(monkeypatch, tmp_path):
    """Otherwise whoever steals its key could be any site of the Internet to `microhttps get`."""
    monkeypatch.setenv("MICROHTTPS_HOME", str(tmp_path / "home"))
    server_identity(Vault(), ["localhost"])
    kinds = {
        host: [trust.kind for trust in choose_trusts(host, None, (), False)] for host in ("lamp.local", "example.org")
    }
    assert kinds == {"lamp.local": ["own", "public", "system"], "example.org": ["public", "system"]}


def test_a_named_authority_is_the_only_one_believed(serve, run, tmp_path):
    other = server_identity(Vault(tmp_path / "other"), ["localhost"])
    with serve() as (_, facts):
        assert run("get", "--cacert", facts["authority"], facts["urls"][0])[0] == 0
        status, said, complaint = run("get", "--cacert", other.authority, facts["urls"][0])
    assert (status, said) == (1, "")
    assert "[untrusted_issuer]" in complaint
    assert "--cacert FILE" in complaint


def test_without_the_local_authority_nobody_vouches_for_localhost(serve, run, environment, tmp_path):
    with serve() as (_, facts):
        environment["MICROHTTPS_HOME"] = str(tmp_path / "elsewhere")
        status, said, complaint = run("get", facts["urls"][0])
    assert (status, said) == (1, "")
    assert "[untrusted_issuer]" in complaint or "[self_signed]" in complaint
    assert [found.name[:6] for found in (tmp_path / "elsewhere").iterdir()] == ["roots-"]


def test_a_pin_is_that_certificate_and_no_other(serve, run):
    with serve() as (_, facts):
        assert run("get", "--pin", pin_of(facts), facts["urls"][0])[0] == 0
        status, _, complaint = run("get", "--pin", "00" * 32, facts["urls"][0])
    assert (status, "[wrong_pin]" in complaint) == (1, True)


def test_a_wrong_name_is_refused_even_by_the_right_authority(serve, run):
    with serve() as (_, facts):
        port = facts["urls"][0].split(":")[2]
        status, _, complaint = run("get", f"https://127.0.0.2:{port}")
    assert (status, "[wrong_name]" in complaint) == (1, True)


def test_believing_anyone_is_possible_and_loud(serve, run, environment, tmp_path):
    with serve() as (_, facts):
        environment["MICROHTTPS_HOME"] = str(tmp_path / "elsewhere")
        status, said, complaint = run("get", "--danger-insecure", facts["urls"][0])
    assert (status, "Lamp" in said) == (0, True)
    assert "nobody is verified" in complaint


def test_the_head_the_body_and_headers_of_ones_own(serve, run, tmp_path):
    (tmp_path / "echo.py").write_text(ECHO)
    with serve("echo.py") as (_, facts):
        url = facts["urls"][0]
        status, said, _ = run("get", "-i", "-o", "body", "-H", "X-Mine:  yes ", url)
        assert (tmp_path / "body").read_bytes() == b"binary \x00\xff"
        command = [sys.executable, "-m", "microhttps_host", "get", "--cacert", facts["authority"], url]
        assert subprocess.run(command, capture_output=True).stdout == b"binary \x00\xff"
    assert status == 0
    assert said.splitlines()[0] == "HTTP/1.1 200"
    assert "x-seen: yes" in said.lower()
    assert "binary" not in said


def test_a_file_that_cannot_be_written_is_a_sentence(serve, run):
    with serve() as (_, facts):
        status, _, complaint = run("get", "-o", "no/such/folder", facts["urls"][0])
    assert (status, "[cannot_write]" in complaint) == (1, True)


def test_an_answer_that_is_an_error_is_shown_and_ends_with_status_1(serve, run):
    with serve() as (_, facts):
        status, said, complaint = run("get", facts["urls"][0] + "led/none")
    assert status == 1
    assert "no such led" in said
    assert "404" in complaint


def test_a_reader_who_has_seen_enough_is_not_an_error_message(serve, environment):
    with serve() as (_, facts):
        command = f"{sys.executable} -m microhttps_host get {facts['urls'][0]} | head -c 10"
        done = subprocess.run(command, shell=True, env=environment, capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("<!doctype ", "")


def test_plain_http_is_told_apart_and_works_when_it_is_meant(serve, run):
    with serve("--insecure") as (_, facts):
        url = facts["urls"][0]
        assert run("get", url)[0] == 0
        status, _, complaint = run("get", url.replace("http://", "https://"))
    assert (status, "[peer_is_not_tls]" in complaint) == (1, True)
    assert "http://localhost" in complaint


def closed_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ([f"https://127.0.0.1:{closed_port()}"], "refused"),
        (["https://no-such-host.invalid"], "no_such_host"),
        (["ftp://localhost"], "bad_url"),
        (["https://local host"], "bad_url"),
        (["--pin", "12:34", "https://localhost"], "bad_pin"),
        (["--cacert", "no-such-file", "https://localhost"], "bad_certificate_file"),
        (["-H", "no colon", "https://localhost"], "bad_option"),
        (["--pin", "00" * 32, "--danger-insecure", "https://localhost"], "bad_option"),
    ],
)
def test_every_failure_is_a_sentence_with_its_code(run, arguments, code):
    status, said, complaint = run("get", *arguments)
    assert (status, said) == (2 if code == "bad_option" else 1, "")
    assert complaint.startswith("error: ")
    assert f"[{code}]" in complaint


def test_a_failure_says_what_happened_the_likely_cause_and_what_next(run):
    status, said, complaint = run("get", f"https://127.0.0.1:{(port := closed_port())}")
    assert (status, said) == (1, "")
    assert complaint.splitlines() == [
        f"error: 127.0.0.1 is there, and nothing listens on port {port}.  [refused] host=127.0.0.1 port={port}",
        "cause: The server is not running, or it listens on another port or another address.",
        "next:  Start it, or correct the port.",
    ]
