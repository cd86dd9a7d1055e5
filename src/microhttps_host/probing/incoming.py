"""What comes from the server: bytes into records, records into handshake messages, everything bounded. Layer 12."""

import asyncio

from microhttps.wire.alerts import ALERTS

from .flight import ALERT, CLOSED, MALFORMED, NOT_TLS, TOO_LARGE, Flight
from .key_schedule import Unsealing
from .numbers import ALERT as ALERT_RECORD
from .numbers import CHANGE_CIPHER_SPEC, DATA, HANDSHAKE, name_in

MAX_FLIGHT = 512 * 1024  # bytes; the longest chain that OpenSSL takes has 100 KB
MAX_RECORD = 2**14 + 256  # RFC 8446, 5.2; what is not sealed is shorter
READ = 16 * 1024
BEGINNING = 64  # of what is no TLS is kept so much
HEAD = 5
CLOSE_NOTIFY, USER_CANCELED, FATAL = 0, 90, 2


class Ended(Exception):
    """The flight is over before its time: `how` (a word of `flight`) and `detail`."""

    def __init__(self, how: str, detail: str) -> None:
        super().__init__(how, detail)
        self.how = how
        self.detail = detail


class Incoming:
    """Gives the handshake messages one after the other; `keys` opens records from the moment that there are any."""

    def __init__(self, reader: asyncio.StreamReader, flight: Flight) -> None:
        self.keys: Unsealing | None = None
        self._reader = reader
        self._flight = flight
        self._bytes = bytearray()  # not yet a record
        self._handshake = bytearray()  # not yet a message

    async def message(self) -> bytes:
        """The next one with its head of four bytes; raises Ended, Malformed or OSError."""
        while len(self._handshake) < 4 or len(self._handshake) < self._length():
            await self._take_record()
        length = self._length()
        whole = bytes(self._handshake[:length])
        del self._handshake[:length]
        self._flight.largest_message = max(self._flight.largest_message, length)
        return whole

    def _length(self) -> int:
        length = 4 + int.from_bytes(self._handshake[1:4], "big")
        if length > MAX_FLIGHT:
            raise Ended(TOO_LARGE, f"a message of {length} bytes announced, at most {MAX_FLIGHT} are read")
        return length

    async def _take_record(self) -> None:
        await self._fill(HEAD)
        head = bytes(self._bytes[:HEAD])
        length = self._check(head)
        await self._fill(HEAD + length)
        body = bytes(self._bytes[HEAD : HEAD + length])
        del self._bytes[: HEAD + length]
        self._flight.largest_record = max(self._flight.largest_record, length)
        kind = head[0]
        if kind == DATA and self.keys:
            kind, body = self.keys.open(head, body)
        if kind == HANDSHAKE and body:
            self._handshake += body
        elif kind == ALERT_RECORD:
            self._take_alert(body)
        elif kind != CHANGE_CIPHER_SPEC:
            raise Ended(MALFORMED, f"a record of kind {kind} with {len(body)} bytes in the middle of the handshake")

    def _check(self, head: bytes) -> int:
        """The length of a record, if its head is one."""
        length = int.from_bytes(head[3:], "big")
        if not CHANGE_CIPHER_SPEC <= head[0] <= DATA or head[1] != 3:
            self._end_as_strange()
        if length > MAX_RECORD:
            raise Ended(TOO_LARGE, f"a record of {length} bytes announced, at most {MAX_RECORD} are allowed")
        return length

    def _end_as_strange(self) -> None:
        is_first = not self._flight.largest_record
        if is_first:
            self._flight.beginning = bytes(self._bytes[:BEGINNING])
        raise Ended(NOT_TLS if is_first else MALFORMED, "bytes that are no record of TLS")

    def _take_alert(self, body: bytes) -> None:
        if len(body) != 2:
            raise Ended(MALFORMED, f"an alert of {len(body)} bytes")
        level, alert = body
        if alert == CLOSE_NOTIFY:
            raise Ended(CLOSED, "closed by the alert close_notify")
        if level == FATAL or self.keys and alert != USER_CANCELED:
            self._flight.alert = alert
            raise Ended(ALERT, name_in(ALERTS, alert))

    async def _fill(self, length: int) -> None:
        """Have so many bytes, or more."""
        while len(self._bytes) < length:
            if self._flight.bytes_read > MAX_FLIGHT:
                raise Ended(TOO_LARGE, f"more than {MAX_FLIGHT} bytes")
            data = await self._reader.read(READ)
            if not data:
                self._end_as_closed()
            self._flight.bytes_read += len(data)
            self._bytes += data

    def _end_as_closed(self) -> None:
        if self._bytes and not CHANGE_CIPHER_SPEC <= self._bytes[0] <= DATA:
            self._end_as_strange()
        raise Ended(CLOSED, f"closed after {self._flight.bytes_read} bytes")
