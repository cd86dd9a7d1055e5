"""Whom we believe: the public roots, a CA of our own, or pins.

Nothing that weakens this has a default or a short name. A Trust is only a choice: the engines make contexts of it.
Layer 4.
"""

from .credentials.files import armoured, read_certificates, read_source
from .errors import UsageError
from .port import system


class Trust:
    """Made by `Trust.public()`, `Trust.load(…)`, `Trust.pinned(…)` and their like, and then constant."""

    __slots__ = ("_opened", "_sources", "_store", "_whole", "crl", "kind", "memory", "path")

    def __init__(self, kind, sources=(), store=None, path=None, crl=None):
        self.kind = kind
        self.crl = crl
        self.path = path  # of the file that keeps what was found or seen
        self.memory = None  # of `discovery`: which root each host needed
        self._sources = sources
        self._store = store
        self._opened = None  # the RootStore
        self._whole = None  # its fingerprint, once it was found whole

    @classmethod
    def public(cls, store=None, memory=None, also=()):
        """The public roots, by default those of the store this package brings; `store` is another, a path or bytes.

        `also` are authorities of one's own (as for `load`) that are believed besides. On a board the root of each host
        is found by a first handshake; `memory` names a file that keeps what was found.
        """
        return cls("public", also if isinstance(also, (tuple, list)) else (also,), store, memory)

    @classmethod
    def system(cls):
        """The roots of the operating system; raises Unsupported where a board has none, when it connects."""
        return cls("system")

    @classmethod
    def load(cls, *sources, crl=None):
        """Certificate authorities of one's own: paths or bytes, PEM (several in one file) or DER. Reads them later.

        With `crl` (a path or bytes, PEM) what they have revoked is refused, and so is everything once that list is out
        of date; raises Unsupported when a board connects. Raises UsageError where nothing is named.
        """
        if not sources:
            raise UsageError("bad_certificate_file", missing="a file for Trust.load")
        return cls("own", sources, crl=crl)

    @classmethod
    def pinned(cls, *pins):
        """Exactly these certificates or keys, whatever else they say; name a second one for the day the first goes.

        A pin is the SHA-256 of a certificate (hexadecimal, colons allowed), or that of a public key as curl has it:
        "sha256//" and base64, which outlives the certificate. Raises UsageError("bad_pin").
        """
        from .credentials.pins import parse_pin

        if not pins:
            raise UsageError("bad_pin")
        return cls("pinned", tuple([parse_pin(pin) for pin in pins]))

    @classmethod
    def danger_first_use(cls, path):
        """Whoever answers first, and from then on only those with the same key, which this file keeps for each host."""
        return cls("first_use", path=path)

    @classmethod
    def danger_anyone(cls):
        """Anyone: the connection is encrypted, to whoever answered."""
        return cls("danger_anyone")

    def client_context(self, identity=None, host=None, port=443):
        """A context of the interpreter's TLS library for other people's clients, which verifies; raises UsageError.

        On a board the public roots need the `host` (and its port) that it is for: it is asked which root that is, and
        that blocks. Raises Unsupported for pins and first use, which only this package's own connections judge.
        """
        from .credentials.contexts import client_context

        return client_context(self, identity, host, port)

    def server_context(self, identity):
        """A context for other people's servers that asks for client certificates; raises UsageError."""
        return identity.server_context(self)

    def store(self):
        """The RootStore of the public roots; reads it the first time. Raises UsageError("bad_root_store")."""
        if self._opened is None:
            from .roots import RootStore

            beside = __file__[:max(__file__.rfind("/"), __file__.rfind("\\")) + 1] + "roots.bin"
            self._opened = RootStore(beside if self._store is None else self._store, self._whole)
            self._whole = self._opened.fingerprint
        return self._opened

    def close_store(self):
        """Let go of the store, and with it of what reads it: opened again, it is not looked through again."""
        self._opened = None

    def directory(self):
        """The path of the public roots as a hashed directory, for OpenSSL; raises UsageError("cannot_unpack_roots")."""
        if system.SIZE:  # a board has no OpenSSL, and need not hold what is for it
            from .credentials.roots_directory import directory_of

            return directory_of(self.store())

    def certificates(self):
        """The authorities as bytes, PEM or DER, of which the engine that loads them knows; raises UsageError."""
        return [read_certificates(source) for source in self._sources]

    def revoked(self):
        """The list of what the authorities have revoked, PEM; reads the file. Raises UsageError."""
        return armoured(read_source(self.crl), b"X509 CRL")

    def is_by_authority(self):
        """Whether the TLS library verifies the chain; else `judge` decides, of the peer's own certificate."""
        return self.kind in ("own", "public", "system")

    def judge(self, certificate, host):
        """Raise TrustError ("wrong_pin", "other_key") unless this certificate (DER) of the host's is to be believed."""
        if self.kind == "pinned":
            from .credentials.pins import check_pins

            check_pins(self._sources, certificate, host)
        elif self.kind == "first_use":
            from .credentials.pins import check_first_use

            check_first_use(self.path, certificate, host)
