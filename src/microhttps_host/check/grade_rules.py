"""What a grade is made of, as a table: the rule, the best grade that is left when it is broken, and what to change.

Grades are A to F; a rule that leaves an A is advice. Settings are those of our own server (docs/defaults.md); whoever
runs another finds the same thing there under another name. Layer 13.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa

from microhttps.errors import MicrohttpsError

from ..lint.lint import Finding as Broken
from ..lint.lint_rules import APPLE, CHROMIUM, EVERYBODY, FIREFOX, MBED
from ..probing.numbers import TLS_1_2
from ..probing.suites import SUITES, is_authenticated_encryption, is_broken, is_forward_secret
from .chains import is_ending
from .crowding import Crowd

GRADES = "ABCDEF"
MAX_SHOWN = 4
HALF_A_YEAR = 180 * 86400
USUAL_CIPHERS = 'ciphers= away, or ciphers="ECDHE+AESGCM:ECDHE+CHACHA20"'


@dataclass
class Seen:
    """What was seen of a server."""

    versions: list[str] = field(default_factory=list)
    suites: dict[int, tuple[int, ...]] = field(default_factory=dict)  # by version
    prime_bits: int = 0
    resumes: dict[str, bool] = field(default_factory=dict)
    refusal: MicrohttpsError | None = None
    chain: list[x509.Certificate] = field(default_factory=list)
    path: list[x509.Certificate] = field(default_factory=list)
    broken: list[Broken] = field(default_factory=list)  # rules of the linter
    hsts: str | None = None
    is_web: bool = False  # it was asked by HTTP, and has answered
    is_private: bool = False  # by its name, which no public authority vouches for
    crowd: Crowd | None = None

    @property
    def all_suites(self) -> set[int]:
        return {suite for suites in self.suites.values() for suite in suites}


@dataclass(frozen=True)
class Rule:
    """`find(seen)` gives what breaks the rule, "" when nothing does; `grade` is the best that is left then."""

    code: str
    grade: str
    what: str
    cure: str
    find: Callable[[Seen], str]


def _names(suites: set[int]) -> str:
    found = sorted(SUITES.get(suite, hex(suite)) for suite in suites)
    more = len(found) - MAX_SHOWN
    return ", ".join(found[:MAX_SHOWN]) + (f" and {more} more" if more > 0 else "")


def _no_connection(seen: Seen) -> str:
    return seen.refusal.code if seen.refusal else ""


def _too_old(*versions: str) -> Callable[[Seen], str]:
    return lambda seen: ", ".join(version for version in seen.versions if version in versions)


def _broken_suites(seen: Seen) -> str:
    return _names({suite for suite in seen.all_suites if is_broken(suite)})


def _no_secrecy_at_all(seen: Seen) -> str:
    old = seen.suites.get(TLS_1_2, ())
    return "yes" if old and "TLS 1.3" not in seen.versions and not any(map(is_forward_secret, old)) else ""


def _some_without_secrecy(seen: Seen) -> str:
    return "" if _no_secrecy_at_all(seen) else _names({each for each in seen.all_suites if not is_forward_secret(each)})


def _by_blocks(seen: Seen) -> str:
    good = {each for each in seen.suites.get(TLS_1_2, ()) if is_forward_secret(each) and not is_broken(each)}
    return _names({suite for suite in good if not is_authenticated_encryption(suite)})


def _no_tls_1_3(seen: Seen) -> str:
    return "yes" if seen.versions and "TLS 1.3" not in seen.versions else ""


def _refused_by(*engines: str) -> Callable[[Seen], str]:
    """What of the chain some of these engines refuse, where not all do (then nobody believes it)."""

    def find(seen: Seen) -> str:
        found = [one.rule for one in seen.broken if set(engines) & set(one.rule.refusing) and not _is_everybodys(one)]
        return "; ".join(f"{rule.what} [{rule.code}] ({', '.join(rule.refusing)})" for rule in found)

    return find


def _refused_by_all(seen: Seen) -> str:
    return "; ".join(f"{one.rule.what} [{one.rule.code}]" for one in seen.broken if _is_everybodys(one))


def _is_everybodys(one: Broken) -> bool:
    return set(EVERYBODY) <= set(one.rule.refusing)


def _refused_by_strict(seen: Seen) -> str:
    browsers = {APPLE, CHROMIUM, FIREFOX, MBED}
    found = [one.rule for one in seen.broken if not browsers & set(one.rule.refusing)]
    return "; ".join(f"{rule.what} [{rule.code}] ({', '.join(rule.refusing)})" for rule in found)


def _expires(seen: Seen) -> str:
    ending = [one for one in seen.path if is_ending(one)]
    return ", ".join(f"{one.not_valid_after_utc:%Y-%m-%d}" for one in ending)


def _wrong_order(seen: Seen) -> str:
    return "yes" if [one for one in seen.chain if one in seen.path] != seen.path else ""


def _not_needed(seen: Seen) -> str:
    count = len(seen.chain) - len(seen.path) + sum(one.subject == one.issuer for one in seen.path[1:])
    return f"{count} of {len(seen.chain)}" if count else ""


def _rsa_bits(seen: Seen) -> int:
    key = seen.chain[0].public_key() if seen.chain else None
    return key.key_size if isinstance(key, rsa.RSAPublicKey) else 0


def _slow_key(seen: Seen) -> str:
    return f"RSA {_rsa_bits(seen)}" if _rsa_bits(seen) > 2048 else ""


def _rsa_key(seen: Seen) -> str:
    return "RSA 2048" if 0 < _rsa_bits(seen) <= 2048 else ""


def _few_served(seen: Seen) -> str:
    crowd = seen.crowd
    if crowd is None or crowd.served == crowd.asked:
        return ""
    return f"{crowd.served} of {crowd.asked} who asked, of {crowd.opened} connections"


def _no_hsts(seen: Seen) -> str:
    return "yes" if seen.is_web and not seen.is_private and seen.hsts is None else ""


def _short_hsts(seen: Seen) -> str:
    age = (seen.hsts or "").lower().partition("max-age=")[2].partition(";")[0].strip(' "')
    return f"{age} seconds" if seen.hsts is not None and (not age.isdigit() or int(age) < HALF_A_YEAR) else ""


def _no_resumption(seen: Seen) -> str:
    return "yes" if seen.resumes and not any(seen.resumes.values()) else ""


RULES = (
    Rule("no_connection", "F", "clients do not connect to it", "see the step that has failed", _no_connection),
    Rule("refused_by_all", "F", "every client refuses its certificates", "microhttps ca renew LABEL", _refused_by_all),
    Rule("broken_suites", "F", "it takes cipher suites that are broken", f"leave {USUAL_CIPHERS}", _broken_suites),
    Rule("ssl_3", "F", "it speaks SSL 3.0, which is broken", 'leave minimum_tls="1.2" as it is', _too_old("SSL 3.0")),
    Rule("old_versions", "C", "it speaks versions of TLS that are broken (RFC 8996)",
         'leave minimum_tls="1.2" as it is', _too_old("TLS 1.0", "TLS 1.1")),
    Rule("no_forward_secrecy", "C", "who steals its key reads all that was recorded before", f"leave {USUAL_CIPHERS}",
         _no_secrecy_at_all),
    Rule("short_prime", "C", "its Diffie-Hellman prime is shorter than 2048 bits", f"leave {USUAL_CIPHERS}",
         lambda seen: f"{seen.prime_bits} bits" if 0 < seen.prime_bits < 2048 else ""),
    Rule("refused_by_some", "C", "some clients refuse its certificates", "microhttps ca renew LABEL makes one that all "
         "take; microhttps ca lint FILE says who refuses what", _refused_by(APPLE, CHROMIUM, FIREFOX, MBED)),
    Rule("wrong_order", "C", "its certificates are in the wrong order, so that boards cannot connect",
         "put its own certificate first in the file of Identity(...), then the one that signed it", _wrong_order),
    Rule("few_served", "C", "of six connections at once, as a browser opens them, not all are served",
         "raise max_open_sockets and max_sockets_per_address, leave lru_purge on and grace_for_silence short",
         _few_served),
    Rule("some_without_forward_secrecy", "B", "it takes suites by which recorded traffic can be read later",
         f"leave {USUAL_CIPHERS}", _some_without_secrecy),
    Rule("no_tls_1_3", "B", "it does not speak TLS 1.3", "leave maximum_tls= away", _no_tls_1_3),
    Rule("refused_by_strict", "B", "strict clients refuse its certificates", "microhttps ca renew LABEL; an authority "
         "of long ago: microhttps ca init --keep-key", _refused_by_strict),
    Rule("expires_soon", "B", "a certificate ends soon", "microhttps ca renew LABEL; it is taken up by itself "
         "(identity_check_interval)", _expires),
    Rule("slow_key", "B", "its key costs a board many seconds a handshake", "microhttps ca renew LABEL --new-key makes "
         "one on P-256", _slow_key),
    Rule("no_hsts", "B", "browsers are not told to use HTTPS alone (HSTS)",
         'server.use(AddedHeaders({"Strict-Transport-Security": "max-age=31536000"}))', _no_hsts),
    Rule("short_hsts", "A", "browsers remember for less than half a year to use HTTPS alone",
         'server.use(AddedHeaders({"Strict-Transport-Security": "max-age=31536000"}))', _short_hsts),
    Rule("block_ciphers", "A", "it takes suites of the older kind (CBC)", 'ciphers="ECDHE+AESGCM:ECDHE+CHACHA20"',
         _by_blocks),
    Rule("rsa_key", "A", "P-256 would cost a board a tenth", "microhttps ca renew LABEL --new-key", _rsa_key),
    Rule("not_needed", "A", "it sends certificates that nobody needs, which boards have to hold",
         "leave the root out of the file of Identity(...)", _not_needed),
    Rule("no_resumption", "A", "clients that come back begin anew", "session_tickets=True (on a computer)",
         _no_resumption),
)  # fmt: skip
