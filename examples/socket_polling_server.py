"""The same temperature over sockets that never block: clients do not wait for each other, nor the sensor for them.

In place of the non-blocking server of "Programming the ESP32 in MicroPython": a loop that polls, and between two
polls does what else is to be done. `do_handshake=False` defers the handshake, which then goes on by itself, a step
with each turn. (The book has True and False the other way round; MicroPython and we agree.)

    python examples/socket_polling_server.py            with device.crt and device.key here (README.md makes them)
    micropython examples/socket_polling_server.py

    curl --cacert ca.crt https://localhost:8443/            the temperature now
    curl --cacert ca.crt https://localhost:8443/history     all that were measured

Whoever begins a handshake or a request and is silent then keeps nobody from being answered, and is let go after
PATIENCE seconds. For more than this, take `Server`: it has the loop, the limits and the HTTP.
"""

import select
import socket
import time

from microhttps import MicrohttpsError, OutOfMemory, wrap_socket
from socket_temperature_server import listen, temperature

PORT = 8443
EVERY = 1  # second, a measurement
MOST = 1000  # measurements kept
CLIENTS = 4  # at once; the others wait in the queue
PATIENCE = 10  # seconds for a client from beginning to end

history: list[float] = []


class Caller:
    """One client: what it has asked for so far, and what of the answer has not gone yet."""

    def __init__(self, sock: socket.socket) -> None:
        self.secure = wrap_socket(sock, server_side=True, cert="device.crt", key="device.key", do_handshake=False)
        self.until = time.time() + PATIENCE
        self.asked = b""
        self.unsent = b""
        self.is_over = False

    def wants(self) -> int:
        """What to poll for."""
        if self.secure.tls is None:  # the handshake goes on
            return self.secure.wants
        return select.POLLOUT if self.unsent else select.POLLIN

    def go_on(self) -> None:
        """Read and write what goes without waiting."""
        try:
            if not self.unsent:
                self.read()
            if self.unsent:
                self.write()
        except MicrohttpsError as error:
            print("gone:", error)
            self.is_over = True
        self.is_over |= time.time() > self.until

    def read(self) -> None:
        line = self.secure.readline()
        while line:  # None: no whole line yet, b"": the end
            self.asked = self.asked or line
            if line in (b"\r\n", b"\n"):
                self.unsent = answer_to(self.asked)
                return
            line = self.secure.readline()
        self.is_over = line == b""

    def write(self) -> None:
        sent = self.secure.write(self.unsent)
        self.unsent = self.unsent[sent or 0:]
        self.is_over = not self.unsent


def answer_to(line: bytes) -> bytes:
    if line.startswith(b"GET /history "):
        text = "\n".join(["%.1f" % degrees for degrees in history]) + "\n"
    else:
        text = "%.1f degrees\n" % temperature()
    return b"HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\nContent-Length: %d\r\n\r\n" % len(text) + text.encode()


def accept(listener: socket.socket) -> list[Caller]:
    """Who waits in the queue, as a list of one or none."""
    try:
        sock = listener.accept()[0]
    except OSError:
        return []  # nobody
    try:
        return [Caller(sock)]
    except OutOfMemory as error:
        print("no room:", error)
        sock.close()
        return []


def poll(listener: socket.socket, callers: list[Caller]) -> None:
    """Wait until somebody goes on, and not longer than the sensor does."""
    poller = select.poll()
    if len(callers) < CLIENTS:
        poller.register(listener, select.POLLIN)
    for caller in callers:
        poller.register(caller.secure, caller.wants())
    poller.poll(int(EVERY * 1000))


def measure() -> None:
    """What else is to be done."""
    history.append(temperature())
    del history[:-MOST]


def turn(listener: socket.socket, callers: list[Caller]) -> None:
    """One turn of the loop."""
    poll(listener, callers)
    if len(callers) < CLIENTS:
        callers += accept(listener)
    for caller in list(callers):
        caller.go_on()
        if caller.is_over:
            caller.secure.close()
            callers.remove(caller)


def main() -> None:
    """Serve until Ctrl-C."""
    listener = listen(PORT)
    listener.setblocking(False)
    callers: list[Caller] = []
    measured = 0.0
    try:
        while True:
            if time.time() - measured >= EVERY:
                measured = time.time()
                measure()
            turn(listener, callers)
    except KeyboardInterrupt:
        pass
    finally:
        for caller in callers:
            caller.secure.close()
        listener.close()


if __name__ == "__main__":
    main()
