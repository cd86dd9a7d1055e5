"""Mbed TLS on CPython, by the package `python-mbedtls`: what a board's TLS does, to be tried on a computer.

The library works between two buffers in memory; the records are taken from the raw socket and put on it here, one at a
time, so that nothing is held back that polling the socket would not show. It brings Mbed TLS 2.28, which has TLS 1.2
alone: then certificates are shown in the clear, and are read beside it (`in_the_clear`), because it tells no more of a
chain than that it is bad. Knows no HTTP, no waiting. CPython only. Layer 3.
"""

import os

from mbedtls.exceptions import TLSError
from mbedtls.tls import HandshakeStep, WantReadError, WantWriteError

from ...errors import NetworkError, PeerError, TrustError, Unsupported
from ..final_alert import has_refused
from ..in_the_clear import HEADER, Flight, length_of, server_name
from .contexts import client_context, server_context
from .faults import PEER_CLOSE_NOTIFY, classify

NAME = "mbedtls"
CAN = {"peer_certificate", "client_certificate", "close_notify", "encrypted_key", "system_trust", "public_roots",
       "identities", "maximum_tls", "ciphers", "alpn", "handshake_end"}  # fmt: skip
REASONS = {
    "minimum_tls": "python-mbedtls brings Mbed TLS 2.28, which has no TLS 1.3",
    "curves": "python-mbedtls has no switch for curves",
    "session_tickets": "python-mbedtls keeps no sessions",
    "workers": "python-mbedtls draws its random numbers from a state that processes would share",
}
READ, WRITE = 1, 2
RECORD = 16 * 1024  # of plaintext, at most (RFC 5246 section 6.2.1)
TURNS = 64  # records without data, or steps of a handshake, taken in one go
HTTP = (b"GET ", b"PUT ", b"POST ", b"HEAD ")  # which OpenSSL looks for, too
# Alerts in the clear, for which the library has no verb. What RFC 5246 section 7.4.6 has a server answer who shows no
# certificate: Mbed TLS 2.28 ends without a word. And what is said to who shows one that only we do not believe.
HANDSHAKE_FAILURE, BAD_CERTIFICATE = (b"\x15\x03\x03\x00\x02\x02" + kind for kind in (b"\x28", b"\x2a"))
_OVER = HandshakeStep.HANDSHAKE_OVER
_process = os.getpid()  # whose random numbers those of the library are


def channel_for(trust, choices):
    """The class of the channels of a server with this trust (or None) and these choices (see tls_limits)."""
    return Channel


class Channel:
    """One TLS connection over a non-blocking socket; `raw` is the socket to wait for, and is closed with it."""

    __slots__ = ("_context", "_facts", "_flight", "_has_ended", "_is_to_judge", "_promised", "_record", "_tls",
                 "_unsent", "bytes_in", "bytes_out", "is_established", "raw", "wants", "was_cut")
    capacity = RECORD
    is_secure = True
    is_server = True
    _host = None
    _verified = HandshakeStep.CLIENT_CERTIFICATE.value  # once a handshake is beyond that, the library has

    def __init__(self, context, raw):
        if os.getpid() != _process:  # a fork would draw the random numbers of its parent
            raw.close()
            raise Unsupported("unsupported", setting="workers", reason=REASONS["workers"])
        self.raw = raw
        self.wants = READ
        self.was_cut = self.is_established = self._has_ended = False
        self.bytes_in = self.bytes_out = 0
        self._context = context
        self._is_to_judge = context.is_judging
        self._record = b""  # as much as has come of the next one
        self._unsent = b""  # what the library has written and the socket has not taken
        self._promised = 0  # bytes of the caller's in there, of which he shall hear when they have left
        self._flight = Flight()
        self._tls = self._begin()

    def _begin(self):
        """The library's buffers; a server's are made when it is known which name the client asks for."""

    def handshake(self):
        """True when done, False when it must wait (see `wants`); raises TrustError, PeerError or NetworkError."""
        try:
            is_done = self._shake_hands()
        except NetworkError as error:
            raise TrustError("handshake_refused", cause=error) if has_refused(self.raw) else error
        if is_done:
            self._judge()
            self._flight = None
            self._facts = self._agreed()
            self.is_established = True
        return is_done

    def _shake_hands(self):
        for _ in range(TURNS):
            if not self._flush():
                return False
            if self._tls is not None and self._tls._handshake_state is _OVER:
                return True
            if not self._step() and not self._has_more() and not self._feed():
                return False
        self.wants = READ  # others have their turn
        return False

    def _step(self):
        """Go one step on; False when the library wants more from the peer."""
        has_gone = self._go_on()
        if self._is_to_judge and self._tls is not None and self._tls._handshake_state.value > self._verified:
            # Now, when the library has verified the chain, and both still speak in the clear.
            self._is_to_judge = False
            try:
                self._judge_shown(self._flight.chain)
            except TrustError as error:
                raise self._refused(error, BAD_CERTIFICATE)
        return has_gone

    def _go_on(self):
        try:
            if self._tls is None:
                return False
            self._tls.do_handshake()
        except WantWriteError:
            pass  # it has written something, and has not failed
        except WantReadError:
            return False
        except TLSError as error:
            fault = classify(error, self._flight.alert, self._host)
            raise self._refused(fault, HANDSHAKE_FAILURE if fault.code == "no_client_certificate" else b"")
        return True

    def _has_more(self):
        return self._tls is not None and len(self._tls._output_buffer) > 0

    def _feed(self):
        """Give the library the next record of the handshake; False when it is not there yet."""
        record = self._next_record()
        if record == b"":
            raise NetworkError("reset")
        if record is not None:
            self._flight.see(record)
            if self._tls is None:
                self._tls = self._context.buffers_for(server_name(record))
            elif self._flight.chain:
                self._context.prepare_for(self._flight.chain)
            self._tls.receive_from_network(record)
        return record is not None

    def _refused(self, error, alert=b""):
        """The error, told apart by what was seen of the peer; the alert that tells him goes, as far as it goes.

        It is the library's, or this one where that has none.
        """
        self._unsent += alert
        try:
            self._flush()
        except NetworkError:
            pass
        return self._context.told_apart(error, self._flight.chain, self._host)

    def _judge_shown(self, chain):
        """Judge of what a client has shown, if it has: with optional verification the library has gone on over it."""
        if chain:
            if not self._tls._verified:
                raise TrustError("certificate_refused")
            self._context.judge(chain, None)

    def _judge(self):
        """See that who was judged is who is there, once the handshake is over."""
        leaf = self._tls.getpeercert(True) if self._context.is_judging else None
        shown = self._flight.chain[0] if self._flight.chain and self._context.is_judging else None
        if self._is_to_judge or leaf != shown:  # it cannot be
            raise TrustError("certificate_refused", host=self._host)

    def _next_record(self):
        """The next record, whole; None when it is not there yet, b"" at the end of the stream."""
        while True:
            have = len(self._record)
            wanted = HEADER + (self._length() if have >= HEADER else 0)
            if have >= HEADER and have == wanted:
                record, self._record = self._record, b""
                return record
            try:
                data = self.raw.recv(wanted - have)
            except (BlockingIOError, InterruptedError):
                self.wants = READ
                return None
            except OSError as error:
                raise NetworkError("reset", cause=error)
            if not data:
                return b""
            self._record += data

    def _length(self):
        try:
            return length_of(self._record, RECORD + 2048 if self.is_established else RECORD)
        except ValueError as error:
            if self.is_established:
                raise PeerError("bad_record", cause=error, host=self._host)
            if self._record.startswith(HTTP):
                raise PeerError("peer_is_not_tls", cause=error, protocol="http")
            raise PeerError("peer_is_not_tls", cause=error)

    def receive(self):
        """What has arrived: bytes, b"" at the end, or None when nothing is there yet (see `wants`)."""
        room = bytearray(RECORD)
        for _ in range(0 if self._has_ended else TURNS):
            record = self._next_record()
            if record is None:
                return None
            if record == b"":
                self.was_cut = self._has_ended = True  # no close_notify: a body is whole only by its framing
                return b""
            try:
                self._tls.receive_from_network(record)
                count = self._tls.readinto(room, RECORD)
            except (WantReadError, WantWriteError):
                continue  # it was something else than data
            except TLSError as error:
                self._has_ended = True  # the library has begun anew, and takes nothing more
                if error.err != PEER_CLOSE_NOTIFY:
                    raise classify(error, None, self._host, is_established=True)
                return b""
            self.bytes_in += count
            return bytes(room[:count])
        self.wants = READ
        return b"" if self._has_ended else None

    def send(self, data):
        """How many bytes were taken; 0 when it would block (see `wants`), and then the same bytes must come again."""
        if not self._flush():
            return 0
        if not self._promised:
            if self._has_ended:
                raise NetworkError("reset")
            piece = memoryview(data)[:RECORD]
            try:
                self._tls.write(piece)
            except TLSError as error:
                raise classify(error, None, self._host, is_established=True)
            self._promised = len(piece)
            if not self._flush():
                return 0
        count, self._promised = self._promised, 0
        self.bytes_out += count
        return count

    def _flush(self):
        """Have the socket take what the library has written; False when it would block."""
        if self._has_more():
            written = self._tls._output_buffer
            self._unsent += written.peek(len(written))
            written.consume(len(written))
        while self._unsent:
            try:
                self._unsent = self._unsent[self.raw.send(self._unsent):]
            except (BlockingIOError, InterruptedError):
                self.wants = WRITE
                return False
            except OSError as error:
                raise NetworkError("reset", cause=error)
        return True

    def close_notify(self):
        """Tell the peer that nothing more follows (RFC 5246 section 7.2.1); does not wait for its own notice."""
        if self.is_established:
            self.is_established = False  # once is enough
            try:
                self._tls.shutdown()
                self._flush()
            except (TLSError, NetworkError):
                pass  # the peer is gone, or does not read: ours was tried

    def close(self):
        """Close the socket; may be called twice."""
        self.raw.close()

    def facts(self):
        """(version, cipher, alpn, resumed, certificate of the peer as DER or None) of an established connection."""
        return self._facts

    def _agreed(self):
        """The facts, kept, because the library forgets them with the peer's good-bye."""
        tls = self._tls
        certificate = tls.getpeercert(True) if self._context.is_judging else None
        return "TLSv1.2", tls.cipher(), tls.negotiated_protocol(), False, certificate


class ClientChannel(Channel):
    """The client's side of a connection to `host`; who is there is judged before anything is sent."""

    __slots__ = ("_host", "_trust")
    _verified = HandshakeStep.SERVER_CERTIFICATE.value
    is_server = False
    reads_ahead = False  # never more than one record is taken from the socket, and all of it is given

    def __init__(self, context, raw, host, trust, ticket=None):
        self._host = host
        self._trust = trust
        super().__init__(context, raw)

    def _begin(self):
        try:
            return self._context.buffers_to(self._host)
        except Exception:
            self.raw.close()
            raise

    def ticket(self):
        """None: this library keeps no sessions."""

    def _judge_shown(self, chain):
        if self._trust.is_by_authority():
            self._context.judge(chain, self._host)

    def _judge(self):
        super()._judge()
        if not self._trust.is_by_authority():
            self._trust.judge(self._tls.getpeercert(True), self._host)


__all__ = ["client_context", "server_context"]
