"""Bytes to and from a peer within one deadline and a bounded number of them, in the clear or through TLS. Layer 13.

A deadline is for a whole conversation: a peer that drips a byte now and then does not prolong it.
"""

import socket
import time
from typing import Any, Protocol

from microhttps.errors import DeadlineError, NetworkError, PeerError
from microhttps.port.cpython.faults import network_error

MAX_LINE = 8 * 1024
MAX_ADDRESSES = 8  # of one name: more are not asked
PIECE = 16 * 1024


class Stream(Protocol):
    """What can be talked over: a Plain, a Tapped, or a SecureSocket of the runtime."""

    was_cut: bool  # whether it ended without TLS's notice

    def settimeout(self, seconds: float) -> None: ...
    def recv(self, size: int) -> bytes | None: ...
    def write(self, data: bytes) -> int | None: ...
    def close(self) -> None: ...


class Deadline:
    """So many seconds from now; `setting` is what the error calls it."""

    def __init__(self, seconds: float, setting: str) -> None:
        self._until = time.monotonic() + seconds
        self._setting = setting

    def left(self) -> float:
        """The seconds that are left; raises DeadlineError when there are none."""
        left = self._until - time.monotonic()
        if left <= 0:
            raise self.error()
        return left

    def error(self, cause: BaseException | None = None) -> DeadlineError:
        return DeadlineError("deadline", cause=cause, setting=self._setting)


class Plain:
    """A connected socket in the clear, with our errors."""

    was_cut = False

    def __init__(self, raw: socket.socket) -> None:
        self.raw = raw

    def settimeout(self, seconds: float) -> None:
        self.raw.settimeout(seconds)

    def recv(self, size: int) -> bytes:
        try:
            return self.raw.recv(size)
        except TimeoutError as error:
            raise DeadlineError("deadline", cause=error, setting="recv_timeout") from error
        except OSError as error:
            raise network_error(error) from error

    def write(self, data: bytes) -> int:
        try:
            self.raw.sendall(data)
        except TimeoutError as error:
            raise DeadlineError("deadline", cause=error, setting="send_timeout") from error
        except OSError as error:
            raise network_error(error) from error
        return len(data)

    def close(self) -> None:
        self.raw.close()


class Talk:
    """A conversation over a stream: all of it within `seconds`, and at most `limit` bytes of the peer's."""

    def __init__(self, stream: Stream, seconds: float, limit: int = 256 * 1024) -> None:
        self._stream = stream
        self._deadline = Deadline(seconds, "recv_timeout")
        self._limit = limit
        self._buffer = b""
        self.received = 0

    @property
    def was_cut(self) -> bool:
        """Whether the end came without TLS's notice: somebody in between may have cut what was read."""
        return self._stream.was_cut

    @property
    def pending(self) -> int:
        """How many bytes have come and were not asked for yet."""
        return len(self._buffer)

    def say(self, data: bytes) -> None:
        """Send all of it; waits."""
        self._stream.settimeout(self._deadline.left())
        self._stream.write(data)

    def some(self) -> bytes:
        """What has come, at least a byte; b"" at the end; waits. Raises NetworkError, TrustError, PeerError."""
        if self._buffer:
            data, self._buffer = self._buffer, b""
            return data
        self._stream.settimeout(self._deadline.left())
        data = self._stream.recv(PIECE) or b""
        self.received += len(data)
        if self.received > self._limit:
            raise PeerError("too_talkative", limit=self._limit)
        return data

    def give_back(self, data: bytes) -> None:
        """It shall be read again."""
        self._buffer = data + self._buffer

    def line(self) -> bytes:
        """A line without its end, or what is left at the end of the stream; waits."""
        data = b""
        while b"\n" not in data:
            more = self.some()
            data += more
            if not more:
                break
            if len(data) > MAX_LINE:
                raise PeerError("too_talkative", limit=MAX_LINE)
        line, _, self._buffer = data.partition(b"\n")
        return line.rstrip(b"\r")

    def exactly(self, count: int) -> bytes:
        """So many bytes; waits. Raises NetworkError("reset") at an early end."""
        data = b""
        while len(data) < count:
            more = self.some()
            if not more:
                raise NetworkError("reset", received=len(data))
            data += more
        self._buffer = data[count:] + self._buffer
        return data[:count]


def open_socket(address: tuple[Any, ...], seconds: float) -> socket.socket:
    """A socket connected to an address as `getaddrinfo` gives them: (family, where); raises NetworkError."""
    family, where = address
    try:
        raw = socket.socket(family, socket.SOCK_STREAM)
    except OSError as error:  # a system without that version of IP
        raise network_error(error) from error
    try:
        raw.settimeout(seconds)
        raw.connect(where)
        raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    except TimeoutError as error:
        raw.close()
        raise DeadlineError("deadline", cause=error, setting="connect_timeout") from error
    except OSError as error:
        raw.close()
        raise network_error(error) from error
    return raw
