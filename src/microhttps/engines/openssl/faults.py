"""OpenSSL's errors in our words: the only file that knows its names for them. Layer 3."""

import ssl

from ...errors import MicrohttpsError, NetworkError, PeerError, TrustError, UsageError

# X509_V_ERR_… of OpenSSL (include/openssl/x509_vfy.h) → our codes
_VERIFY_CODES = {
    2: "untrusted_issuer", 7: "untrusted_issuer", 19: "untrusted_issuer", 20: "untrusted_issuer",
    21: "untrusted_issuer", 24: "untrusted_issuer", 25: "untrusted_issuer", 32: "untrusted_issuer",
    79: "untrusted_issuer", 22: "chain_too_large", 47: "name_not_permitted", 48: "name_not_permitted",
    66: "too_weak", 67: "too_weak", 68: "too_weak",
    18: "self_signed", 9: "not_yet_valid", 10: "expired", 23: "revoked",
    3: "crl_out_of_date", 11: "crl_out_of_date", 12: "crl_out_of_date",
    26: "wrong_usage", 62: "wrong_name", 63: "wrong_name", 64: "wrong_name",
}  # fmt: skip
_NOT_TLS = ("WRONG_VERSION_NUMBER", "HTTPS_PROXY_REQUEST", "UNKNOWN_PROTOCOL",
            "PACKET_LENGTH_TOO_LONG", "RECORD_LAYER_FAILURE", "BAD_RECORD_TYPE")  # fmt: skip
_REASONS = {  # of a handshake that failed
    "UNSUPPORTED_PROTOCOL": "no_common_version", "WRONG_SSL_VERSION": "no_common_version",
    "NO_PROTOCOLS_AVAILABLE": "no_common_version", "VERSION_TOO_LOW": "no_common_version",
    "NO_SHARED_CIPHER": "no_common_cipher", "NO_SHARED_GROUPS": "no_common_cipher",
    "NO_SUITABLE_GROUPS": "no_common_cipher", "NO_SUITABLE_KEY_SHARE": "no_common_cipher",
    "NO_SUITABLE_SIGNATURE_ALGORITHM": "no_common_cipher", "NO_SHARED_SIGNATURE_ALGORITHMS": "no_common_cipher",
    "NO_CIPHERS_AVAILABLE": "no_common_cipher",
}  # fmt: skip


def is_end(error):
    """Whether the connection ended without notice; Python 3.11.2 has no class for it but the reason."""
    return isinstance(error, ssl.SSLEOFError) or getattr(error, "reason", None) == "UNEXPECTED_EOF_WHILE_READING"


def classify(error, host=None, received=0):
    """OpenSSL's exception as ours, with the original in `cause`; never raises.

    What was `received` tells a handshake that failed from a connection that broke: under TLS 1.3 the client's ends
    before its certificate is judged.
    """
    if isinstance(error, MicrohttpsError):
        return error
    if isinstance(error, ssl.SSLCertVerificationError):
        code = _VERIFY_CODES.get(error.verify_code, "certificate_refused")
        message = error.verify_message if code == "certificate_refused" else None  # else the code says it
        return TrustError(code, cause=error, host=host, verify_message=message)
    if not isinstance(error, OSError):
        return UsageError("bad_host_name", cause=error, host=host)
    if not isinstance(error, ssl.SSLError) or isinstance(error, ssl.SSLZeroReturnError) or is_end(error):
        return NetworkError("reset", cause=error)
    reason = error.reason or ""
    if received and "ALERT_" not in reason:
        return PeerError("bad_record", cause=error, host=host, reason=reason)
    if reason == "HTTP_REQUEST":
        return PeerError("peer_is_not_tls", cause=error, protocol="http")
    if reason in _NOT_TLS:
        return PeerError("peer_is_not_tls", cause=error)
    if reason == "PEER_DID_NOT_RETURN_A_CERTIFICATE":
        return TrustError("no_client_certificate", cause=error)
    if "ALERT_" in reason:
        return TrustError("handshake_refused", cause=error, alert=reason.split("ALERT_")[-1].lower())
    if reason == "EXCESSIVE_MESSAGE_SIZE":  # over 100 KB
        return TrustError("chain_too_large", cause=error, host=host)
    return PeerError(_REASONS.get(reason, "handshake_failed"), cause=error, reason=reason)
