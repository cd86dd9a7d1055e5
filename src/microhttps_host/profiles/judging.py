"""What a board would say of a server's certificates: the first thing that it would refuse, or nothing.

One judge for all TLS libraries; in what they differ stands in `Checks`. What each really says is in the tests, where
the real ones are asked. Layer 12.
"""

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.padding import PSS, PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA1
from cryptography.x509.oid import ExtendedKeyUsageOID, ExtensionOID

from ..certificates import UNREADABLE, old_serial_numbers
from ..lint.examined import extension_of, is_issued_by
from .names import is_for, plain
from .profile import AUTHORITIES, Checks

# The extensions that Mbed TLS understands; another critical one ends the reading of a certificate.
UNDERSTOOD = (ExtensionOID.BASIC_CONSTRAINTS, ExtensionOID.KEY_USAGE, ExtensionOID.EXTENDED_KEY_USAGE,
              ExtensionOID.SUBJECT_ALTERNATIVE_NAME, ExtensionOID.SUBJECT_KEY_IDENTIFIER,
              ExtensionOID.AUTHORITY_KEY_IDENTIFIER)  # fmt: skip
ECDSA = "1.2.840.10045.4."  # what the object identifiers of its signatures begin with
WEAK_HASHES = ("md5", "sha1")
FindRoots = Callable[[Sequence[x509.Certificate]], Sequence[x509.Certificate]]  # those that a chain may end in
FOR_SERVERS = {ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE}


@dataclass(frozen=True)
class Refusal:
    """Why: a code, and what of which certificate."""

    code: str
    detail: str = ""


class Refused(Exception):
    """Carries the refusal out of the middle of a chain."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code)
        self.refusal = Refusal(code, detail)


@dataclass(frozen=True)
class Asked:
    """For what the server's certificate must be good: the host as asked for, its address, and the moment.

    `exchange` is how keys are exchanged: most ways want a key that may sign, RSA alone one that may decrypt.
    """

    host: str
    address: str
    now: datetime.datetime
    exchange: str = ""


def judge(sent: Sequence[bytes], find_roots: FindRoots, asked: Asked, checks: Checks) -> Refusal | None:
    """The first thing that a board with these checks refuses of what a server sends, None when it is content."""
    try:
        with old_serial_numbers():
            chain = [x509.load_der_x509_certificate(der) for der in sent]
            if chain:
                _judge(chain, find_roots(chain), asked, checks)
    except Refused as refused:
        return refused.refusal
    except UNREADABLE as error:  # whatever of it is asked for first
        return Refusal("certificate_refused", str(error).splitlines()[0] if str(error) else "it is none")
    return None


def described(certificate: x509.Certificate) -> str:
    """A certificate by its subject."""
    return certificate.subject.rfc4514_string() or "the one without a subject"


def _judge(chain: list[x509.Certificate], roots: Sequence[x509.Certificate], asked: Asked, checks: Checks) -> None:
    if checks.against != AUTHORITIES:
        for certificate in chain if checks.reads_all else chain[:1]:
            _check_key(certificate, checks)
            _check_signer(certificate, checks)
        return
    roots = _readable(roots, checks)
    if checks.most_sent and len(chain) > checks.most_sent:
        raise Refused("chain_too_large", f"{len(chain)} certificates, at most {checks.most_sent}")
    for certificate in chain:
        _check_readable(certificate, checks)
    path = _find_path(chain, roots, checks)
    for place, certificate in enumerate(path):
        _check_strength(certificate, checks, is_root=place == len(path) - 1)
    for certificate in path if checks.has_dates else ():
        _check_dates(certificate, asked.now)
    if not is_for(chain[0], plain(asked.host), plain(asked.address), checks):
        raise Refused("wrong_name", described(chain[0]))
    if checks.has_usage:
        _check_usage(chain[0], asked.exchange)


def _check_readable(certificate: x509.Certificate, checks: Checks) -> None:
    """What ends the reading of a certificate, whether it is needed or not."""
    _check_key(certificate, checks)
    _check_signature(certificate, checks)
    for extension in certificate.extensions if checks.refuses_unknown_critical else ():
        if extension.critical and extension.oid not in UNDERSTOOD:
            name = getattr(extension.oid, "_name", "") or extension.oid.dotted_string
            raise Refused("certificate_refused", f"{described(certificate)} has the critical extension {name}")


def _check_key(certificate: x509.Certificate, checks: Checks) -> None:
    kind = kind_of_key(certificate)
    if kind not in checks.keys:
        raise Refused("certificate_refused", f"{described(certificate)} has a key of the kind {kind}")
    bits = _rsa_bits(certificate)
    if bits > checks.rsa_bits[1]:
        raise Refused("key_too_long", f"{described(certificate)} has an RSA key of {bits} bits")


def _check_signature(certificate: x509.Certificate, checks: Checks) -> None:
    algorithm = certificate.signature_hash_algorithm
    name = algorithm.name if algorithm else certificate.signature_algorithm_oid.dotted_string
    if name not in (*checks.hashes, *WEAK_HASHES):
        raise Refused("certificate_refused", f"{described(certificate)} is signed with {name}")
    if isinstance(_padding(certificate), PSS) and not checks.reads_pss:
        raise Refused("certificate_refused", f"{described(certificate)} is signed with RSA-PSS")


def _check_signer(certificate: x509.Certificate, checks: Checks) -> None:
    signer = "ec" if certificate.signature_algorithm_oid.dotted_string.startswith(ECDSA) else "rsa"
    if signer not in checks.signers:
        raise Refused("certificate_refused", f"{described(certificate)} is signed with a key of the kind {signer}")


def _padding(certificate: x509.Certificate) -> object:
    try:
        return certificate.signature_algorithm_parameters
    except UNREADABLE:
        return None  # of SHA-1, which `cryptography` does no more


def _readable(roots: Sequence[x509.Certificate], checks: Checks) -> list[x509.Certificate]:
    """The roots that such a board could load."""
    found, refused = [], None
    for root in roots:
        try:
            _check_key(root, checks)
            if checks.reads_signatures_of_roots and root.version is not x509.Version.v1:
                _check_signature(root, checks)
                _check_hash(root)
            found.append(root)
        except Refused as error:
            refused = error
    if refused and not found:
        raise Refused("root_refused", refused.refusal.detail)
    return found


def _find_path(
    chain: list[x509.Certificate], roots: Sequence[x509.Certificate], checks: Checks
) -> list[x509.Certificate]:  # fmt: skip
    """From the server's certificate to a root; a certificate that was sent must stand behind the one that it issued."""
    path, rest = chain[:1], chain[1:]
    while True:
        root = next((one for one in roots if _is_parent(one, path, checks)), None)
        if root is not None and (checks.tries_roots_everywhere or not rest):
            return [*path, root]
        place = next((at for at, one in enumerate(rest) if _is_parent(one, path, checks)), None)
        if place is None or place and not checks.tries_roots_everywhere:
            raise Refused(*_why_no_path(chain, path, roots, checks))
        path.append(rest[place])
        rest = rest[place + 1 :]
        if checks.most_between and len(path) - 1 > checks.most_between:
            raise Refused("chain_too_large", f"more than {checks.most_between} between the server's and the root")


def _is_parent(issuer: x509.Certificate, path: list[x509.Certificate], checks: Checks) -> bool:
    child = path[-1]
    if issuer.subject != child.issuer or not (is_issued_by(child, issuer) or _is_issued_by_sha_1(child, issuer)):
        return False
    basic, usage = extension_of(issuer, x509.BasicConstraints), extension_of(issuer, x509.KeyUsage)
    if issuer.version is x509.Version.v1 and basic is None:
        return True  # a root of that time, or one made up from a name and a key
    if basic is None or not basic.value.ca or usage is not None and not usage.value.key_cert_sign:
        return False
    between = [one for one in path[1:] if one.subject != one.issuer]
    limit = basic.value.path_length
    return not checks.has_usage or limit is None or len(between) <= limit


def _is_issued_by_sha_1(certificate: x509.Certificate, issuer: x509.Certificate) -> bool:
    """What `cryptography` does not verify any more, boards do; and then they call it weak."""
    algorithm, key = certificate.signature_hash_algorithm, issuer.public_key()
    if not isinstance(algorithm, SHA1) or not isinstance(key, rsa.RSAPublicKey):
        return False
    try:
        key.verify(certificate.signature, certificate.tbs_certificate_bytes, PKCS1v15(), algorithm)
    except InvalidSignature:
        return False
    return True


def _why_no_path(
    chain: list[x509.Certificate], path: list[x509.Certificate], roots: Sequence[x509.Certificate], checks: Checks
) -> tuple[str, str]:
    last, passed = path[-1], [one for one in chain if one not in path]
    if any(_is_parent(one, path, checks) for one in passed):
        return "wrong_order", f"the issuer of {described(last)} is sent before it"
    if len(chain) == 1 and last.subject == last.issuer:
        return "self_signed", described(last)
    if any(one.subject == last.issuer for one in (*roots, *passed)):
        return "untrusted_issuer", f"{last.issuer.rfc4514_string()} is there, but has not signed or may not sign this"
    return "untrusted_issuer", f"nobody is trusted or sent who is called {last.issuer.rfc4514_string()}"


def _check_strength(certificate: x509.Certificate, checks: Checks, is_root: bool) -> None:
    bits = _rsa_bits(certificate)
    if 0 < bits < checks.rsa_bits[0]:
        raise Refused("too_weak", f"{described(certificate)} has an RSA key of {bits} bits")
    if not is_root:  # what signs a root proves nothing
        _check_hash(certificate)


def _check_hash(certificate: x509.Certificate) -> None:
    algorithm = certificate.signature_hash_algorithm
    if algorithm and algorithm.name in WEAK_HASHES:
        raise Refused("too_weak", f"{described(certificate)} is signed with {algorithm.name}")


def _check_dates(certificate: x509.Certificate, now: datetime.datetime) -> None:
    begins, ends = certificate.not_valid_before_utc, certificate.not_valid_after_utc
    if now > ends:
        raise Refused("expired", f"{described(certificate)} ended on {ends:%Y-%m-%d}")
    if now < begins:
        raise Refused("not_yet_valid", f"{described(certificate)} begins on {begins:%Y-%m-%d}")


def _check_usage(certificate: x509.Certificate, exchange: str) -> None:
    usage, purposes = extension_of(certificate, x509.KeyUsage), extension_of(certificate, x509.ExtendedKeyUsage)
    if purposes is not None and FOR_SERVERS.isdisjoint(purposes.value):
        raise Refused("wrong_usage", f"{described(certificate)} is not for servers")
    if usage is not None and not (usage.value.key_encipherment if exchange == "RSA" else usage.value.digital_signature):
        raise Refused("wrong_usage", f"the key of {described(certificate)} may not be used as this handshake would")


def kind_of_key(certificate: x509.Certificate) -> str:
    key = certificate.public_key()
    if isinstance(key, ec.EllipticCurvePublicKey):
        return key.curve.name
    if isinstance(key, rsa.RSAPublicKey):
        return "rsa"
    return type(key).__name__.removesuffix("PublicKey").lower()


def _rsa_bits(certificate: x509.Certificate) -> int:
    key = certificate.public_key()
    return key.key_size if isinstance(key, rsa.RSAPublicKey) else 0
