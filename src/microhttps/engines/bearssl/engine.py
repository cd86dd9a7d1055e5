"""BearSSL, through the system's library: the non-blocking channels. CPython only; needs cffi and a C compiler.

TLS 1.2 alone, with forward secrecy; no session of a connection over which a client has shown a certificate. A
connection costs 40 KB, two records, and nothing grows. Contexts, faults and what is believed stand beside this file,
the C between us and the library in the folder c. Knows no HTTP, no waiting, no port. Layer 3.
"""

import os
import time

from ...errors import MicrohttpsError, NetworkError, TrustError, UsageError
from ...wire.x509 import tell_apart
from ..final_alert import has_refused
from ..strict import is_address
from .believing import believe, parts_of
from .contexts import NAMES, client_context, server_context
from .faults import alert_for, classify
from .library import CUT, ENDED, FAILED, REFUSED, WANT_READ, WANT_WRITE, ffi, lib

__all__ = ["CAN", "NAME", "REASONS", "Channel", "ClientChannel", "channel_for", "client_context", "server_context"]

NAME = "bearssl"
CAN = {"session_tickets", "alpn", "peer_certificate", "client_certificate", "close_notify", "public_roots",
       "identities", "maximum_tls", "ciphers", "handshake_end"}  # fmt: skip
REASONS = {  # why it cannot what is not in CAN
    "minimum_tls": "BearSSL speaks TLS 1.2 alone",
    "curves": "BearSSL chooses among X25519, P-256, P-384 and P-521 by itself",
}
READ, WRITE = 1, 2
ANY_USE = 0x30  # of a key: to sign and to exchange keys (BR_KEYTYPE_SIGN, BR_KEYTYPE_KEYX)
SESSION_AGE = 3600.0  # seconds after which a session is not resumed: its certificate is to be judged again


def channel_for(trust, choices):
    """The class of the channels of a server with this trust (or None) and these choices (see tls_limits)."""
    return Channel


@ffi.callback("unsigned(void *, const unsigned char *, const uint32_t *, uint32_t)", error=1)
def _judge(handle, data, lengths, count):
    return ffi.from_handle(handle)._judge(parts_of(data, lengths, count))


class Channel:
    """One TLS connection over a non-blocking socket; `raw` is the socket to wait for, and is closed with it."""

    __slots__ = ("_connection", "_context", "_data", "_fault", "_host", "_leaf", "bytes_in", "bytes_out",
                 "is_established", "raw", "wants", "was_cut")
    capacity = 16 * 1024
    is_secure = True
    is_server = True

    def __init__(self, context, raw, host=None, ticket=None):
        self.raw = raw
        self._context = context
        self._host = host
        self._fault = self._leaf = None  # what the judge has found
        self.wants = READ
        self.was_cut = self.is_established = False
        self.bytes_in = self.bytes_out = 0
        self._data = ffi.new("unsigned char *[1]")
        try:
            self._connection = self._new(_server_name(host), ticket)
        except (MicrohttpsError, MemoryError):
            raw.close()
            raise

    def _new(self, name, ticket):
        entropy = os.urandom(32)
        session = ffi.NULL if ticket is None else ticket.session
        connection = lib.mh_new(self._context.pointer, name, session, _judge, entropy, len(entropy))
        if connection == ffi.NULL:
            raise MemoryError
        return ffi.gc(connection, lib.mh_free, lib.mh_size())

    def handshake(self):
        """True when done, False when it must wait (see `wants`); raises TrustError, PeerError or NetworkError."""
        answer = lib.mh_handshake(self._open(), self.raw.fileno(), ffi.new_handle(self))
        if answer == 1:
            self.is_established = True
            return True
        if self._must_wait(answer):
            return False
        raise self._failed(answer)

    def _failed(self, answer):
        """The error of a handshake; the peer is told, too."""
        number = lib.mh_error(self._connection)
        if answer == REFUSED:
            self._fault, error = None, self._fault
            if error is None and lib.mh_is_too_large(self._connection):
                error = TrustError("chain_too_large", host=self._host)
            answer = error or FAILED
        error = self._classified(answer)
        if error.code == "reset" and has_refused(self.raw):
            error = TrustError("handshake_refused", cause=error.cause)
        alert = alert_for(error, number)
        if alert is not None:
            lib.mh_alert(self._connection, self.raw.fileno(), alert)
        return error

    def _judge(self, chain):
        """BearSSL's error for the chain of the peer, or what its key is for; raises nothing."""
        try:
            self._leaf = chain[0]
            return self._believe(chain) << 16
        except TrustError as error:
            tell_apart(error, chain)
            self._fault = error
        except MicrohttpsError as error:
            self._fault = error
        return 1

    def _believe(self, chain):
        return believe(chain, self._context.authorities, None, int(time.time()))

    def receive(self):
        """What has arrived: bytes, b"" at the end, or None when nothing is there yet (see `wants`)."""
        answer = lib.mh_receive(self._open(), self.raw.fileno(), self._data)
        if answer > 0:
            self.bytes_in += answer
            return bytes(ffi.buffer(self._data[0], answer))
        if answer == CUT:
            self.was_cut = True  # no close_notify: the end of a body may only be believed from its framing
        if answer in (CUT, ENDED):
            return b""
        if self._must_wait(answer):
            return None
        raise self._classified(answer)

    def send(self, data):
        """How many bytes were taken; 0 when it would block (see `wants`), and then the same bytes must come again."""
        answer = lib.mh_send(self._open(), self.raw.fileno(), ffi.from_buffer("unsigned char[]", data), len(data))
        if answer >= 0:
            self.bytes_out += answer
            return answer
        if self._must_wait(answer):
            return 0
        raise self._classified(answer)

    def _must_wait(self, answer):
        if answer not in (WANT_READ, WANT_WRITE):
            return False
        self.wants = READ if answer == WANT_READ else WRITE
        return True

    def _open(self):
        if self._connection is None:
            raise NetworkError("reset")
        return self._connection

    def _classified(self, answer):
        data = ffi.new("const unsigned char *[1]")
        count = lib.mh_first(self._connection, data)
        first = bytes(ffi.buffer(data[0], count)) if count else b""
        return classify(answer, lib.mh_error(self._connection), first, self._host, self.is_established)

    def close_notify(self):
        """Tell the peer that nothing more follows (RFC 5246 section 7.2.1); does not wait for its own notice."""
        if self.is_established and self._connection is not None:
            self.is_established = False  # once is enough
            lib.mh_close_notify(self._connection, self.raw.fileno())

    def close(self):
        """Close the socket and forget the keys; may be called twice."""
        self.raw.close()
        if self._connection is not None:
            ffi.release(self._connection)
            self._connection = None

    def facts(self):
        """(version, cipher, alpn, resumed, certificate of the peer as DER or None) of an established connection."""
        connection = self._connection
        protocol = lib.mh_protocol(connection)
        protocol = None if protocol == ffi.NULL else ffi.string(protocol).decode()
        return "TLSv1.2", NAMES[lib.mh_suite(connection)], protocol, bool(lib.mh_is_resumed(connection)), self._leaf


class ClientChannel(Channel):
    """The client's side of a connection to `host`; pins are judged before anything is sent."""

    __slots__ = ("_trust",)
    is_server = False
    reads_ahead = False  # never more than one record is taken from the socket, and all of it is given

    def __init__(self, context, raw, host, trust, ticket=None):
        self._trust = trust
        if ticket is not None and not ticket.is_for(context, host):
            ticket = None
        super().__init__(context, raw, host, ticket)
        if ticket is not None:
            self._leaf = ticket.leaf  # a session that is resumed shows no certificate; another one replaces it

    def handshake(self):
        """As Channel.handshake; raises TrustError("wrong_pin") besides."""
        if not super().handshake():
            return False
        if not self._trust.is_by_authority():
            self._trust.judge(self._leaf, self._host)
        return True

    def ticket(self):
        """What resumes this TLS session on another connection of the same context, or None."""
        session = lib.mh_session(self._open())
        return None if session == ffi.NULL else _Ticket(self, ffi.gc(session, lib.mh_session_free))

    def _believe(self, chain):
        if not self._trust.is_by_authority():
            return ANY_USE
        return believe(chain, self._context.authorities, self._host, int(time.time()))

    def about(self):
        """(context, host, the certificate that was judged)."""
        return self._context, self._host, self._leaf


class _Ticket:
    """A TLS session for later, a secret."""

    def __init__(self, channel, session):
        self._context, self._host, self.leaf = channel.about()
        self._until = time.monotonic() + SESSION_AGE
        self.session = session

    def is_for(self, context, host):
        """Whether it is of the same context and host, and not old."""
        return self._context is context and self._host == host and time.monotonic() < self._until


def _server_name(host):
    """What the hello names (RFC 6066 section 3): no address."""
    if host is None or is_address(host):
        return b""
    try:
        name = host.encode("ascii")
    except UnicodeError as error:
        raise UsageError("bad_host_name", cause=error, host=host)
    if not 0 < len(name) < 256 or b"\0" in name:
        raise UsageError("bad_host_name", host=host)
    return name
