"""A server over TLS that speaks before its client does, as those of mail: with Python's own ssl."""

import json
import socket
import ssl
from pathlib import Path

import pytest

from harness.wire import trusting

SERVER = Path(__file__).with_name("greeting_server.py")


@pytest.mark.parametrize("arguments", [{}, {"do_handshake": False}], ids=["at_once", "later"])
def test_a_server_may_speak_first(arguments, interpreter, programs, certificates, port):
    """Mbed TLS does not tell a server that a handshake is over until the client says something."""
    server = programs.run(interpreter, SERVER, port, certificates, "good", json.dumps(arguments))
    server.line_that("ready")
    for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
        assert greeted(certificates, port, version, b"hello\n") == b"welcome\nhello\n"
    greeted(certificates, port, version, b"stop\n")
    assert server.lines_until_end() == ["stopped"]


def greeted(certificates, port, version, line):
    """What Python's own ssl reads: it says nothing before it was greeted."""
    context = trusting(certificates)
    context.minimum_version = context.maximum_version = version
    context.options |= getattr(ssl, "OP_IGNORE_UNEXPECTED_EOF", 0)
    with socket.create_connection(("127.0.0.1", port)) as raw, context.wrap_socket(
            raw, server_hostname="localhost", suppress_ragged_eofs=True) as secure:
        greeting = secure.recv(100)
        secure.sendall(line)
        return greeting + secure.recv(100)
