"""The store of roots unpacked for OpenSSL, once: a directory from which it takes just the root it needs (`capath`).

A context over it costs 0.1 ms and 23 KB; one with all roots loaded 16 ms and 684 KB (measured). CPython only. Layer 4.
"""

import hashlib
import os
import shutil
import stat
import tempfile

from ..errors import UsageError
from ..wire.der import BIT_STRING, INTEGER, OCTET_STRING, SEQUENCE, Reader
from ..wire.der_writing import encode


def directory_of(store):
    """The path of the directory for a RootStore, made when it is not there; raises UsageError("cannot_unpack_roots").

    It lies in $MICROHTTPS_HOME, else in the user's cache folder, and must be ours alone: who can write there decides
    whom we believe.
    """
    home = os.environ.get("MICROHTTPS_HOME")
    if not home:
        home = os.path.join(os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache"), "microhttps")
    path = os.path.join(home, "roots-" + store.fingerprint.hex()[:32])
    try:
        if not os.path.isdir(path):
            _unpack(store, home, path)
        _check_owner(path)
    except OSError as error:
        raise UsageError("cannot_unpack_roots", cause=error, folder=path)
    return path


def _unpack(store, home, path):
    os.makedirs(home, mode=0o700, exist_ok=True)
    passing = tempfile.mkdtemp(dir=home)  # 0700
    try:
        taken = {}
        for root in store:
            number = taken[root.name_hash] = taken.get(root.name_hash, -1) + 1
            with open(os.path.join(passing, f"{root.name_hash}.{number}"), "w", encoding="ascii") as file:
                file.write(pem_of(strict_anchor(root)))
        os.rename(passing, path)
    except OSError:
        shutil.rmtree(passing, ignore_errors=True)
        if not os.path.isdir(path):  # else another process was quicker, with the same roots
            raise


def _check_owner(path):
    facts = os.stat(path)
    if os.name == "posix" and (facts.st_uid != os.geteuid() or stat.S_IMODE(facts.st_mode) & 0o022):
        raise UsageError("cannot_unpack_roots", "others may write there", folder=path)


def strict_anchor(root):
    """The root as a certificate that OpenSSL takes even with VERIFY_X509_STRICT (RFC 5280 section 4.2.1)."""
    authority = _extension(b"\x55\x1d\x13", b"\x01\x01\xff", b"\x30\x03\x01\x01\xff")
    usages = _extension(b"\x55\x1d\x0f", b"\x01\x01\xff", b"\x03\x02\x01\x06")  # it signs certificates and CRLs
    identifier = root.key_identifier or hashlib.sha1(_key_bits(root.spki)).digest()
    name = _extension(b"\x55\x1d\x0e", b"", encode(OCTET_STRING, identifier))
    extensions = encode(0xA3, encode(SEQUENCE, authority, usages, name))
    return root.anchor(encode(0xA0, encode(INTEGER, b"\x02")), extensions)


def _key_bits(spki):
    key = Reader(spki, 0, len(spki)).take(SEQUENCE)
    key.take(SEQUENCE)
    return key.take_bytes(BIT_STRING)[1:]


def _extension(name, critical, value):
    return encode(SEQUENCE, encode(0x06, name), critical, encode(OCTET_STRING, value))


def pem_of(der):
    """A certificate in PEM (RFC 7468)."""
    from .files import armoured

    return armoured(der, b"CERTIFICATE").decode()
