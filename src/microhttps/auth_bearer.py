"""Bearer tokens (RFC 6750), in the Authorization field only: a token in a URL ends up in logs. Layer 8."""

from .auth import Scheme, quoted, user_or
from .wire.signing import is_same

TOKEN68 = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~+/"


class BearerAuth(Scheme):
    """`@BearerAuth(check)`: `check(token)` gives the user, or True for the token itself; None or False refuses.

    It may be `async def`, or a dictionary {token: user}, whose tokens are compared in constant time.
    """

    name = "bearer"

    def __init__(self, check, realm="microhttps"):
        super().__init__(realm)
        self._check = _check_of(check) if isinstance(check, dict) else check

    def challenge(self, is_wrong, is_stale):
        """The challenge; a client that sent no token is told of no error (RFC 6750 section 3.1)."""
        return "Bearer realm=" + quoted(self.realm) + (', error="invalid_token"' if is_wrong else "")

    def find_user(self, request, text):
        """The user of this token, or None; maybe to be awaited."""
        if not text or text.rstrip("=").strip(TOKEN68):
            return None
        return user_or(self._check(text), text)


def _check_of(users):
    """A check by dictionary, which compares with every token, whichever fits."""

    def check(token):
        found = [user for known, user in users.items() if is_same(known, token)]
        return found[0] if found else None

    return check
