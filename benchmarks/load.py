"""The load: wrk for requests and for new connections, and a crowd of idle TLS connections.

wrk with `Connection: close` is the generator for new connections: it holds several handshakes in the air and loads a
core of nginx fully (4 200/s), where `openssl s_time`, which makes one after the other, reached 900/s. Each of its
connections keeps its TLS session, and all servers compared here give tickets: what is measured is the handshake of
clients that come back, with a key exchange (X25519) and without certificate and signature. With nginx, granian, uvicorn
and microhttps alike all were such but the first of each connection, seen by the size of the server's first flight.
"""

import re
import socket
import ssl
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from .peers import BODY, find_program
from .trouble import Trouble

KEEP_ALIVE_CONNECTIONS = 32
NEW_CONNECTIONS = 16
TIMEOUT_SECONDS = 20
VARIED = Path(__file__).with_name("varied.lua")


@dataclass(frozen=True)
class Rate:
    """What one run of wrk saw: requests a second, requests in all, and how many went wrong."""

    per_second: float
    requests: int
    errors: int


def run_wrk(port: int, seconds: int, connections: int, is_closing: bool = False, is_varied: bool = False) -> Rate:
    """Load a server for some seconds, on one thread.

    `is_closing` makes a connection for each request, `is_varied` makes each head differ from all others.
    """
    command = [find_program("wrk"), "-t1", f"-c{connections}", f"-d{seconds}s", f"https://127.0.0.1:{port}/"]
    if is_closing:
        command += ["-H", "Connection: close"]
    if is_varied:
        command += ["-s", str(VARIED)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=seconds + TIMEOUT_SECONDS)
    found = re.search(r"Requests/sec:\s*([\d.]+)", done.stdout)
    total = re.search(r"(\d+) requests in", done.stdout)
    if not found or not total:
        raise Trouble(f"wrk gave no figure; it said:\n{done.stdout}{done.stderr}")
    return Rate(float(found[1]), int(total[1]), _count_errors(done.stdout))


def open_connection(port: int, patience: float = TIMEOUT_SECONDS) -> ssl.SSLSocket:
    """One established TLS connection; the certificate is not looked at, for the load is not the subject."""
    raw = socket.create_connection(("127.0.0.1", port), patience)
    try:
        return client_context().wrap_socket(raw, server_hostname="localhost")
    except BaseException:
        raw.close()
        raise


def client_context() -> ssl.SSLContext:
    """A context that believes anybody, made once."""
    global _context
    if _context is None:
        _context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        _context.check_hostname = False
        _context.verify_mode = ssl.CERT_NONE
    return _context


_context: ssl.SSLContext | None = None


def ask(connection: ssl.SSLSocket, path: str = "/") -> bytes:
    """Send one request and read its whole answer: the body."""
    send_request(connection, path)
    return read_body(connection)


def send_request(connection: ssl.SSLSocket, path: str = "/") -> None:
    """Send one request as a small client would."""
    connection.sendall(b"GET " + path.encode() + b" HTTP/1.1\r\nHost: localhost\r\nUser-Agent: bench\r\n\r\n")


def read_body(connection: ssl.SSLSocket) -> bytes:
    """Read one answer of a stated length; raises Trouble unless its status is 200."""
    answer = b""
    while b"\r\n\r\n" not in answer:
        answer += _receive(connection)
    head, _, body = answer.partition(b"\r\n\r\n")
    if head.split(b" ", 2)[1] != b"200":
        raise Trouble(f"the server answered {head[:80]!r}")
    length = re.search(rb"\ncontent-length:\s*(\d+)", head, re.IGNORECASE)
    while length and len(body) < int(length[1]):
        body += _receive(connection)
    return body


def check_answer(port: int) -> dict[str, Any]:
    """Ask once and be sure that it is TLS 1.3 and the agreed answer; gives version and cipher for the report."""
    with open_connection(port) as connection:
        body = ask(connection)
        version, cipher = connection.version(), connection.cipher()
    if body != BODY:
        raise Trouble(f"the server answered {body[:80]!r}")
    if version != "TLSv1.3":
        raise Trouble(f"the server agreed on {version}; all are compared with TLSv1.3")
    return {"tls": version, "cipher": cipher[0] if cipher else None}


class Crowd:
    """Some TLS connections that made a request each and then stay idle; use it with `with`."""

    def __init__(self, port: int, count: int) -> None:
        self._port = port
        self._count = count
        self.connections: list[ssl.SSLSocket] = []

    def __enter__(self) -> "Crowd":
        try:
            for _ in range(self._count):
                self.connections.append(open_connection(self._port))
                ask(self.connections[-1])
        except BaseException:
            self.close()
            raise
        return self

    def __exit__(self, *_: Any) -> None:
        self.close()

    def check_alive(self) -> None:
        """The oldest connection still answers: the server did not save memory by closing."""
        if self.connections and ask(self.connections[0]) != BODY:
            raise Trouble("an idle connection gave another answer")

    def close(self) -> None:
        """Close them all. May be called twice."""
        while self.connections:
            self.connections.pop().close()


def _receive(connection: ssl.SSLSocket) -> bytes:
    part = connection.recv(4096)
    if not part:
        raise Trouble("the server closed the connection in the middle of an answer")
    return part


def _count_errors(text: str) -> int:
    socket_errors = re.search(r"Socket errors: (.*)", text)
    refused = re.search(r"Non-2xx or 3xx responses: (\d+)", text)
    found = re.findall(r"\d+", socket_errors[1]) if socket_errors else []
    return sum(map(int, found)) + (int(refused[1]) if refused else 0)
