"""BearSSL's errors in our words: the only file that knows its numbers (bearssl_ssl.h). CPython only. Layer 3."""

import os

from ...errors import MicrohttpsError, NetworkError, OutOfMemory, PeerError, TrustError
from ...wire.alerts import ALERTS
from ..in_the_clear import extension
from .library import BROKEN, FAILED

RECEIVED_ALERT, SENT_ALERT, END_OF_ALERTS = 256, 512, 768
NO_MEMORY = 1000  # glue.h
_MAX_RECORD = 16 * 1024  # in the clear, as the first one is (RFC 5246 section 6.2.1)
_SUPPORTED_VERSIONS, _TLS_1_2 = 43, b"\x03\x03"
_REQUESTS = (b"GET ", b"POST", b"HEAD", b"PUT ")  # which OpenSSL looks for, too

# A handshake that failed, where we know better than "handshake_failed"; what it is when a server says so, else.
_CODES = {
    3: "no_common_version", 4: "no_common_version",
    SENT_ALERT + 70: "no_common_version", SENT_ALERT + 40: "no_common_cipher",
}  # fmt: skip
_TRUST_CODES = {28: "wrong_usage", 29: "no_client_certificate"}

# What we say in an alert of why we end a handshake (RFC 5246 section 7.2.2): by our code of what is wrong with a
# certificate, or by BearSSL's number.
_ALERTS_OF_TRUST = {"expired": 45, "untrusted_issuer": 48, "self_signed": 48, "missing_intermediate": 48,
                    "no_client_certificate": 40}  # fmt: skip
_ALERTS_OF_FAULTS = {3: 70, 4: 70, 5: 22, 6: 22, 9: 10, 10: 10, 14: 50, 27: 51}
_BAD_CERTIFICATE, _ILLEGAL_PARAMETER = 42, 47


class BearSSLError(Exception):
    """BearSSL's number of a fault, as the cause of an error."""


def classify(answer, number, first, host=None, is_established=False):
    """An answer of the glue that is the end of a connection, as our error; never raises.

    `number` is BearSSL's (or the system's), `first` what the peer sent first.
    """
    if isinstance(answer, MicrohttpsError):
        return answer
    if answer == BROKEN:
        return NetworkError("reset", cause=OSError(number, os.strerror(number)))
    if answer != FAILED:
        return NetworkError("reset")
    cause = BearSSLError(number)
    if number == NO_MEMORY:
        return OutOfMemory("out_of_memory", cause=cause)
    if RECEIVED_ALERT <= number < SENT_ALERT:
        alert = number - RECEIVED_ALERT
        return TrustError("handshake_refused", cause=cause, alert=ALERTS.get(alert, str(alert)))
    if is_established:
        return PeerError("bad_record", cause=cause, host=host, reason=number)
    if number in _TRUST_CODES:
        return TrustError(_TRUST_CODES[number], cause=cause, host=host)
    if 32 < number < 64:  # of the peer's certificate
        return TrustError("certificate_refused", cause=cause, host=host, reason=number)
    if first[:4] in _REQUESTS:
        return PeerError("peer_is_not_tls", cause=cause, protocol="http")
    if is_other(first):
        return PeerError("peer_is_not_tls", cause=cause)
    code = _CODES.get(number, "handshake_failed")
    if code == "no_common_cipher" and _TLS_1_2 not in versions_of(first):
        code = "no_common_version"  # BearSSL does not look at what TLS 1.3 calls the version
    return PeerError(code, cause=cause, reason=number)


def versions_of(hello):
    """The versions of TLS that a client's hello offers where TLS 1.3 has them (RFC 8446 section 4.2.1), or 1.2."""
    offered = extension(hello, _SUPPORTED_VERSIONS)[1:]
    return [offered[at:at + 2] for at in range(0, len(offered), 2)] or [_TLS_1_2]


def is_other(first):
    """Whether what the peer sent first is no head of a TLS record: its type, its version, its length."""
    if first[:1] and not 20 <= first[0] <= 23 or first[1:2] not in (b"", b"\x03"):
        return True
    return len(first) >= 5 and int.from_bytes(first[3:5], "big") > _MAX_RECORD


def alert_for(error, number):
    """Which alert the peer is sent for a handshake that ends with this error; None where nobody would read it."""
    if isinstance(error, NetworkError) or "protocol" in error.facts or RECEIVED_ALERT <= number < END_OF_ALERTS:
        return None  # it is gone, speaks HTTP, or has been sent one by BearSSL
    if isinstance(error, TrustError):
        return _ALERTS_OF_TRUST.get(error.code, _BAD_CERTIFICATE)
    return _ALERTS_OF_FAULTS.get(number, _ILLEGAL_PARAMETER)
