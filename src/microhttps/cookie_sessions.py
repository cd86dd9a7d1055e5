"""Sessions kept by the browser: a dictionary in a signed cookie, so that the server remembers nothing. Layer 8.

Signed, not encrypted: a user can read what is in it and cannot change it. The signature covers the cookie's name and
its end, so that neither another cookie nor an old one passes for it. What was handed out stays valid until then:
whoever must be able to throw somebody out keeps a list of their own.
"""

import json

from .errors import UsageError
from .port import system
from .routing.guards import Guarded, is_secure, refuse, with_headers
from .wire.cookies import MOST, encode_cookie
from .wire.signing import decode_base64, encode_base64, is_signed, keys_of, sign_text


class CookieSessions:
    """`@sessions` before a handler, and in it `sessions.of(request)`: a dictionary that comes back with the next one.

    `secret` has 16 random bytes or more; of a list the first signs and all are believed, so that it can be changed.
    `max_age` is in seconds, and begins anew when half of it is over. Over TLS, or with `secure=True` behind a proxy
    that speaks it, the cookie is `Secure` and its name begins with `__Host-`. Raises UsageError.
    """

    def __init__(self, secret, max_age=14 * 24 * 3600, name="session", secure=None, same_site="Lax"):
        if same_site not in ("Lax", "Strict", "None"):
            raise UsageError("bad_same_site", got=same_site)
        self._keys = keys_of(secret, "cookie session " + name)
        self._max_age = max_age
        self._name = name
        self._secure = secure
        self._same_site = same_site

    def __call__(self, handler):
        """The handler with a session."""
        return Guarded(handler, self._load, self._save)

    def of(self, request):
        """The session of a request: a dictionary of what JSON has; `clear()` ends it."""
        return request.kept[self][0]

    def required(self, key="user", otherwise=None):
        """Decorator: only for a session that has this key, whose value becomes `request.user`.

        Others are sent to the address `otherwise` (303), or are refused (403).
        """

        def check(request):
            if self not in request.kept:
                self._load(request)
            request.user = self.of(request).get(key)
            if request.user is not None:
                return None
            if otherwise is None:
                return refuse(request, 403, "403 Forbidden: log in first")
            return "", 303, (("Location", otherwise), ("Cache-Control", "no-store"))

        return lambda handler: Guarded(handler, check, self._save)

    def _load(self, request):
        value = request.cookies.get(self._full_name(request))
        found, until = self._open(value) if value else (None, 0)
        request.kept[self] = [found or {}, json.dumps(found or {}), until, value is not None]

    def _open(self, value):
        """(dictionary, its end), or (None, 0) for a cookie that we did not sign or whose time is over."""
        text, _, signature = value.rpartition(".")
        if not is_signed(self._keys, self._name + "=" + text, signature):
            return None, 0
        payload, _, end = text.partition(".")
        end = int(end)
        # A clock that was set back would make cookies outlive their time: none ends later than it could.
        if not 0 < end - int(system.wall_clock()) <= self._max_age:
            return None, 0
        return json.loads(decode_base64(payload)), end

    def _save(self, request, result):
        """The answer with the cookie, where the session has changed or half of its time is over."""
        kept = request.kept[self]
        if not kept:
            return result  # two decorators, one cookie
        found, before, until, had_cookie = kept
        kept.clear()
        headers = [("Vary", "Cookie")]
        text = json.dumps(found)
        if found:
            left = until - int(system.wall_clock())
            if text != before or left <= self._max_age // 2:
                headers.append(self._cookie(request, self._seal(text), self._max_age))
        elif had_cookie:
            headers.append(self._cookie(request, "", 0))
        return with_headers(result, headers)

    def _seal(self, text):
        value = "%s.%d" % (encode_base64(text.encode()), int(system.wall_clock()) + self._max_age)
        return value + "." + sign_text(self._keys[0], self._name + "=" + value)

    def _cookie(self, request, value, max_age):
        name = self._full_name(request)
        if len(name) + len(value) > MOST:
            raise UsageError("session_too_large", length=len(name) + len(value), limit=MOST)
        return "Set-Cookie", encode_cookie(name, value, max_age, secure=self._is_secure(request),
                                           same_site=self._same_site)

    def _is_secure(self, request):
        return is_secure(request) if self._secure is None else self._secure

    def _full_name(self, request):
        return ("__Host-" if self._is_secure(request) else "") + self._name
