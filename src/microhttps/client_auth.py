"""A client's name and password, or token, as the `auth` of a request: Basic, Digest, Bearer.

    await client.get(url, auth=("name", "password"))        # Basic
    await client.get(url, auth=Digest("name", "password"))
    await client.get(url, auth=Bearer(token))

What anybody on the way could use again (Basic, Bearer) is sent over https only. Layer 8.
"""

import hashlib
from binascii import b2a_base64, hexlify
from os import urandom

from .errors import UsageError
from .wire.auth_parameters import parse_auth_parameters
from .wire.url import percent_decode

ALGORITHMS = {"sha-256": hashlib.sha256, "md5": getattr(hashlib, "md5", None)}  # the first that both know
CONTROL = "".join(chr(code) for code in range(32)) + "\x7f"


class Basic:
    """Name and password (RFC 7617), sent with the first request; raises UsageError("bad_credentials") for bad ones.

    `danger_in_clear` sends them over plain http, too, where everybody on the way reads them.
    """

    def __init__(self, name, password, danger_in_clear=False):
        if ":" in name:
            raise UsageError("bad_credentials", "a name without a colon expected")
        text = _checked(name) + ":" + _checked(password)
        self._value = "Basic " + b2a_base64(text.encode()).decode().strip()
        self._is_bold = danger_in_clear

    def first(self, asked):
        """The value of the Authorization field of a request; raises UsageError("password_in_clear")."""
        if asked.url.scheme != "https" and not self._is_bold:
            raise UsageError("password_in_clear", url=str(asked.url))
        return self._value

    def answer(self, asked, challenges):
        """False: there is nothing to say beyond what was said."""
        return False


class Bearer(Basic):
    """A token (RFC 6750), sent with the first request; raises UsageError("bad_credentials") for a bad one."""

    def __init__(self, token, danger_in_clear=False):
        if not token or " " in token:
            raise UsageError("bad_credentials", "a token without spaces expected")
        self._value = "Bearer " + _checked(token)
        self._is_bold = danger_in_clear


class Digest:
    """Name and password (RFC 7616), proved to a server that has asked; the password itself is never sent.

    Knows SHA-256, and MD5 for servers that know nothing else. Keep it for the requests to one server: then only the
    first has to be asked.
    """

    def __init__(self, name, password):
        self._name = _checked(name)
        self._password = _checked(password)
        self._challenge = None
        self._count = 0  # of requests with the present nonce
        self._origin = None

    def first(self, asked):
        """The value of the Authorization field, None before the server has asked."""
        if self._challenge is None or self._origin != _origin(asked):
            return None
        return self._proof(asked)

    def answer(self, asked, challenges):
        """Whether one of these challenges can be answered: it then is by the next `first`."""
        found = _best_of(challenges)
        if found is None:
            return False
        is_refused = self._origin == _origin(asked) and self._count and found.get("stale", "").lower() != "true"
        if is_refused and found["nonce"] == self._challenge["nonce"]:
            return False
        if is_refused and self._is_first_refused:
            return False
        self._is_first_refused = is_refused
        self._challenge = found
        self._origin = _origin(asked)
        self._count = 0
        return True

    _is_first_refused = False

    def _proof(self, asked):
        challenge = self._challenge
        algorithm = challenge.get("algorithm", "MD5")
        self._count += 1
        number = "%08x" % self._count
        own = hexlify(urandom(16)).decode()

        def digest(text):
            return hexlify(ALGORITHMS[algorithm.lower()](text.encode()).digest()).decode()

        first = digest(self._name + ":" + challenge["realm"] + ":" + self._password)
        second = digest(asked.method + ":" + asked.url.target)
        if "qop" in challenge:
            proof = digest(":".join((first, challenge["nonce"], number, own, "auth", second)))
        else:
            proof = digest(":".join((first, challenge["nonce"], second)))  # RFC 2069, which some devices still speak
        fields = [("username", self._name), ("realm", challenge["realm"]), ("nonce", challenge["nonce"]),
                  ("uri", asked.url.target), ("response", proof)]
        if "opaque" in challenge:
            fields.append(("opaque", challenge["opaque"]))
        value = "Digest " + ", ".join([name + "=" + _quoted(text) for name, text in fields])
        if "algorithm" in challenge:
            value += ", algorithm=" + algorithm
        return value + (", qop=auth, nc=" + number + ", cnonce=" + _quoted(own) if "qop" in challenge else "")


def of_userinfo(text):
    """Basic of the `name:password` before the @ of a URL (RFC 3986 section 3.2.1)."""
    name, _, password = text.partition(":")
    return Basic(percent_decode(name), percent_decode(password))


def auth_of(auth):
    """The auth of a request as an object: a pair is Basic; raises UsageError("bad_credentials")."""
    if isinstance(auth, (tuple, list)) and len(auth) == 2:
        return Basic(auth[0], auth[1])
    if not hasattr(auth, "first"):
        raise UsageError("bad_credentials", got=type(auth).__name__)
    return auth


def _origin(asked):
    return asked.url.scheme, asked.url.host, asked.url.port


def _checked(text):
    if not isinstance(text, str) or any(character in CONTROL for character in text):
        raise UsageError("bad_credentials", "text without control characters expected")
    return text


def _best_of(challenges):
    """The parameters of the best challenge we can answer, or None (RFC 7616 section 3.7)."""
    usable = {}
    for text in challenges:
        for part in _split(text):
            found = parse_auth_parameters(part)
            if found is None or "nonce" not in found or "realm" not in found:
                continue
            algorithm = found.get("algorithm", "MD5").lower()
            qops = [qop.strip() for qop in found.get("qop", "auth").lower().split(",")]
            if ALGORITHMS.get(algorithm) and "auth" in qops:
                usable.setdefault(algorithm, found)
    return usable.get("sha-256") or usable.get("md5")


def _split(text):
    """The parameters of each Digest challenge in a field: one may hold several, of several schemes."""
    parts = []
    is_quoted = False
    start = None
    lower = text.lower()
    for at in range(len(text)):
        if text[at] == '"':
            is_quoted = not is_quoted
        elif not is_quoted and lower[at:at + 7] == "digest " and (at == 0 or text[at - 1] in " ,"):
            if start is not None:
                parts.append(text[start:at].rstrip(" ,"))
            start = at + 7
    if start is not None:
        parts.append(text[start:])
    return parts


def _quoted(text):
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
