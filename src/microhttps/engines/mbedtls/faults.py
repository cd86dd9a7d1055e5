"""Mbed TLS 2.28's errors in our words, for the engine `mbedtls`. CPython only. Layer 3.

`engines.micropython.faults` has those of Mbed TLS 3: the numbers of the two have other meanings.
"""

from ...errors import MicrohttpsError, NetworkError, OutOfMemory, PeerError, TrustError
from ...wire.alerts import ALERTS

PEER_CLOSE_NOTIFY = 0x7880
_TRUST = {
    0x2700: "untrusted_issuer",  # X509_CERT_VERIFY_FAILED, told apart further by `reasons`
    0x7680: "untrusted_issuer",  # SSL_CA_CHAIN_REQUIRED
    0x7480: "no_client_certificate",  # SSL_NO_CLIENT_CERTIFICATE
    0x7A00: "wrong_usage",  # SSL_BAD_HS_CERTIFICATE: the chain verified, but the certificate is not for this use
    0x7800: "untrusted_issuer",  # SSL_PEER_VERIFY_FAILED
    0x3000: "chain_too_large",  # X509_FATAL_ERROR: over eight intermediates
    0x7080: "chain_too_large",  # SSL_FEATURE_UNAVAILABLE: a message longer than a record
}
_PEER = {
    0x7200: "peer_is_not_tls",  # SSL_INVALID_RECORD
    0x6E80: "no_common_version",  # SSL_BAD_HS_PROTOCOL_VERSION
    0x7380: "no_common_cipher",  # SSL_NO_CIPHER_CHOSEN
    0x6980: "no_common_cipher",  # SSL_NO_USABLE_CIPHERSUITE
    0x7580: "no_common_cipher",  # SSL_UNKNOWN_CIPHER
}
_FATAL_ALERT = 0x7780  # SSL_FATAL_ALERT_MESSAGE
_MEMORY = (0x7F00, 0x2880, 0x3F80)  # …_ALLOC_FAILED of SSL, X509, PK


def classify(error, alert=None, host=None, is_established=False):
    """Mbed TLS's exception as ours, with the original in `cause`; never raises.

    `alert` is the number of the one that the peer has sent, if that was seen.
    """
    if isinstance(error, MicrohttpsError):
        return error
    number = error.err or 0
    if number in _MEMORY:
        return OutOfMemory("out_of_memory", cause=error)
    if number == _FATAL_ALERT:
        return TrustError("handshake_refused", cause=error, alert=ALERTS.get(alert))
    if number == 0x7280:  # SSL_CONN_EOF
        return NetworkError("reset", cause=error)
    if is_established:
        return PeerError("bad_record", cause=error, host=host, reason=-number)
    if number in _TRUST:
        return TrustError(_TRUST[number], cause=error, host=host)
    if number in _PEER:
        return PeerError(_PEER[number], cause=error)
    # X509_… and PK_…: a certificate that it cannot read, for a critical extension or a kind of key, most likely.
    if 0x2080 <= number < 0x2800 or 0x3A00 <= number < 0x3D80:
        return TrustError("certificate_refused", cause=error, host=host, reason=-number)
    return PeerError("handshake_failed", cause=error, reason=-number)
