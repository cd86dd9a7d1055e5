"""Where a client goes on after an answer that is not the last: redirects (RFC 9110 section 15.4) and challenges.

As browsers do, and safely: never from https to http, no password and no cookie of one origin to another, and not for
ever. Loaded with the first answer that asks for it. Layer 9.
"""

from ..errors import PeerError, UsageError
from ..wire.headers import text_of
from ..wire.url import join_url

ELSEWHERE = (301, 302, 303, 307, 308)
PRIVATE = ("authorization", "cookie", "cookie2", "proxy-authorization", "www-authenticate", "host")


def follow(asked, response, settings, count):
    """Whether `asked`, which is changed for it, is to be asked once more; `count` is how often it was redirected.

    Raises PeerError("too_many_redirects", "redirect_to_plain", "bad_redirect", "body_cannot_be_repeated").
    """
    if response.status == 401:
        if asked.auth is None or not asked.auth.answer(asked, values_of(response, b"www-authenticate")):
            return False
        _check_body(asked, response.status)
        return True
    locations = [value for name, value in response.fields if name.lower() == b"location"]
    if response.status not in ELSEWHERE or not locations or not settings.max_redirects:
        return False
    if count >= settings.max_redirects:
        raise PeerError("too_many_redirects", limit=settings.max_redirects, setting="max_redirects")
    _move(asked, _coded(locations[0]))
    _change_method(asked, response.status)
    _check_body(asked, response.status)
    return True


def _check_body(asked, status):
    """An iterator has given its body: asked for once more it would give an empty one."""
    if not isinstance(asked.body, bytes):
        raise PeerError("body_cannot_be_repeated", answered=status)


def _coded(location):
    """A Location (bytes) as text, with the blanks and the bytes beyond ASCII coded that some servers leave in it."""
    return "".join([chr(byte) if 0x20 < byte < 0x7F else "%%%02X" % byte for byte in location.strip()])


def _move(asked, location):
    old = asked.url
    try:
        asked.url = join_url(old, location)
    except UsageError as error:  # it is the peer's mistake
        raise PeerError("bad_redirect", cause=error, location=location)
    new = asked.url
    if new.scheme not in ("https", "http"):
        raise PeerError("bad_redirect", location=location)
    if old.scheme == "https" and new.scheme != "https":
        raise PeerError("redirect_to_plain", location=location)
    if (old.scheme, old.host, old.port) != (new.scheme, new.host, new.port):
        asked.without(*PRIVATE)
        asked.auth = None


def _change_method(asked, status):
    """A POST becomes a GET on 301 and 302, anything but HEAD on 303, as the Fetch standard has it (4.4)."""
    if status == 303 and asked.method != "HEAD" or status in (301, 302) and asked.method == "POST":
        asked.method = "GET"
        asked.body = b""
        asked.without("content-type", "content-encoding", "content-language", "content-location")


def values_of(response, name):
    """The values (text) of every field of this name (bytes, lower case)."""
    return [text_of(value) for field, value in response.fields if field.lower() == name]
