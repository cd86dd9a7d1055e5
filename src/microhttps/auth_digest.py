"""Digest authentication (RFC 7616) with SHA-256 and qop=auth: the password never travels, and no answer serves twice.

The nonce is signed and carries its time, so a challenge costs no memory. Only nonces in use are remembered, for the
numbers of the requests made with them, and their number is bounded; one that was forgotten counts as stale, and the
client repeats its request with a new one without asking its user. MD5 is not offered. Layer 8.
"""

import binascii
import os

from .auth import STALE, Scheme, quoted
from .errors import PeerError
from .port import system
from .wire.auth_parameters import parse_auth_parameters, text_of_extended
from .wire.signing import Key, is_same, random_text, sha256

MOST_NONCES = (16, 4096)[system.SIZE]  # in use at once
WINDOW = 64  # numbers behind the highest that may still come, once: a browser's connections overtake each other


class DigestAuth(Scheme):
    """`@DigestAuth(find)`: `find(name)` gives the password of a user (text), or None; it may be `async def`.

    Or a dictionary {name: password}. In place of a password may stand what `DigestAuth.digest(name, realm, password)`
    makes of it (bytes), so that none has to be kept. With `userhash`, which wants a dictionary, names travel hashed.
    `request.user` is the name. Wrong passwords are counted as in BasicAuth.
    """

    name = "digest"

    def __init__(self, find, realm="microhttps", nonce_age=300, userhash=False, max_failures=20):
        super().__init__(realm, max_failures)
        self._users = find if isinstance(find, dict) else None
        self._find = find.get if isinstance(find, dict) else find
        self._nonces = Nonces(nonce_age)
        self._has_userhash = userhash
        self._nobody = random_text()

    @staticmethod
    def digest(name, realm, password):
        """What to keep instead of a password: SHA-256 of the three, 32 bytes (RFC 7616 section 3.4.2)."""
        return sha256((name + ":" + realm + ":" + password).encode())

    def challenge(self, is_wrong, is_stale):
        """The challenge (RFC 7616 section 3.3)."""
        text = "Digest realm=%s, qop=\"auth\", algorithm=SHA-256, nonce=\"%s\", charset=UTF-8" % (
            quoted(self.realm), self._nonces.make())
        if self._has_userhash:
            text += ", userhash=true"
        return text + ", stale=true" if is_stale else text

    def find_user(self, request, text):
        """The user of these credentials, None or STALE; maybe to be awaited. Raises PeerError("bad_credentials")."""
        given = parse_auth_parameters(text)
        if given is None or not self._is_well_formed(given):
            return None
        if given["uri"] != request.head.target:
            raise PeerError("bad_credentials", "credentials for this path expected")  # RFC 7616 section 3.4.6
        name = self._name_of(given)
        secret = self._find(name) if name is not None else None
        if system.is_coroutine(secret):
            return self._find_user_later(request, given, name, secret)
        return self._judge(request, given, name, secret)

    async def _find_user_later(self, request, given, name, secret):
        return self._judge(request, given, name, await secret)

    def _is_well_formed(self, given):
        for name in ("realm", "nonce", "uri", "response", "nc", "cnonce", "qop"):
            if name not in given:
                return False
        return (given["realm"] == self.realm and given["qop"] == "auth" and is_hexadecimal(given["nc"], 8)
                and is_hexadecimal(given["response"], 64) and given.get("algorithm", "").lower() == "sha-256")

    def _name_of(self, given):
        if "username*" in given:
            return None if "username" in given else text_of_extended(given["username*"])
        name = given.get("username")
        if given.get("userhash") != "true":
            return name
        found = None
        for known in self._users or () if self._has_userhash else ():
            if is_same(hexadecimal(sha256((known + ":" + self.realm).encode())), name or ""):
                found = known
        return found

    def _judge(self, request, given, name, secret):
        """None, STALE or the name; as long in coming for a name that nobody has."""
        first = secret or self._nobody
        if isinstance(first, str):
            first = self.digest(name or "", self.realm, first)
        second = sha256((request.method + ":" + given["uri"]).encode())
        parts = [hexadecimal(first)] + [given[part] for part in ("nonce", "nc", "cnonce", "qop")]
        expected = hexadecimal(sha256(":".join(parts + [hexadecimal(second)]).encode()))
        if not is_same(expected, given["response"].lower()) or not secret:
            return None
        return name if self._nonces.use(given["nonce"], int(given["nc"], 16)) else STALE


class Nonces:
    """Makes nonces, and says of a request's whether it is fresh: ours, young, and with a number not seen before."""

    __slots__ = ("_age", "_count", "_forgotten", "_key", "_used")

    def __init__(self, age):
        self._age = age
        self._key = Key(os.urandom(32))
        self._count = 0
        self._forgotten = 0  # nonces up to this one, unless they are in use, may have been used
        self._used = {}  # nonce's number: (highest request number, bits of those before it that have come)

    def make(self):
        """A nonce: its number, its time, and our signature."""
        self._count += 1
        text = "%08x%08x" % (self._count, int(system.wall_clock()))
        return text + self._signature(text)

    def _signature(self, text):
        return hexadecimal(self._key.sign(text.encode())[:16])

    def use(self, nonce, number):
        """Whether a request with this nonce and number may pass; it may not a second time."""
        if len(nonce) != 48 or not is_same(self._signature(nonce[:16]), nonce[16:]):
            return False
        if not 0 <= int(system.wall_clock()) - int(nonce[8:16], 16) <= self._age:
            return False
        count = int(nonce[:8], 16)
        if count not in self._used and count <= self._forgotten:
            return False
        highest, bits = self._used.get(count, (0, 0))
        if number > highest:
            bits = (bits << (number - highest) | 1) & ((1 << WINDOW) - 1) if number - highest < WINDOW else 1
            highest = number
        elif highest - number >= WINDOW or bits >> (highest - number) & 1 or not number:
            return False
        else:
            bits |= 1 << (highest - number)
        self._used[count] = highest, bits
        if len(self._used) > MOST_NONCES:
            self._forget()
        return True

    def _forget(self):
        """The oldest nonce in use: whoever has it gets a new one."""
        oldest = min(self._used)
        del self._used[oldest]
        self._forgotten = max(oldest, self._forgotten)


def hexadecimal(data):
    """Bytes as hexadecimal digits."""
    return binascii.hexlify(data).decode()


def is_hexadecimal(text, length):
    """Whether the text is that many hexadecimal digits."""
    return len(text) == length and not text.lower().strip("0123456789abcdef")
