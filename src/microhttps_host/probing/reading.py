"""Bytes of a peer, taken in order, never beyond their end. Of TLS it knows the vectors (RFC 8446, 3.4). Layer 12."""


class Malformed(Exception):
    """What the peer sent is not what stands in its own lengths, or not what the protocol has there; says what."""


class Reader:
    """Takes numbers and vectors from the front of some bytes; raises Malformed where they end too early."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = 0

    @property
    def is_empty(self) -> bool:
        return self._at >= len(self._data)

    def take(self, length: int) -> bytes:
        """So many bytes."""
        end = self._at + length
        if end > len(self._data):
            raise Malformed(f"{length} bytes announced, {len(self._data) - self._at} there")
        taken = self._data[self._at : end]
        self._at = end
        return taken

    def number(self, size: int) -> int:
        """A number of so many bytes."""
        return int.from_bytes(self.take(size), "big")

    def vector(self, size: int) -> bytes:
        """Bytes behind their length, which has so many bytes."""
        return self.take(self.number(size))

    def inner(self, size: int) -> "Reader":
        """The same, to be read in its turn."""
        return Reader(self.vector(size))

    def numbers(self, size: int, of: int = 2) -> tuple[int, ...]:
        """A vector of numbers of `of` bytes."""
        inner, found = self.inner(size), []
        while not inner.is_empty:
            found.append(inner.number(of))
        return tuple(found)

    def extensions(self) -> dict[int, bytes]:
        """{number: content} of a block of extensions, where there is one."""
        found: dict[int, bytes] = {}
        inner = Reader(b"") if self.is_empty else self.inner(2)
        while not inner.is_empty:
            number = inner.number(2)
            if number in found:
                raise Malformed(f"extension {number} twice")
            found[number] = inner.vector(2)
        return found
