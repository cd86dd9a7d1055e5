"""The messages of a server's flight: each read into the `Flight` (RFC 5246, 7.4; RFC 8446, 4). No I/O, no keys.

Certificates are kept as they came; who verifies them reads them. Layer 12.
"""

from collections.abc import Callable
from hashlib import sha256

from . import numbers
from .flight import CertificateRequest, Flight
from .numbers import TLS_1_2, TLS_1_3
from .reading import Malformed, Reader
from .suites import EXCHANGES
from .suites import OF_TLS_1_3 as OF_TLS_1_3_SUITES

# A ServerHello with this random is a HelloRetryRequest (RFC 8446, 4.1.3).
RETRY_RANDOM = sha256(b"HelloRetryRequest").digest()
NAMED_CURVE = 3
OCSP = 1


class Unoffered(Exception):
    """The server chose what was not offered to it."""


class Hello:
    """What of a ServerHello only the handshake needs."""

    def __init__(self, is_retry: bool, share: bytes, cookie: bytes) -> None:
        self.is_retry = is_retry
        self.share = share
        self.cookie = cookie


def read_server_hello(flight: Flight, body: bytes) -> Hello:
    """Version, suite, group and extensions; raises Malformed or Unoffered."""
    reader = Reader(body)
    version, random = reader.number(2), reader.take(32)
    flight.session_id = reader.vector(1)
    suite, compression = reader.number(2), reader.number(1)
    extensions = reader.extensions()
    if numbers.SUPPORTED_VERSIONS in extensions:
        version = Reader(extensions[numbers.SUPPORTED_VERSIONS]).number(2)
    flight.version, flight.suite = version, suite
    flight.extensions.update(extensions)
    _check(flight, compression)
    is_retry = random == RETRY_RANDOM and version == TLS_1_3
    if version != TLS_1_3:
        return Hello(False, b"", b"")
    share = _read_share(flight, extensions.get(numbers.KEY_SHARE, b""), is_retry)
    cookie = Reader(extensions[numbers.COOKIE]).vector(2) if numbers.COOKIE in extensions else b""
    return Hello(is_retry, share, cookie)


def read_message(flight: Flight, kind: int, body: bytes) -> None:
    """Any other message; one that is not known is passed over. Raises Malformed."""
    read = (OF_TLS_1_3 if flight.version == TLS_1_3 else UNTIL_TLS_1_2).get(kind)
    if read is not None:
        read(flight, Reader(body))


def _check(flight: Flight, compression: int) -> None:
    offer, version, suite = flight.offer, flight.version, flight.suite
    if version not in offer.versions:
        raise Unoffered(f"the server chose {flight.version_name}, which was not offered")
    if suite not in offer.suites:
        raise Unoffered(f"the server chose the suite {flight.suite_name}, which was not offered")
    if (version == TLS_1_3) != (suite in OF_TLS_1_3_SUITES):
        raise Malformed(f"{flight.suite_name} is no suite of {flight.version_name}")
    if compression:
        raise Unoffered("the server chose compression, which was not offered")


def _read_share(flight: Flight, content: bytes, is_retry: bool) -> bytes:
    reader = Reader(content)
    flight.group = None if reader.is_empty else reader.number(2)
    if flight.group is not None and flight.group not in flight.offer.groups:
        raise Unoffered(f"the server chose the group {flight.group_name}, which was not offered")
    return b"" if is_retry or reader.is_empty else reader.vector(2)


def _certificates(flight: Flight, reader: Reader) -> None:
    chain = reader.inner(3)
    while not chain.is_empty:
        flight.certificates.append(chain.vector(3))


def _certificates_1_3(flight: Flight, reader: Reader) -> None:
    reader.vector(1)
    chain = reader.inner(3)
    while not chain.is_empty:
        flight.certificates.append(chain.vector(3))
        status = chain.extensions().get(numbers.STATUS_REQUEST)
        if status is not None and len(flight.certificates) == 1:
            _status(flight, Reader(status))


def _status(flight: Flight, reader: Reader) -> None:
    if reader.number(1) == OCSP:
        flight.stapled = reader.vector(3)


def _key_exchange(flight: Flight, reader: Reader) -> None:
    """The curve or the prime, and how it is signed; the signature itself is nobody's affair here."""
    exchange = EXCHANGES.get(flight.suite or 0, "")
    if exchange.startswith("ECDH"):
        kind = reader.number(1)
        if kind != NAMED_CURVE:
            raise Malformed(f"a curve of kind {kind} in place of a named one")
        flight.group = reader.number(2)
        reader.vector(1)
    else:
        flight.prime_bits = int.from_bytes(reader.vector(2), "big").bit_length()
        reader.vector(2), reader.vector(2)
    if flight.version == TLS_1_2 and not exchange.endswith("anon"):
        flight.scheme = reader.number(2)


def _request(flight: Flight, reader: Reader) -> None:
    reader.vector(1)
    schemes = reader.numbers(2) if flight.version == TLS_1_2 else ()
    flight.request = CertificateRequest(schemes, _count(reader.inner(2)))


def _request_1_3(flight: Flight, reader: Reader) -> None:
    reader.vector(1)
    extensions = reader.extensions()
    schemes = Reader(extensions.get(numbers.SIGNATURE_ALGORITHMS, b"\0\0")).numbers(2)
    named = Reader(extensions.get(numbers.CERTIFICATE_AUTHORITIES, b"\0\0")).inner(2)
    flight.request = CertificateRequest(schemes, _count(named))


def _count(names: Reader) -> int:
    count = 0
    while not names.is_empty:
        names.vector(2)
        count += 1
    return count


def _encrypted_extensions(flight: Flight, reader: Reader) -> None:
    flight.extensions.update(reader.extensions())


def _verify(flight: Flight, reader: Reader) -> None:
    flight.scheme = reader.number(2)
    flight.is_whole = True


def _done(flight: Flight, reader: Reader) -> None:
    flight.is_whole = True


Read = Callable[[Flight, Reader], None]
UNTIL_TLS_1_2: dict[int, Read] = {
    numbers.CERTIFICATE: _certificates, numbers.CERTIFICATE_STATUS: _status,
    numbers.SERVER_KEY_EXCHANGE: _key_exchange, numbers.CERTIFICATE_REQUEST: _request,
    numbers.SERVER_HELLO_DONE: _done,
}  # fmt: skip
OF_TLS_1_3: dict[int, Read] = {
    numbers.ENCRYPTED_EXTENSIONS: _encrypted_extensions, numbers.CERTIFICATE_REQUEST: _request_1_3,
    numbers.CERTIFICATE: _certificates_1_3, numbers.CERTIFICATE_VERIFY: _verify,
}  # fmt: skip
