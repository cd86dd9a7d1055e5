"""The public roots in one small file: whom the browsers believe, as subject, key and expiry, found without reading all.

A store is read in place, from a file or from bytes (a frozen module), in constant memory: an index of hashed subjects,
then a record for each root. Of a record a certificate is made that a TLS library takes as an anchor; its signature is
empty, for nobody checks that of an anchor. The host tools write the file (`microhttps roots build`). Layer 4.

    0   magic "MHROOTS", version
    8   moment of the build, seconds since 1970          12  number of roots
    16  SHA-256 of bytes 8 to 15 and of everything from byte 48 on
    48  for each root: first 4 bytes of the SHA-256 of its subject, offset of its record; sorted
    then a record for each: expiry (7 bytes, two digits each), OpenSSL's hash of the subject (4), the lengths of what
    follows (2, 2, 1, 1), and subject, public key, serial number, key identifier
"""

import hashlib
import struct
from binascii import hexlify

from .errors import UsageError
from .wire.der_writing import encode

MAGIC = b"MHROOTS\x01"
HEADER = 48
ENTRY = 8
FIXED = 17
LENGTHS = ">HHBB"
RSA = b"\x2a\x86\x48\x86\xf7\x0d\x01\x01\x01"  # rsaEncryption (RFC 8017)
EC = b"\x2a\x86\x48\xce\x3d\x02\x01"  # id-ecPublicKey (RFC 5480)
WITH_RSA = b"\x30\x0d\x06\x09\x2a\x86\x48\x86\xf7\x0d\x01\x01\x0b\x05\x00"  # sha256WithRSAEncryption
WITH_ECDSA = b"\x30\x0a\x06\x08\x2a\x86\x48\xce\x3d\x04\x03\x02"  # ecdsa-with-SHA256 (RFC 5758)
MAX_ROOTS = 10000
CHUNK = 256
BIT_STRING, INTEGER, SEQUENCE = 0x03, 0x02, 0x30


class Root:
    """One root: `subject`, `spki` (DER), `not_after` ("YYYYMMDDHHMMSS"), `serial`, `key_identifier` (b"": none).

    `name_hash` is what OpenSSL calls the file of a certificate with this subject in a hashed directory.
    """

    def __init__(self, record):
        self.not_after = hexlify(record[:7]).decode()
        self.name_hash = hexlify(record[7:11]).decode()
        at = FIXED
        parts = []
        for length in struct.unpack(LENGTHS, record[11:FIXED]):
            parts.append(record[at:at + length])
            at += length
        self.subject, self.spki, self.serial, self.key_identifier = parts

    def is_usual(self):
        """Whether its key is one of RSA or of a named curve, as every TLS library has them."""
        return RSA in self.spki[:32] or EC in self.spki[:32]

    def anchor(self, version=b"", extensions=b""):
        """A certificate in DER that a TLS library takes as an anchor; as it stands version 1, for Mbed TLS."""
        # OpenSSL wants to see an algorithm that goes with the key, although it looks no further.
        algorithm = WITH_RSA if RSA in self.spki[:32] else WITH_ECDSA
        if not self.is_usual():  # Ed25519 and its like have one name for both (RFC 8410)
            from .wire.der import Reader

            algorithm = Reader(self.spki, 0, len(self.spki)).take(SEQUENCE).take_whole(SEQUENCE)
        validity = encode(SEQUENCE, _time("19700101000000"), _time(self.not_after))
        signed = encode(SEQUENCE, version, encode(INTEGER, self.serial), algorithm, self.subject, validity,
                        self.subject, self.spki, extensions)
        return encode(SEQUENCE, signed, algorithm, encode(BIT_STRING, b"\x00"))


def _time(digits):
    return encode(0x18, digits.encode() + b"Z")


class RootStore:
    """A store in a file (its path) or in bytes; `built` (seconds since 1970), `count`, `fingerprint` (SHA-256).

    One whose fingerprint is `known` was read before and found whole: it is not read again.
    """

    def __init__(self, source, known=None):
        self._source = source
        self.name = "bytes" if isinstance(source, (bytes, bytearray, memoryview)) else str(source)
        file = self._open()
        try:
            header = self._read(file, 0, HEADER)
            if header[:7] != MAGIC[:7]:
                raise self._bad("it is no store of roots")
            if header[7] != MAGIC[7]:
                raise self._bad("version %d expected, got %d" % (MAGIC[7], header[7]))
            self.built, self.count = struct.unpack(">II", header[8:16])
            self.fingerprint = header[16:48]
            is_known = self.fingerprint == known
            if not is_known and self._digest(file, header[8:16]) != self.fingerprint or self.count > MAX_ROOTS:
                raise self._bad("it was cut or changed")
        finally:
            self._close(file)

    def find(self, subject):
        """The Roots with this subject (DER), most often one or none; reads the store. Raises UsageError."""
        key = hashlib.sha256(subject).digest()[:4]
        file = self._open()
        try:
            found = []
            at = self._first(file, key)
            while at < self.count:
                entry = self._entry(file, at)
                if entry[:4] != key:
                    break
                root = self._root(file, entry)
                if root.subject == subject:
                    found.append(root)
                at += 1
            return found
        finally:
            self._close(file)

    def __iter__(self):
        """Every Root, one at a time."""
        file = self._open()
        try:
            for at in range(self.count):
                yield self._root(file, self._entry(file, at))
        finally:
            self._close(file)

    def _first(self, file, key):
        """Where in the index the first entry with this key, or a greater one, stands."""
        low, high = 0, self.count
        while low < high:
            middle = (low + high) // 2
            if self._entry(file, middle)[:4] < key:
                low = middle + 1
            else:
                high = middle
        return low

    def _entry(self, file, at):
        return self._read(file, HEADER + at * ENTRY, ENTRY)

    def _root(self, file, entry):
        at = struct.unpack(">I", entry[4:])[0]
        lengths = struct.unpack(LENGTHS, self._read(file, at + 11, 6))
        return Root(self._read(file, at, FIXED + sum(lengths)))

    def _digest(self, file, beginning):
        digest = hashlib.sha256(beginning)
        at = HEADER
        while True:
            chunk = self._take(file, at, CHUNK)
            if not chunk:
                return digest.digest()
            digest.update(chunk)
            at += len(chunk)

    def _open(self):
        if self.name == "bytes":
            return self._source
        try:
            return open(self.name, "rb")
        except OSError as error:
            raise UsageError("bad_root_store", cause=error, file=self.name)

    def _take(self, file, at, count):
        if self.name == "bytes":
            return file[at:at + count]
        try:
            file.seek(at)
            return file.read(count)
        except OSError as error:  # MicroPython opens a folder, and reads nothing in it
            raise UsageError("bad_root_store", cause=error, file=self.name)

    def _read(self, file, at, count):
        data = bytes(self._take(file, at, count))
        if len(data) < count:
            raise self._bad("it was cut or changed")
        return data

    def _close(self, file):
        if self.name != "bytes":
            file.close()

    def _bad(self, reason):
        return UsageError("bad_root_store", file=self.name, reason=reason)
