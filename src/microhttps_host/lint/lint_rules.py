"""Who refuses which certificate, as a table: the rule, whose it is, where it is written, and how it is seen.

What stands here of OpenSSL, Python, Chromium and Mbed TLS is what they were seen to do
(tests/authority/test_lint.py shows each of them a certificate for each rule); what stands here of Apple and Firefox
is what their makers write. An authority of one's own is assumed: for public ones there are more rules. Layer 11.
"""

from collections.abc import Callable
from dataclasses import dataclass

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa

from .examined import AUTHORITY, CLIENT, PURPOSES, SERVER, Examined

APPLE, CHROMIUM, FIREFOX, OPENSSL, PYTHON, MBED = "apple", "chromium", "firefox", "openssl", "python", "mbedtls"
DER_ONLY = "der-only"
ENGINES = {
    APPLE: "Safari and every app on iOS and macOS",
    CHROMIUM: "Chromium, Chrome, Edge",
    FIREFOX: "Firefox",
    OPENSSL: "OpenSSL 3 as curl, nginx and Python before 3.13 use it",
    PYTHON: "Python 3.13 and later, and openssl -x509_strict",
    MBED: "Mbed TLS 3: MicroPython, ESP-IDF",
    DER_ONLY: "boards whose firmware reads no PEM (MicroPython on a Pico W)",
}
EVERYBODY = (APPLE, CHROMIUM, FIREFOX, OPENSSL, PYTHON, MBED)
LEAVES, ALL = (SERVER, CLIENT), (SERVER, CLIENT, AUTHORITY)

HT210176 = "https://support.apple.com/103769 (HT210176)"
STRICT = "OpenSSL, crypto/x509/x509_vfy.c, check_extensions, under X509_V_FLAG_X509_STRICT"
MBED_CRT = "Mbed TLS 3.6, library/x509_crt.c"
MAX_BETWEEN = 8
PKIX = "mozilla::pkix, pkixcheck.cpp"


@dataclass(frozen=True)
class Rule:
    """`find(examined)` gives what breaks the rule, "" when nothing does."""

    code: str
    refusing: tuple[str, ...]
    roles: tuple[str, ...]
    what: str
    cure: str
    source: str
    find: Callable[[Examined], str]


def _if(condition: object) -> str:
    return "yes" if condition else ""


def _listed(texts: list[str]) -> str:
    return ", ".join(texts)


def _weak_hash(one: Examined) -> str:
    algorithm = one.certificate.signature_hash_algorithm
    name = algorithm.name if algorithm else ""
    # What signs an anchor proves nothing, and nobody looks.
    return name if name in ("md5", "sha1") and not (one.role == AUTHORITY and one.is_root) else ""


def _short_rsa(one: Examined) -> str:
    return f"{one.rsa_bits} bits" if 0 < one.rsa_bits < 2048 else ""


def _no_names(one: Examined) -> str:
    return _if(one.value(x509.SubjectAlternativeName) is None)


def _wrong_purpose(one: Examined) -> str:
    return _if(one.purposes is not None and PURPOSES[one.role] not in one.purposes)


def _no_purpose(one: Examined) -> str:
    return _if(one.purposes is None)


def _over(days: int) -> Callable[[Examined], str]:
    return lambda one: f"{one.days:.0f} days" if one.days > days else ""


def _expired(one: Examined) -> str:
    ends = one.certificate.not_valid_after_utc
    return f"on {ends:%Y-%m-%d}" if ends < one.now else ""


def _not_yet(one: Examined) -> str:
    begins = one.certificate.not_valid_before_utc
    return f"before {begins:%Y-%m-%d}" if begins > one.now else ""


def _no_issuer_key(one: Examined) -> str:
    found = one.value(x509.AuthorityKeyIdentifier)
    return _if(not _is_v1(one) and not one.is_root and (found is None or found.key_identifier is None))


def _no_own_key(one: Examined) -> str:
    return _if(one.value(x509.SubjectKeyIdentifier) is None)


def _is_v1(one: Examined) -> bool:
    return one.certificate.version is x509.Version.v1


def _not_critical(one: Examined) -> str:
    found = one.extension(x509.BasicConstraints)
    return _if(found is not None and not found.critical)


def _no_usage(one: Examined) -> str:
    return _if(not _is_v1(one) and one.value(x509.KeyUsage) is None)


def _cannot_sign(one: Examined) -> str:
    found = one.value(x509.KeyUsage)
    return _if(found is not None and not found.key_cert_sign)


def _no_authority(one: Examined) -> str:
    found = one.value(x509.BasicConstraints)
    return _if(not _is_v1(one) and (found is None or not found.ca))


def _too_deep(one: Examined) -> str:
    found = one.value(x509.BasicConstraints)
    limit = found.path_length if found else None
    return f"{one.below} below it, {limit} allowed" if limit is not None and one.below > limit else ""


def _no_signing(one: Examined) -> str:
    found = one.value(x509.KeyUsage)
    return _if(found is not None and not found.digital_signature)


def _signs_certificates(one: Examined) -> str:
    found, basic = one.value(x509.KeyUsage), one.value(x509.BasicConstraints)
    return _if(found is not None and found.key_cert_sign and not (basic and basic.ca))


def _critical_constraints(one: Examined) -> str:
    found = one.extension(x509.NameConstraints)
    return _if(found is not None and found.critical)


def _kind_other_than(*curves: str) -> Callable[[Examined], str]:
    def find(one: Examined) -> str:
        key = one.certificate.public_key()
        if isinstance(key, ec.EllipticCurvePublicKey):
            return "" if key.curve.name in curves else key.curve.name
        return "" if isinstance(key, rsa.RSAPublicKey) or "Ed25519" in type(key).__name__ else type(key).__name__

    return find


def _ed25519(one: Examined) -> str:
    return _if("Ed25519" in type(one.certificate.public_key()).__name__)


def _no_subject(one: Examined) -> str:
    found = one.extension(x509.SubjectAlternativeName)
    return _if(not list(one.certificate.subject) and not (found and found.critical))


def _is_authority(one: Examined) -> str:
    found = one.value(x509.BasicConstraints)
    return _if(found and found.ca)


def _long_chain(one: Examined) -> str:
    return f"{len(one.between)}" if len(one.between) > MAX_BETWEEN else ""


def _needs_more(one: Examined) -> str:
    return f"{len(one.between)} between" if one.between else ""


RULES = (
    Rule("expired", EVERYBODY, ALL, "it has ended", "renew it", "RFC 5280, 4.1.2.5", _expired),
    Rule("not_yet_valid", EVERYBODY, ALL, "it is not valid yet", "wait, or correct the clock of whoever issued it",
         "RFC 5280, 4.1.2.5", _not_yet),
    Rule("weak_signature", EVERYBODY, ALL, "it is signed with a hash that can be forged", "sign it with SHA-256",
         HT210176 + "; Mbed TLS, default profile; OpenSSL, security level 2", _weak_hash),
    Rule("short_rsa", (APPLE, OPENSSL, PYTHON, MBED), ALL, "its RSA key is shorter than 2048 bits",
         "make a new key: P-256", HT210176 + "; Mbed TLS, default profile; OpenSSL, security level 2", _short_rsa),
    Rule("no_alternative_name", (APPLE, CHROMIUM, FIREFOX), (SERVER,),
         "it names its host in the common name only", "issue it with subjectAltName",
         HT210176 + "; RFC 9525, 2; Chrome 58; Firefox 101", _no_names),
    Rule("address_as_name", (APPLE, CHROMIUM, FIREFOX, OPENSSL, PYTHON), (SERVER,),
         "an address stands where host names belong", "issue it with the address as iPAddress", "RFC 9525, 3.1",
         lambda one: _listed(one.addresses_as_names)),
    Rule("wide_wildcard", (CHROMIUM, FIREFOX, OPENSSL, PYTHON), (SERVER,),
         "a wildcard stands before a single label", "name the hosts, or put a label between",
         "CA/Browser Forum, 3.2.2.6; OpenSSL, v3_utl.c, valid_star", lambda one: _listed(one.wide_wildcards)),
    Rule("no_purpose", (APPLE,), (SERVER,), "it does not say that it is for servers",
         "issue it with extendedKeyUsage serverAuth", HT210176, _no_purpose),
    Rule("wrong_purpose", EVERYBODY, LEAVES, "its extendedKeyUsage says that it is for something else",
         "issue it for this use", "RFC 5280, 4.2.1.12", _wrong_purpose),
    Rule("over_825_days", (APPLE,), (SERVER,), "it lives longer than 825 days", "issue it for 397 days", HT210176,
         _over(825)),
    Rule("no_authority_key_identifier", (PYTHON,), ALL, "it does not name the key of its issuer",
         "issue it with authorityKeyIdentifier", STRICT, _no_issuer_key),
    Rule("no_subject_key_identifier", (PYTHON,), (AUTHORITY,), "it does not name its own key",
         "make the authority with subjectKeyIdentifier", STRICT, _no_own_key),
    Rule("authority_not_critical", (PYTHON,), (AUTHORITY,), "its basicConstraints are not critical",
         "make the authority with basicConstraints critical", STRICT, _not_critical),
    Rule("authority_without_usage", (PYTHON,), (AUTHORITY,), "it has no keyUsage",
         "make the authority with keyUsage keyCertSign and cRLSign", STRICT, _no_usage),
    Rule("authority_may_not_sign", EVERYBODY, (AUTHORITY,), "its keyUsage lacks keyCertSign",
         "make the authority with keyUsage keyCertSign and cRLSign", "RFC 5280, 4.2.1.3", _cannot_sign),
    Rule("not_an_authority", (FIREFOX, PYTHON, MBED), (AUTHORITY,), "its basicConstraints do not make it an authority",
         "make the authority with basicConstraints CA:TRUE, critical", "RFC 5280, 4.2.1.9; " + PKIX, _no_authority),
    Rule("version_1", (PYTHON,), (AUTHORITY,), "it is of version 1, which has no extensions",
         "make the authority anew", STRICT, lambda one: _if(_is_v1(one))),
    Rule("too_deep", EVERYBODY, (AUTHORITY,), "more authorities stand below it than it allows",
         "issue from the authority itself", "RFC 5280, 4.2.1.9", _too_deep),
    Rule("usage_without_signature", (CHROMIUM, MBED), LEAVES, "its keyUsage lacks digitalSignature",
         "issue it with keyUsage digitalSignature", "RFC 8446, 4.4.2.2", _no_signing),
    Rule("signs_certificates", (PYTHON,), LEAVES, "it may sign certificates and is no authority",
         "issue it without keyCertSign", STRICT, _signs_certificates),
    Rule("critical_constraints", (MBED,), (AUTHORITY,), "its name constraints are critical",
         "make the authority with constraints that are not critical: all others obey them as well",
         MBED_CRT + ", x509_get_crt_ext", _critical_constraints),
    Rule("outside_constraints", (APPLE, CHROMIUM, FIREFOX, OPENSSL, PYTHON), LEAVES,
         "its authority may not vouch for a name in it", "issue it for permitted names only", "RFC 5280, 4.2.1.10",
         lambda one: _listed(one.outside)),
    Rule("unknown_critical", EVERYBODY, ALL, "a critical extension that nobody knows", "issue it without",
         "RFC 5280, 4.2", lambda one: _listed(one.unknown_critical)),
    Rule("ed25519", (CHROMIUM, FIREFOX, MBED), ALL, "its key is Ed25519", "make a new key: P-256",
         "BoringSSL and NSS, signature algorithms offered; " + MBED_CRT, _ed25519),
    Rule("curve_of_few", (CHROMIUM,), LEAVES, "its key is on a curve that is not P-256 or P-384",
         "make a new key: P-256", "BoringSSL, signature algorithms offered",
         _kind_other_than("secp256r1", "secp384r1")),
    Rule("strange_key", (APPLE, FIREFOX, OPENSSL, PYTHON, MBED), LEAVES, "TLS 1.3 has no signature of its key's kind",
         "make a new key: P-256", "RFC 8446, 4.2.3", _kind_other_than("secp256r1", "secp384r1", "secp521r1")),
    Rule("no_subject", (PYTHON, CHROMIUM), LEAVES, "its subject is empty and its subjectAltName is not critical",
         "issue it with a common name", STRICT + "; RFC 5280, 4.1.2.6", _no_subject),
    Rule("authority_as_server", (FIREFOX,), (SERVER,), "a server shows the certificate of an authority",
         "issue one for the server by it", PKIX, _is_authority),
    Rule("long_chain", (MBED,), LEAVES, f"more than {MAX_BETWEEN} authorities stand between it and the root",
         "issue it from the root itself", MBED_CRT + ", MBEDTLS_X509_MAX_INTERMEDIATE_CA", _long_chain),
    Rule("needs_intermediate", (DER_ONLY,), (SERVER,), "its chain has an authority between, and a DER file holds one",
         "issue it from the root itself", "MicroPython, extmod/modtls_mbedtls.c", _needs_more),
    Rule("pem", (DER_ONLY,), ALL, "the file is PEM", "microhttps ca export LABEL --form der",
         "MicroPython 1.27, mbedtls_config_common.h", lambda one: _if(one.is_pem)),
)  # fmt: skip
