"""A connection that breaks: a record that nobody can read, in the middle of what goes well."""

import os
import socket
import ssl
import threading

import pytest

from explaining.test_golden import expected, explain_at

SENTENCES = (
    "localhost sent a TLS record that cannot be taken, in the middle of the connection.",
    "Something between here and there changes the bytes, or the record is longer than the TLS library of a board "
    "takes.",
    "Try from another network; where it fails for large answers only, have the server send records of at most 4 KB.",
)
HEAD = b"HTTP/1.1 200 OK\r\nContent-Length: 2000\r\n\r\n" + b"x" * 1000
BROKEN = b"\x17\x03\x03\x00\x40" + bytes(64)


def serve_and_break(listener, context, broken):
    """One TLS connection: half of an answer, then bytes that no key of the connection has made."""
    with context.wrap_socket(listener.accept()[0], server_side=True) as tls:
        tls.recv(4096)
        tls.sendall(HEAD)
        os.write(tls.fileno(), broken)
        tls.settimeout(5)
        try:
            tls.recv(4096)
        except OSError:
            pass


@pytest.mark.parametrize("version", ["1.2", "1.3"])
def test_a_broken_record_behind_good_ones_is_no_failed_handshake(version, interpreter, programs, certificates, port):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificates / "good.crt", certificates / "good.key")
    context.minimum_version = context.maximum_version = getattr(ssl.TLSVersion, "TLSv" + version.replace(".", "_"))
    with socket.create_server(("127.0.0.1", port)) as listener:
        thread = threading.Thread(target=serve_and_break, args=(listener, context, BROKEN), daemon=True)
        thread.start()
        client = explain_at(programs, interpreter, port, certificates)
        said = client.lines_until_end()
        thread.join(10)
    assert said == expected("host reason", SENTENCES, interpreter)
