"""Mbed TLS's errors in our words: the only file that knows -0x2700. Layer 3."""

from ...errors import MicrohttpsError, NetworkError, OutOfMemory, PeerError, TrustError

_REASONS = (  # of Mbed TLS's lines, in OpenSSL's order of checking
    ("not correctly signed by the trusted", "untrusted_issuer"),
    ("Usage does not match", "wrong_usage"),
    ("unacceptable", "too_weak"),  # a key, a curve, a hash
    ("does not match", "wrong_name"),
    ("starts in the future", "not_yet_valid"),
    ("has expired", "expired"),
    ("revoked", "revoked"),
)
# Mbed TLS 3.6 refuses RSA-PSS in a key exchange of TLS 1.2 (its issue 10668, mended in 2026): ILLEGAL_PARAMETER, when
# a certificate with such a key was seen. To be deleted when the oldest firmware that we support has it mended.
_ILLEGAL_PARAMETER = -0x6600
_RSA = b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01"  # rsaEncryption


def classify(error, is_server_shaking_hands, host=None, raw=None, received=0):
    """Mbed TLS's exception as ours, with the original in `cause`; never raises.

    `raw` is the socket of a handshake: when it broke, the peer may have said why. What was `received` tells a
    handshake that failed from a connection that broke.
    """
    if isinstance(error, MicrohttpsError):
        return error
    if isinstance(error, ValueError):
        return TrustError(_verify_code(str(error)), cause=error, host=host)
    number = error.args[0] if isinstance(error, OSError) else 12
    if number == 12 or number == -0x7F00:  # ENOMEM, SSL_ALLOC_FAILED
        return OutOfMemory("out_of_memory", cause=error)
    if number == -0x7680 or number == -0x2700:  # SSL_CA_CHAIN_REQUIRED, X509_CERT_VERIFY_FAILED
        return TrustError("untrusted_issuer", cause=error, host=host)
    if number == -0x7480:  # SSL_NO_CLIENT_CERTIFICATE
        return TrustError("no_client_certificate", cause=error)
    if received and number < -0x6000 and number not in (-0x7280, -0x7780):
        return PeerError("bad_record", cause=error, host=host, reason=number)
    if number == -0x3000 or number == -0x7100:  # X509_FATAL_ERROR (over 8 intermediates), a message over 16 KB
        return TrustError("chain_too_large", cause=error, host=host)
    # X509_… and PK_…: a certificate that it cannot read, for a critical extension or a kind of key, most likely.
    if -0x2800 < number <= -0x2080 or -0x3D80 < number <= -0x3A00:
        return TrustError("certificate_refused", cause=error, host=host, reason=number)
    if number == -0x7A00:  # SSL_BAD_CERTIFICATE: the chain verified, but the certificate is not for this use
        return TrustError("wrong_usage", cause=error, host=host)
    if number == -0x7200:  # SSL_INVALID_RECORD
        return PeerError("peer_is_not_tls", cause=error)
    # SSL_FATAL_ALERT_MESSAGE. Seen by a server whose certificate the client refused: under TLS 1.3 the alert may come
    # under keys not yet in use (SSL_INVALID_MAC).
    if number == -0x7780 or (is_server_shaking_hands and number == -0x7180):
        return TrustError("handshake_refused", cause=error)
    # A socket's errno, which a write may give negative (EPIPE, ECONNRESET); SSL_CONN_EOF.
    if number > 0 or number in (-0x7280, -32, -104):
        if raw is not None:
            from ..final_alert import has_refused

            if has_refused(raw):
                return TrustError("handshake_refused", cause=error)
        return NetworkError("reset", cause=error)
    return PeerError(_handshake_code(number, host), cause=error, reason=number)


def _handshake_code(number, host):
    if number == -0x6E80:  # SSL_BAD_PROTOCOL_VERSION
        return "no_common_version"
    # SSL_HANDSHAKE_FAILURE: a server found no cipher.
    return "no_common_cipher" if number == -0x6E00 and host is None else "handshake_failed"


def _verify_code(text):
    for words, code in _REASONS:
        if words in text:
            return code
    return "certificate_refused"


def tell_rsa(error, leaf):
    """Name the fault of Mbed TLS for which a server with this certificate (DER) was refused, if it is that one."""
    if error.facts.get("reason") == _ILLEGAL_PARAMETER and _RSA in leaf:
        error.code = "rsa_signature_refused"
        del error.facts["reason"]
