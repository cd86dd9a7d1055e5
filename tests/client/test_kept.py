"""Connections that a client keeps: closed when they have rested long enough, and no trap when the server ends them."""

import socket
import threading

import pytest

from harness.playing import start_client

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nhere"


class Closing:
    """Answers `answers` requests a connection; the next is read and not answered. Says what came over which."""

    def __init__(self, answers):
        self.seen = []  # (number of the connection, method), or (number, None) for its end
        self._answers = answers
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        self._threads = [threading.Thread(target=self._accept)]
        self._threads[0].start()

    def _accept(self):
        number = 0
        while True:
            try:
                connection, _ = self._listener.accept()
            except OSError:
                return
            self._threads.append(threading.Thread(target=self._serve, args=(connection, number)))
            self._threads[-1].start()
            number += 1

    def _serve(self, connection, number):
        with connection:
            for turn in range(self._answers + 1):
                data = b""
                while b"\r\n\r\n" not in data:
                    try:
                        more = connection.recv(4096)
                    except OSError:
                        more = b""
                    if not more:
                        self.seen.append((number, None))
                        return
                    data += more
                self.seen.append((number, data.split(b" ")[0].decode()))
                if turn < self._answers:
                    connection.sendall(ANSWER)

    def close(self):
        self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        for thread in self._threads:
            thread.join(20)


@pytest.fixture
def ask(programs, interpreter, certificates):
    """(what a client says, what the server saw)."""

    def run(answers, **options):
        server = Closing(answers)
        try:
            client = start_client(programs, interpreter, "client.keeping", server.port, certificates, **options)
            said = client.lines_until_end()
            assert client.wait() == 0, client.complaints
        finally:
            server.close()
        return said, server.seen

    return run


@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_what_may_be_asked_twice_is_asked_once_more_over_a_new_connection(method, ask):
    said, seen = ask(1, method=method)
    assert said == ["here", "no error", "over"]
    assert seen[:3] == [(0, "GET"), (0, method), (1, method)]


def test_what_may_not_be_asked_twice_is_an_error(ask):
    """Nobody knows whether the server has done it (RFC 9110 section 9.2.2)."""
    said, seen = ask(1, method="POST")
    assert said == ["here", "reset", "over"]
    assert seen == [(0, "GET"), (0, "POST")]


def test_a_new_connection_that_ends_is_not_tried_again(ask):
    said, seen = ask(0, method="GET", expects_error=True)
    assert said == ["error reset"]
    assert seen == [(0, "GET")]


def test_one_that_has_rested_long_enough_is_closed(ask):
    said, seen = ask(9, method="POST", pause=1, client_settings={"keep_alive_timeout": 0.2})
    assert said == ["here", "no error", "over"]
    assert seen == [(0, "GET"), (0, None), (1, "POST"), (1, None)]
