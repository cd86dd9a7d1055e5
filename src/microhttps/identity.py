"""Who we are: a certificate (chain) and its private key, from files or bytes, PEM or DER.

Files are read when a context is made and not kept, so that a renewed file is taken up by the next one. Keys never
show in errors or `repr`. Knows PEM's armour and leaves DER's inside to `x509`. Layer 4.
"""

from binascii import a2b_base64, b2a_base64

from .engines import engine
from .errors import UsageError
from .port import system


class Identity:
    """A certificate with its key: paths or bytes, PEM or DER, the chain behind the certificate in the same PEM."""

    __slots__ = ("_certificate", "_key", "name", "password")

    def __init__(self, certificate, key=None, password=None):
        self._certificate = certificate
        self._key = certificate if key is None else key  # one PEM may hold both
        self.password = password
        self.name = certificate if isinstance(certificate, str) else "bytes"

    def __repr__(self):
        return "Identity(" + repr(self.name) + ")"

    def server_context(self, trust=None):
        """A context of the interpreter's TLS library for other people's servers; raises UsageError."""
        return engine.server_context(self, trust, None)

    def pem(self):
        """(certificate chain, key) as PEM bytes; reads the files. Raises UsageError("bad_certificate_file")."""
        return armoured(read_source(self._certificate), b"CERTIFICATE"), armoured(read_source(self._key), None)

    def der(self):
        """(certificate, key) as DER; a chain of several stays PEM, because DER has no form for it. Reads the files."""
        chain, key = read_source(self._certificate), read_source(self._key)
        if chain.count(b"-----BEGIN CERTIFICATE-----") <= 1:
            chain = unarmoured(chain, b"CERTIFICATE-----")
        return chain, unarmoured(key, b"PRIVATE KEY-----")

    def check(self):
        """Refuse, before anything listens, a certificate that no client could accept; reads the files.

        Raises TrustError("expired" or "not_yet_valid") and UsageError("bad_certificate_file" or
        "key_does_not_match_certificate").
        """
        from .x509 import certificate_facts, der_of, public_key_of

        certificate = der_of(read_source(self._certificate))[0]
        facts = certificate_facts(certificate)
        judge_dates(facts, self.name)
        key = None if self.password else unarmoured(read_source(self._key), b"PRIVATE KEY-----")
        if key and public_key_of(key) not in (None, facts.public_key):
            raise UsageError("key_does_not_match_certificate", "the key belongs to another certificate",
                             certificate=self.name)


def judge_dates(facts, name):
    """Raise TrustError when a certificate of ours is out of its dates; quiet on a clock that was never set."""
    from .errors import TrustError
    from .limits import BUILD_DATE

    moment = int(system.wall_clock())
    if moment < BUILD_DATE:
        return
    if moment > facts.not_after:
        raise TrustError("expired", "our own certificate has expired", certificate=name, not_after=facts.not_after)
    if moment < facts.not_before:
        raise TrustError("not_yet_valid", "our own certificate is not valid yet", certificate=name,
                         not_before=facts.not_before)


def read_source(source):
    """The bytes of a path, or the bytes given; raises UsageError("bad_certificate_file")."""
    if not isinstance(source, str):
        if isinstance(source, (bytes, bytearray, memoryview)):
            return bytes(source)
        source = str(source)  # a pathlib.Path
    try:
        return system.read_file(source)
    except OSError as error:
        raise UsageError("bad_certificate_file", "this file cannot be read", cause=error, file=source)


def unarmoured(data, label):
    """The DER inside the first PEM block whose BEGIN line ends in `label`; data that is no PEM is given back."""
    if b"-----BEGIN " not in data:
        return data
    start = data.find(label)
    while start > 0 and data.rfind(b"-----BEGIN ", 0, start) < data.rfind(b"\n", 0, start):
        start = data.find(label, start + 1)  # that was an END line
    end = data.find(b"-----END ", start)
    if start < 0 or end < 0:
        raise UsageError("bad_certificate_file", "no such block in this PEM", block=label.decode())
    try:
        return a2b_base64(data[start + len(label):end])
    except ValueError as error:
        raise UsageError("bad_certificate_file", "this PEM is damaged", cause=error)


def armoured(data, label):
    """PEM of DER bytes (PEM is given back); without a label, that of the private key's kind (RFC 5958, 5915, 8017)."""
    if b"-----BEGIN " in data:
        return data
    if label is None:
        # SEQUENCE, then the version: what follows it tells PKCS#8 (SEQUENCE), SEC 1 (OCTET STRING), PKCS#1 (INTEGER)
        label = {0x30: b"PRIVATE KEY", 0x04: b"EC PRIVATE KEY", 0x02: b"RSA PRIVATE KEY"}.get(_third_tag(data))
        if label is None:
            raise UsageError("bad_certificate_file", "not a private key")
    body = b2a_base64(data).strip()
    lines = b"\n".join(body[at:at + 64] for at in range(0, len(body), 64))
    return b"-----BEGIN " + label + b"-----\n" + lines + b"\n-----END " + label + b"-----\n"


def _third_tag(data):
    if len(data) < 8 or data[0] != 0x30:
        return 0
    at = 2 + (data[1] & 0x7F if data[1] & 0x80 else 0)
    return data[at + 3] if at + 3 < len(data) else 0
