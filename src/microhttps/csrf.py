"""Requests that another site makes a browser send: told by where they come from, and by a token they cannot know.

Checked are requests that may change something. First what the browser itself says (Sec-Fetch-Site, else Origin, which
no page can forge), then the token: signed, and bound to a cookie, so that one browser's is of no use to another. It
comes in a header, or in a field of the form. Layer 8.
"""

from .port import system
from .routing.guards import Guarded, is_secure, refuse, with_headers
from .wire.cookies import encode_cookie
from .wire.signing import is_signed, keys_of, random_text, sign_text

SAFE = ("GET", "HEAD", "OPTIONS")  # RFC 9110 section 9.2.1, without TRACE, which nobody answers
COOKIE = "csrf"
FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


class Csrf:
    """`@csrf` before the handlers of a form, both that which shows it and that which takes it.

    The first puts `csrf.token(request)` into the form, in a hidden field `csrf_token`, or where its scripts find it and
    send it as header `X-CSRF-Token`. `origins` are other sites that may send too ("https://example.org"). With
    `token=False` what the browser says of the origin is all that is checked. Refused is with 403.
    """

    def __init__(self, secret, origins=(), token=True, field="csrf_token", header="X-CSRF-Token"):
        self._keys = keys_of(secret, "csrf")
        self._origins = origins
        self._wants_token = token
        self._field = field
        self._header = header

    def __call__(self, handler):
        """The handler behind this check."""
        return Guarded(handler, self.check, self._remember)

    def token(self, request):
        """A token for this browser: another one each time, all valid as long as its cookie."""
        kept = request.kept
        if self not in kept:
            kept[self] = request.cookies.get(_cookie_name(request)) or random_text(), True
        salt = random_text(8)
        return salt + "." + sign_text(self._keys[0], kept[self][0] + " " + salt)

    def _remember(self, request, result):
        """The answer with the cookie, where a token was made for a browser without."""
        value = request.kept.get(self, (None,))[0]
        if value is None:
            return result
        headers = [("Cache-Control", "no-store")]
        if _cookie_name(request) not in request.cookies:
            cookie = encode_cookie(_cookie_name(request), value, secure=is_secure(request))
            headers.append(("Set-Cookie", cookie))
        return with_headers(result, headers)

    def check(self, request):
        """None when the request may pass, else the refusal; to be awaited where the token is in the body."""
        if request.method in SAFE:
            return None
        if not self._is_from_here(request):
            return _refuse(request, "this request comes from another site")
        if not self._wants_token:
            return None
        token = request.headers.get(self._header)
        if token is None and _has_form(request):
            return self._check_form(request)
        return self._verdict(request, token)

    async def _check_form(self, request):
        form = await request.form()  # which is kept for the handler
        refusal = self._verdict(request, form.get(self._field))
        return await refusal if system.is_coroutine(refusal) else refusal

    def _verdict(self, request, token):
        cookie = request.cookies.get(_cookie_name(request))
        salt, _, signature = (token or "").partition(".")
        if cookie and salt and is_signed(self._keys, cookie + " " + salt, signature):
            return None
        return _refuse(request, "the token of this form is missing or too old: load it again")

    def _is_from_here(self, request):
        """What the browser says of where the request comes from; who says nothing is no browser of this decade."""
        headers = request.headers
        origin = headers.get("Origin")
        if origin in self._origins:
            return True
        site = headers.get("Sec-Fetch-Site")
        if site is not None:
            return site in ("same-origin", "none")
        if origin is None:
            return True
        # A proxy may speak TLS for us, so the scheme is not ours to judge.
        return origin.partition("://")[2].lower() == headers.get("Host", "").lower()


def _cookie_name(request):
    return ("__Host-" if is_secure(request) else "") + COOKIE


def _has_form(request):
    kind = request.headers.get("Content-Type", "").partition(";")[0].strip(" \t").lower()
    return request.has_body and kind in FORMS


def _refuse(request, why):
    return refuse(request, 403, "403 Forbidden: " + why, (("Cache-Control", "no-store"),))
