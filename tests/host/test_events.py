"""What `microhttps serve` says of connections that fail: why, and of what comes again and again how often."""

import json
import re
import socket
import ssl
import subprocess

from host.conftest import COMMAND

CAUSE = "It does not know the authority that signed our certificate"


def distrust(port, times):
    """A client that does not know the authority, so many times."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    for _ in range(times):
        with socket.create_connection(("127.0.0.1", port), 5) as raw:
            try:
                context.wrap_socket(raw, server_hostname="localhost")
            except ssl.SSLError:
                pass


def test_a_client_that_does_not_trust_us_is_one_line_and_then_counted(environment, tmp_path):
    """Row 41 of what users suffer from: the log is full of -0x7780."""
    process = subprocess.Popen([*COMMAND, "serve", "--port", "0", "--host", "127.0.0.1"], cwd=tmp_path,
                               env={**environment, "PYTHONUNBUFFERED": "1"}, stdout=subprocess.PIPE, text=True)
    try:
        lines = iter(process.stdout.readline, "")
        port = int(re.search(r"https://localhost:(\d+)/", next(line for line in lines if "https://" in line))[1])
        distrust(port, 12)
        said = [next(line for line in lines if "session error" in line) for _ in range(2)]
    finally:
        process.kill()
        process.communicate()
    assert "A client ended the handshake with the alert unknown_ca." in said[0] and CAUSE in said[0]
    assert said[1].rstrip().endswith("session error handshake_refused: 10 times so far")


def test_programs_are_told_each_with_its_code_and_sentences(serve):
    with serve("--host", "127.0.0.1") as (process, facts):
        distrust(int(facts["urls"][0].rpartition(":")[2].strip("/")), 1)
        told = next(event for event in map(json.loads, iter(process.stdout.readline, ""))
                    if event["event"] == "session_error")
    assert (told["code"], told["cause"].startswith(CAUSE)) == ("handshake_refused", True)
    assert told["happened"] and told["next"]
