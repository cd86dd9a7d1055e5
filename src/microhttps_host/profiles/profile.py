"""What is known of the TLS of one kind of board: what it offers, what it takes, what it checks, and from where we know.

Plain data; `judging` and `connecting` work on it. Layer 12.
"""

from dataclasses import dataclass

from ..probing.offer import Offer

FULL = 2**14 + 256  # the longest record that there is (RFC 8446, 5.2)

AUTHORITIES, PINS, NOTHING = "authorities", "pins", "nothing"  # what a server's certificate is held against
STRICTLY, BY_GLOB = "strictly", "by glob"  # how names are compared


@dataclass(frozen=True)
class Checks:
    """How a certificate is judged."""

    against: str
    keys: tuple[str, ...]  # that it can read: rsa, and curves by OpenSSL's names
    rsa_bits: tuple[int, int]  # the shortest and the longest RSA key
    hashes: tuple[str, ...] = ()  # of the signatures of certificates
    reads_pss: bool = False  # certificates that are signed with RSA-PSS
    signers: tuple[str, ...] = ("rsa", "ec")  # whose signatures on a certificate it can read
    reads_all: bool = True  # each certificate that is sent, not the server's own alone
    names: str = STRICTLY
    has_dates: bool = True
    has_usage: bool = True  # keyUsage, extendedKeyUsage, the length of a path
    refuses_unknown_critical: bool = True
    tries_roots_everywhere: bool = True  # a root may stand above any certificate, not above the last one alone
    reads_signatures_of_roots: bool = False  # and so refuses one that it cannot read
    most_between: int = 0  # intermediates; 0: any number
    most_sent: int = 0  # certificates in all


@dataclass(frozen=True)
class Memory:
    """Bytes: of a handshake at its highest, of the connection afterwards, and what there is."""

    handshake: int  # without the server's certificates
    connection: int
    certificate: int  # for each one that is sent, beside its own length
    free: int  # before the program begins
    where: str  # whose memory that is
    source: str


@dataclass(frozen=True)
class Profile:
    """One kind of board with one firmware."""

    name: str
    what: str
    library: str
    offer: Offer
    checks: Checks
    record: int  # the longest record that it can receive, with what sealing adds
    memory: Memory
    trust: str  # whom it believes, in a sentence
    unchecked: tuple[str, ...]  # what it does not look at, a sentence each
    clock: str  # where its time comes from
    sources: tuple[str, ...]
    message: int = 0  # the longest message of a handshake, where that is not free
    suite_advice: str = "Only other firmware has others."  # where it lacks cipher suites
    has_bundle: bool = False  # of ESP-IDF, which looks for the issuer of the last certificate alone
    refused_schemes: tuple[int, ...] = ()  # offered, but refused in TLS 1.2 when a server takes them

    @property
    def versions(self) -> str:
        """Its versions as people say them: "1.0 to 1.2"."""
        numbers = [f"1.{(version & 0xFF) - 1}" for version in sorted(self.offer.versions)]
        return numbers[0] if len(numbers) == 1 else f"{numbers[0]} to {numbers[-1]}"
