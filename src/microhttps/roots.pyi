from collections.abc import Iterator

from .identity import _Source

MAGIC: bytes
HEADER: int
ENTRY: int
FIXED: int
LENGTHS: str
RSA: bytes
EC: bytes
WITH_RSA: bytes
WITH_ECDSA: bytes
MAX_ROOTS: int
CHUNK: int
BIT_STRING: int
INTEGER: int
SEQUENCE: int

class Root:
    subject: bytes
    spki: bytes
    not_after: str
    serial: bytes
    key_identifier: bytes
    name_hash: str
    def __init__(self, record: bytes) -> None: ...
    def is_usual(self) -> bool: ...
    def anchor(self, version: bytes = b"", extensions: bytes = b"") -> bytes: ...

class RootStore:
    name: str
    built: int
    count: int
    fingerprint: bytes
    def __init__(self, source: _Source, known: bytes | None = None) -> None: ...
    def find(self, subject: bytes) -> list[Root]: ...
    def __iter__(self) -> Iterator[Root]: ...
