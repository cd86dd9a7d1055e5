"""What a server has answered to one hello: everything that stands in its flight, and how the flight ended.

Only facts; what they mean for a board or for a site is judged elsewhere. Layer 12.
"""

from dataclasses import dataclass, field

from microhttps.wire.alerts import ALERTS

from .numbers import GROUPS, SCHEMES, VERSIONS, name_in
from .offer import Offer
from .suites import SUITES

# How a flight ends that is not whole.
ALERT, CLOSED, RESET, DEADLINE = "alert", "closed", "reset", "deadline"
NOT_TLS, MALFORMED, TOO_LARGE, UNOFFERED = "not_tls", "malformed", "too_large", "unoffered"


@dataclass(frozen=True)
class CertificateRequest:
    """A server asks its clients for a certificate: signature schemes that it takes, how many issuers it names."""

    schemes: tuple[int, ...]
    authorities: int


@dataclass
class Flight:
    """The answer to `offer`, as far as it came.

    `ended` is "" while nothing went wrong, and for what was read to its end; else one of the words above, with `detail`
    in words. Numbers are those of the wire; None is what the server has not said.
    """

    offer: Offer
    ended: str = ""
    detail: str = ""
    is_whole: bool = False  # up to ServerHelloDone, or CertificateVerify in TLS 1.3
    alert: int | None = None
    version: int | None = None
    suite: int | None = None
    group: int | None = None
    scheme: int | None = None
    has_retried: bool = False  # the server asked for another share first
    session_id: bytes = b""
    extensions: dict[int, bytes] = field(default_factory=dict)
    certificates: list[bytes] = field(default_factory=list)
    stapled: bytes = b""  # the OCSP answer of the server's own certificate
    request: CertificateRequest | None = None
    prime_bits: int = 0  # of a key exchange by DHE
    beginning: bytes = b""  # of what is no TLS
    bytes_read: int = 0
    largest_record: int = 0
    largest_message: int = 0

    @property
    def is_answered(self) -> bool:
        """Whether the server went on with what was offered: a version and a suite are agreed upon."""
        return self.suite is not None and self.ended != UNOFFERED

    @property
    def alert_name(self) -> str:
        return name_in(ALERTS, self.alert)

    @property
    def version_name(self) -> str:
        return name_in(VERSIONS, self.version)

    @property
    def suite_name(self) -> str:
        return name_in(SUITES, self.suite)

    @property
    def group_name(self) -> str:
        return name_in(GROUPS, self.group)

    @property
    def scheme_name(self) -> str:
        return name_in(SCHEMES, self.scheme)

    def end(self, how: str, detail: str = "") -> None:
        """Note how it ended; the first thing that went wrong counts."""
        if not self.ended and not self.is_whole:
            self.ended, self.detail = how, detail
