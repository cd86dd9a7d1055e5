"""Writes a ClientHello (RFC 8446, 4.1.2; RFC 5246, 7.4.1.2) from an offer. No I/O, no keys. Layer 12."""

from collections.abc import Mapping
from ipaddress import ip_address

from . import numbers
from .numbers import CLIENT_HELLO, HANDSHAKE, TLS_1_0, TLS_1_2, TLS_1_3
from .offer import Offer

RANDOM_LENGTH = 32
RENEGOTIATION_SUITE = 0x00FF  # TLS_EMPTY_RENEGOTIATION_INFO_SCSV (RFC 5746): for who has no extensions


def write_hello(offer: Offer, random: bytes, shares: Mapping[int, bytes], cookie: bytes = b"") -> bytes:
    """The handshake message: `random` of 32 bytes, the public keys of `shares`, a cookie that the server asked back."""
    session_id = random[::-1] if offer.is_compatible else b""
    suites = offer.suites
    if max(offer.versions) < TLS_1_0:
        suites = (*suites, RENEGOTIATION_SUITE)
    body = b"".join((
        _number(min(TLS_1_2, max(offer.versions))), random, _vector(1, session_id), _vector(2, _numbers(suites)),
        b"\x01\x00",  # no compression
        _extensions(offer, shares, cookie),
    ))  # fmt: skip
    return message(CLIENT_HELLO, body)


def message(kind: int, body: bytes) -> bytes:
    """A handshake message."""
    return bytes((kind,)) + len(body).to_bytes(3, "big") + body


def record(body: bytes, kind: int = HANDSHAKE, version: int = TLS_1_0) -> bytes:
    """A plain record; a first one says TLS 1.0 whatever the hello says (RFC 8446, 5.1)."""
    return bytes((kind,)) + _number(version) + _vector(2, body)


def _extensions(offer: Offer, shares: Mapping[int, bytes], cookie: bytes) -> bytes:
    """The block, where the version has any; those of TLS 1.3 for it alone."""
    if max(offer.versions) < TLS_1_0:
        return b""
    found = _for_everybody(offer)
    if TLS_1_3 in offer.versions:
        found += _for_tls_1_3(offer, shares, cookie)
    return _vector(2, b"".join(_number(number) + _vector(2, content) for number, content in found))


def _for_everybody(offer: Offer) -> list[tuple[int, bytes]]:
    name = _host_name(offer.server_name)
    curves = any(group < 256 for group in offer.groups)
    protocols = b"".join(_vector(1, protocol.encode()) for protocol in offer.alpn)
    fragment = bytes((numbers.FRAGMENT_LENGTHS[offer.max_fragment_length],)) if offer.max_fragment_length else b""
    optional = (
        (offer.has_renegotiation_info, numbers.RENEGOTIATION_INFO, b"\x00"),
        (name, numbers.SERVER_NAME, _vector(2, b"\x00" + _vector(2, name))),
        (fragment, numbers.MAX_FRAGMENT_LENGTH, fragment),
        (offer.record_size_limit, numbers.RECORD_SIZE_LIMIT, _number(offer.record_size_limit)),
        (offer.asks_for_status, numbers.STATUS_REQUEST, b"\x01\x00\x00\x00\x00"),
        (offer.groups, numbers.SUPPORTED_GROUPS, _vector(2, _numbers(offer.groups))),
        (curves, numbers.POINT_FORMATS, b"\x01\x00"),
        (offer.schemes, numbers.SIGNATURE_ALGORITHMS, _vector(2, _numbers(offer.schemes))),
        (protocols, numbers.ALPN, _vector(2, protocols)),
        (offer.has_encrypt_then_mac, numbers.ENCRYPT_THEN_MAC, b""),
        (offer.has_extended_master_secret, numbers.EXTENDED_MASTER_SECRET, b""),
        (offer.asks_for_ticket, numbers.SESSION_TICKET, b""),
    )
    return [(number, content) for is_wanted, number, content in optional if is_wanted]


def _for_tls_1_3(offer: Offer, shares: Mapping[int, bytes], cookie: bytes) -> list[tuple[int, bytes]]:
    keys = b"".join(_number(group) + _vector(2, key) for group, key in shares.items())
    found = [
        (numbers.SUPPORTED_VERSIONS, _vector(1, _numbers(offer.versions))),
        (numbers.KEY_SHARE, _vector(2, keys)),
        (numbers.PSK_MODES, b"\x01\x01"),
    ]
    return found + ([(numbers.COOKIE, _vector(2, cookie))] if cookie else [])


def _host_name(name: str) -> bytes:
    """What is sent as the server's name: an address is none (RFC 6066, 3)."""
    try:
        ip_address(name.strip("[]"))
    except ValueError:
        return name.encode("ascii", "ignore")
    return b""


def _number(value: int) -> bytes:
    return value.to_bytes(2, "big")


def _numbers(values: tuple[int, ...]) -> bytes:
    return b"".join(map(_number, values))


def _vector(size: int, content: bytes) -> bytes:
    return len(content).to_bytes(size, "big") + content
