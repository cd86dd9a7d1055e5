"""Basic authentication (RFC 7617): name and password in UTF-8, with every request. A secret only over TLS. Layer 8."""

import binascii

from .auth import Scheme, quoted, user_or
from .wire.headers import bytes_of
from .wire.signing import is_same, random_text


class BasicAuth(Scheme):
    """`@BasicAuth(check)`: `check(name, password)` gives the user, or True for the name itself; None or False refuses.

    It may be `async def`, or a dictionary {name: password}, whose passwords are compared in constant time. An address
    that has sent `max_failures` wrong ones within a minute gets 429 until the minute is over (0: never).
    """

    name = "basic"

    def __init__(self, check, realm="microhttps", max_failures=20):
        super().__init__(realm, max_failures)
        self._check = _check_of(check) if isinstance(check, dict) else check

    def challenge(self, is_wrong, is_stale):
        """The challenge (RFC 7617 section 2)."""
        return "Basic realm=" + quoted(self.realm) + ', charset="UTF-8"'

    def find_user(self, request, text):
        """The user of these credentials, or None; maybe to be awaited."""
        name, password = parse_credentials(text)
        return None if name is None else user_or(self._check(name, password), name)


def parse_credentials(text):
    """(name, password), or (None, None) where the text is no such pair (RFC 7617 section 2)."""
    try:
        pair = binascii.a2b_base64(bytes_of(text) or b"").decode()
    except (ValueError, UnicodeError):
        return None, None
    name, colon, password = pair.partition(":")
    if not colon or any(character < " " or character == "\x7f" for character in pair):
        return None, None
    return name, password


def _check_of(passwords):
    """A check by dictionary, which takes as long for a name that is not in it."""
    unknown = random_text()

    def check(name, password):
        is_right = is_same(passwords.get(name, unknown), password)
        return is_right and name in passwords

    return check
