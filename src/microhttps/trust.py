"""Whom we believe: the public roots, a CA of our own, or pins.

Nothing that weakens this has a default or a short name. A Trust is only a choice: the engines make contexts of it.
Layer 4.
"""

from binascii import hexlify, unhexlify

from .credentials import read_source
from .engines import engine
from .errors import TrustError, UsageError
from .port import system


class Trust:
    """Made by `Trust.public()`, `Trust.load(…)`, `Trust.pinned(…)` or `Trust.danger_anyone()`, and then constant."""

    __slots__ = ("_sources", "_store", "kind", "memory")

    def __init__(self, kind, sources=()):
        self.kind = kind
        self.memory = None  # of `discovery`: which root each host needed
        self._sources = sources
        self._store = None

    @classmethod
    def public(cls, store=None, memory=None):
        """The public roots, by default those of the store this package brings; `store` is another, a path or bytes.

        On a board the root of each host is found by a first handshake; `memory` names a file that keeps what was found.
        """
        return cls("public", (store, memory))

    @classmethod
    def system(cls):
        """The roots of the operating system; raises Unsupported where a board has none, when it connects."""
        return cls("system")

    @classmethod
    def load(cls, *sources):
        """Certificate authorities of one's own: paths or bytes, PEM (several in one file) or DER. Reads them later."""
        if not sources:
            raise UsageError("bad_certificate_file", missing="a file for Trust.load")
        return cls("own", sources)

    @classmethod
    def pinned(cls, *fingerprints):
        """Exactly the certificates with these SHA-256 fingerprints (hexadecimal, colons allowed), whatever they say."""
        if not fingerprints:
            raise UsageError("bad_pin")
        return cls("pinned", tuple(_fingerprint(text) for text in fingerprints))

    @classmethod
    def danger_anyone(cls):
        """Anyone: the connection is encrypted, to whoever answered."""
        return cls("danger_anyone")

    def client_context(self, identity=None):
        """A context of the interpreter's TLS library for other people's clients; raises UsageError."""
        return engine.client_context(self, identity, None)

    def store(self):
        """The RootStore of the public roots; reads it the first time. Raises UsageError("bad_root_store")."""
        if self._store is None:
            from .roots import RootStore

            beside = __file__[:max(__file__.rfind("/"), __file__.rfind("\\")) + 1] + "roots.bin"
            self._store = RootStore(self._sources[0] or beside)
        return self._store

    def memory_file(self):
        """The path of the file for `memory`, or None."""
        return self._sources[1]

    def directory(self):
        """The path of the public roots as a hashed directory, for OpenSSL; raises UsageError("cannot_unpack_roots")."""
        if system.SIZE:  # a board has no OpenSSL, and need not hold what is for it
            from .roots_directory import directory_of

            return directory_of(self.store())

    def certificates(self):
        """The authorities for the engine: PEM as text, DER as bytes; reads the files. Raises UsageError."""
        return [engine.authority_form(read_source(source)) for source in self._sources]

    def check_pin(self, digest, host):
        """Raise TrustError("wrong_pin") unless the digest (SHA-256, bytes) is one of the pins."""
        if digest not in self._sources:
            raise TrustError("wrong_pin", host=host, got=hexlify(digest).decode())


def _fingerprint(text):
    if isinstance(text, (bytes, bytearray)) and len(text) == 32:
        return bytes(text)
    try:
        digest = unhexlify(text.replace(":", "").replace(" ", ""))
    except (AttributeError, ValueError):
        digest = b""
    if len(digest) != 32:
        raise UsageError("bad_pin", got=text)
    return digest
