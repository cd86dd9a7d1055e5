"""One visit to a target: what was asked for, what its steps have found so far, and its connections. Layer 13."""

import socket
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from microhttps import Identity, Trust, wrap_socket
from microhttps.errors import MicrohttpsError, NetworkError
from microhttps.wire.http_dates import parse_date

from ..fetching import choose_trusts
from .exchange import Answer
from .looking import ALL_PROTOCOLS, IN_HTTP_1, Look, Records, Tapped, blind_context
from .starting import Greeting, begin_tls
from .target import STARTTLS, Target
from .wires import Plain, Talk, open_socket

OF_ROOTS = ("untrusted_issuer", "self_signed", "missing_intermediate")  # what another root might mend
USER_AGENT = "microhttps-check"


@dataclass(frozen=True)
class Options:
    """What a check is done with; the same for all of its targets."""

    timeout: float = 10.0  # seconds for each step
    cacert: str | bytes | None = None
    crl: str | bytes | None = None  # what this authority has revoked
    pins: Sequence[str] = ()
    identity: Identity | None = None
    user_agent: str = USER_AGENT
    engine: str | None = None  # the TLS library that decides; none: the interpreter's
    is_brief: bool = False  # one of many: no more connections than are needed for a verdict

    def trusts_for(self, name: str) -> list[Trust]:
        """Whom to believe for this name, each to be tried in turn; raises UsageError."""
        if self.cacert:
            return [Trust.load(self.cacert, crl=self.crl)]
        return choose_trusts(name, None, self.pins, False)


class Visit:
    """The state of one check. `close()` lets go of what is open; it may be called twice.

    No two connections are open at a time: a small server serves one after the other.
    """

    def __init__(self, target: Target, options: Options) -> None:
        self.target = target
        self.options = options
        self.trusts = options.trusts_for(target.name)
        self.addresses: list[tuple[int, tuple[Any, ...]]] = []
        self.address: tuple[int, tuple[Any, ...]] | None = None
        self.greeting: Greeting | None = None
        self.records = Records()
        self.look: Look | None = None
        self.refusal: MicrohttpsError | None = None  # why it is not believed
        self.secure: Any = None  # the verified connection
        self.peer: bytes | None = None  # the certificate (DER) that was believed
        self.trust: Trust | None = None  # in whom it was believed
        self.date: int | None = None  # by the server's clock, seconds since 1970
        self.first: Answer | MicrohttpsError | None = None  # to our first request

    @property
    def speaks(self) -> str:
        return self.target.speaks

    def open(self) -> socket.socket:
        """A connected socket on which TLS can begin; waits. Raises NetworkError, PeerError."""
        raw = self.open_plain()
        if self.target.begins == STARTTLS:
            try:
                self.greeting = begin_tls(Plain(raw), self.speaks, self.options.timeout)
            except BaseException:
                raw.close()
                raise
        return raw

    def open_plain(self) -> socket.socket:
        """A connected socket on which nothing was said."""
        if self.address is None:
            raise NetworkError("no_such_host", host=self.target.host)
        return open_socket(self.address, self.options.timeout)

    def verify(self) -> None:
        """Shake hands as the runtime does, believing each trust in turn: `secure`, or else `refusal`; waits.

        Raises NetworkError and PeerError of the connection below TLS.
        """
        for trust in self.trusts:
            raw = self.open()
            try:
                self.secure = self.wrap(raw, trust)
                self.trust, self.refusal = trust, None
                self.peer = self.secure.tls.peer_certificate
                return
            except MicrohttpsError as error:
                raw.close()
                if error.code == "no_system_roots" and self.refusal:
                    return  # then what was said before counts
                error.facts.setdefault("host", self.target.name)
                if error.code == "reset":
                    error.facts["during"] = "handshake"
                self.refusal = error
                if error.code not in OF_ROOTS:
                    return

    def wrap(self, raw: socket.socket, trust: Trust) -> Any:
        """A SecureSocket of the runtime over a connected socket, verified; waits. Raises as `wrap_socket`."""
        settings: dict[str, Any] = {"engine": self.options.engine} if self.options.engine else {}
        return wrap_socket(raw, trust=trust, identity=self.options.identity, server_hostname=self.target.name,
                           address=(self.target.host, self.target.port), **settings)  # fmt: skip

    def talk(self, limit: int = 256 * 1024) -> Talk:
        """A conversation over the verified connection."""
        return Talk(self.secure, self.options.timeout, limit)

    def note_date(self, answer: Answer) -> None:
        """Keep what the server's Date field says."""
        value = answer.value(b"date")
        seconds = parse_date(value.encode("latin-1", "replace")) if value else None
        if seconds is not None and self.date is None:
            self.date = int(seconds)

    def tapped(self, records: Records | None = None) -> Tapped:
        """Another connection, to whoever answers, whose records are measured; waits. Raises as `open`, PeerError.

        With `records` it is to be looked at only, else to be talked over.
        """
        protocols = (ALL_PROTOCOLS if records else IN_HTTP_1).get(self.speaks, ())
        context = blind_context(protocols, self.options.identity)
        try:
            return Tapped(self.open(), context, self.target.name, self.options.timeout, records)
        except NetworkError as error:
            if error.code == "reset":
                error.facts["during"] = "handshake"
            raise

    def close(self) -> None:
        if self.secure is not None:
            self.secure.close()
