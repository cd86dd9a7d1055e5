"""curl against our authentication, cookie sessions and event streams, on both interpreters."""

import subprocess

import pytest

from harness.playing import start_server, stop_server

PASSWORD = "ann:pä:ss"


@pytest.fixture
def curl(programs, interpreter, certificates, port, tool):
    """Runs curl against the server of rooms; returns (status, body, all that curl tells of the exchange)."""
    program = start_server(programs, interpreter, "harness.rooms", port, certificates)

    def run(path, *options):
        command = [tool("curl"), "--silent", "--verbose", "--max-time", "20", "--cacert", str(certificates / "ca.crt"),
                   "--write-out", "\n%{http_code}", *options, f"https://localhost:{port}{path}"]
        done = subprocess.run(command, capture_output=True, timeout=30)
        assert done.returncode == 0, done.stderr.decode()
        body, _, status = done.stdout.decode().rpartition("\n")
        return int(status), body, done.stderr.decode()

    yield run
    stop_server(program)


def test_curl_authenticates_with_basic(curl):
    assert curl("/basic", "--user", PASSWORD)[:2] == (200, "hello ann")
    assert curl("/basic", "--user", "ann:wrong")[0] == 401
    assert curl("/basic")[0] == 401


def test_curl_authenticates_with_digest(curl):
    status, body, talk = curl("/digest", "--digest", "--user", PASSWORD)
    assert (status, body) == (200, "hello ann")
    assert "algorithm=SHA-256" in talk and "pä:ss" not in talk
    assert curl("/digest", "--digest", "--user", "ann:wrong")[0] == 401


def test_curl_posts_with_digest_and_sends_the_body_once(curl, tmp_path):
    data = tmp_path / "data"
    data.write_bytes(b"x" * 5000)
    status, body, talk = curl("/digest", "--digest", "--user", PASSWORD, "--data-binary", f"@{data}")
    assert (status, body) == (200, "5000 bytes from ann")
    assert "Content-Length: 0" in talk, "curl asks for the challenge without the body"


def test_curl_hides_its_name_with_userhash(curl):
    status, body, talk = curl("/hashed", "--digest", "--user", "ann:secret")
    assert (status, body) == (200, "hello ann")
    assert "userhash=true" in talk and 'username="ann"' not in talk


def test_curl_sends_a_token(curl):
    assert curl("/bearer", "--header", "Authorization: Bearer token-1")[:2] == (200, "hello ann")
    assert curl("/bearer", "--oauth2-bearer", "token-1")[:2] == (200, "hello ann")
    status, _, talk = curl("/bearer", "--oauth2-bearer", "token-2")
    assert status == 401 and 'error="invalid_token"' in talk


def test_curl_chooses_the_best_of_several_ways(curl):
    status, body, talk = curl("/any", "--anyauth", "--user", PASSWORD)
    assert (status, body) == (200, "hello ann")
    assert "Authorization: Digest" in talk and "Authorization: Basic" not in talk
    assert curl("/any", "--basic", "--user", PASSWORD)[0] == 200


def test_curl_keeps_a_session_in_its_cookie_jar(curl, tmp_path):
    jar = str(tmp_path / "jar")
    assert [curl("/count", "--cookie", jar, "--cookie-jar", jar)[1] for _ in range(3)] == ["1", "2", "3"]


def test_curl_reads_events(curl):
    status, body, talk = curl("/events", "--no-buffer", "--header", "Accept: text/event-stream")
    assert status == 200 and "text/event-stream" in talk.lower()
    assert body == ":\n\n" + "".join(f"id: {number}\ndata: event {number}\n\n" for number in range(3))
