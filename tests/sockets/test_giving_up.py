"""Nobody is waited for without end, nothing is left open, and a body larger than memory goes by in chunks."""

import socket
import ssl
import threading
from pathlib import Path

import pytest

from harness.interpreters import find_or_fail
from harness.programs import open_files

HERE = Path(__file__).parent


@pytest.fixture
def silence(certificates):
    """Two ports: at one somebody shakes hands and does nothing else, at the other nobody even does that."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificates / "good.crt", certificates / "good.key")
    kept = []

    def serve(listener):
        while True:
            try:
                raw = listener.accept()[0]
            except OSError:
                return
            try:
                kept.append(context.wrap_socket(raw, server_side=True))
            except OSError:
                raw.close()

    with socket.create_server(("127.0.0.1", 0)) as polite, socket.create_server(("127.0.0.1", 0)) as silent:
        thread = threading.Thread(target=serve, args=(polite,))
        thread.start()
        yield polite.getsockname()[1], silent.getsockname()[1]
        polite.shutdown(socket.SHUT_RDWR)
        thread.join()
    for each in kept:
        each.close()


def test_a_silent_peer_is_given_up(interpreter, silence, programs, certificates):
    program = programs.run(interpreter, HERE / "giving_up.py", silence[0], certificates, silence[1])
    lines = []
    while lines[-1:] != ["done"]:
        lines.append(program.line())
    assert lines == [
        *["handshake: deadline handshake_timeout"] * 10, *["stranger: untrusted_issuer None"] * 10,
        "read: deadline recv_timeout", "readline: deadline recv_timeout", "recv: deadline recv_timeout",
        "not yet: None None", "not yet: None", "write: deadline send_timeout", "no more: reset None",
        "unknown: unknown_setting patience", "done"]
    # Its own three, what an event loop or MicroPython itself may have open, and none of the twenty sockets.
    assert open_files(program.pid) < 10
    program.tell("end")
    assert program.wait() == 0


@pytest.mark.micropython
def test_chunks_that_are_taken_need_no_memory(nginx, programs, certificates, port):
    """300 KB through a heap that is smaller, and holds the client besides."""
    nginx("TLSv1.3", "good", port)
    program = programs.run(find_or_fail("micropython32"), HERE / "get_in_chunks.py", port, certificates, "/large",
                           heap="192k")
    assert program.lines_until_end() == ["reply 200", "close", "300000 True"]
    assert program.wait() == 0


def test_a_socket_that_failed_takes_its_number_from_nobody(interpreter, programs, certificates, port):
    """MicroPython's TLS closes what it holds when it is collected, by its number."""
    program = programs.run(interpreter, HERE / "numbers_used_again.py", port, certificates)
    assert program.lines_until_end() == ["ready", *["failed reset", "b'still open\\n'"] * 20]
    assert program.wait() == 0
