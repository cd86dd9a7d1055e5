"""A hello of TLS 1.2, whose answer shows the peer's certificates in the clear, and those read out of it (RFC 5246).

For a look at a chain as it is sent, which TLS libraries do not show: they show it as they understood it. Nothing is
verified here and nothing agreed on: who asked goes away behind the certificates. No I/O. Layer 2: imports errors.
"""

from ..errors import PeerError

MOST = 32 * 1024  # bytes of an answer; a chain that Mbed TLS takes is at most half of it
_HANDSHAKE, _CERTIFICATE = 22, 11
_SUITES = b"\xc0\x2b\xc0\x2f\xc0\x2c\xc0\x30\xcc\xa9\xcc\xa8\xc0\x09\xc0\x13\xc0\x0a\xc0\x14\x00\x9c\x00\x2f"
_GROUPS = b"\x00\x1d\x00\x17\x00\x18\x00\x19"
# ecdsa, rsa_pss_rsae and rsa_pkcs1 with SHA-256, SHA-384 and SHA-512 (RFC 8446 section 4.2.3)
_SIGNATURES = b"\x04\x03\x05\x03\x06\x03\x08\x04\x08\x05\x08\x06\x04\x01\x05\x01\x06\x01"


def plain_hello(host, random):
    """The record of a ClientHello (RFC 5246 section 7.4.1.2) that asks for this host; `random` are 32 bytes."""
    extensions = _extension(10, _with_length(_GROUPS)) + _extension(11, b"\x01\x00")
    extensions += _extension(13, _with_length(_SIGNATURES))
    if ":" not in host and not host[host.rfind(".") + 1:].isdigit():  # addresses are not named (RFC 6066 section 3)
        extensions += _extension(0, _with_length(b"\x00" + _with_length(host.encode())))
    hello = b"\x03\x03" + random + b"\x00" + _with_length(_SUITES) + b"\x01\x00" + _with_length(extensions)
    return b"\x16\x03\x01" + _with_length(b"\x01\x00" + _with_length(hello))


def chain_in(data):
    """The certificates (DER, as sent) in what has come so far, or None; raises PeerError for what is no handshake."""
    messages = b""
    while len(data) >= 5:
        if data[0] != _HANDSHAKE:
            raise PeerError("handshake_failed")
        end = 5 + int.from_bytes(data[3:5], "big")
        messages += data[5:end]
        data = data[end:]
    if len(messages) + len(data) > MOST:
        raise PeerError("handshake_failed")
    while len(messages) >= 4:
        end = 4 + int.from_bytes(messages[1:4], "big")
        if messages[0] == _CERTIFICATE:
            return list(_certificates(messages[7:end])) if len(messages) >= end else None
        messages = messages[end:]
    return None


def _certificates(data):
    while len(data) > 3:
        end = 3 + int.from_bytes(data[:3], "big")
        yield data[3:end]
        data = data[end:]


def _extension(kind, content):
    return kind.to_bytes(2, "big") + _with_length(content)


def _with_length(content):
    return len(content).to_bytes(2, "big") + content
