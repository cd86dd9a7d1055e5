"""The cookies that servers gave a client, and which of them go with a request (RFC 6265). Layer 9.

In memory only, bounded; loaded with the first cookie. There is no list of public suffixes: a cookie for a whole domain
is taken where the domain has a dot inside, is no `co.uk` or its like, and is the host's own or its parent's.
"""

from ..port import system
from ..wire.headers import text_of
from ..wire.http_dates import parse_date

MOST = (20, 1000)[system.SIZE]  # in all; browsers keep 180 a site
MOST_BYTES = 4096  # of a name with its value (RFC 6265bis section 5.6)
SHARED = ("ac", "co", "com", "edu", "go", "gob", "gov", "ltd", "mil", "ne", "net", "nom", "or", "org", "plc", "sch")
FOR_EVER = 400 * 24 * 3600  # seconds: no cookie lives longer (RFC 6265bis section 5.5)


class Cookie:
    """One cookie, with whom and what for it is."""

    __slots__ = ("domain", "expiry", "is_for_host", "is_secure", "name", "path", "value")

    def is_for(self, url, path, now):
        """Whether it goes with a request to this Url."""
        if self.is_secure and url.scheme != "https" or self.expiry is not None and self.expiry <= now:
            return False
        if self.is_for_host and url.host != self.domain or not is_within(url.host, self.domain):
            return False
        return _is_below(path, self.path)


class CookieJar:
    """Cookies of all hosts; the one that came longest ago makes room."""

    def __init__(self):
        self._cookies = []

    def __len__(self):
        return len(self._cookies)

    def take(self, url, fields):
        """Keep, change or forget what the Set-Cookie fields of an answer say; what breaks a rule is passed over."""
        for name, value in fields:
            if name.lower() == b"set-cookie":
                self._take_one(url, text_of(value))

    def header(self, url):
        """The value of the Cookie field of a request to this Url, or None: longest path first (section 5.4)."""
        path = url.target.split("?", 1)[0]
        now = system.wall_clock()
        found = [cookie for cookie in self._cookies if cookie.is_for(url, path, now)]
        places = sorted([(-len(found[place].path), place) for place in range(len(found))])
        return "; ".join([found[place].name + "=" + found[place].value for _, place in places]) or None

    def clear(self):
        """Forget all."""
        self._cookies = []

    def _take_one(self, url, text):
        pair, _, rest = text.partition(";")
        name, equals, value = pair.partition("=")
        cookie = Cookie()
        cookie.name, cookie.value = name.strip(" \t"), value.strip(" \t")
        if not equals or not cookie.name or len(pair) > MOST_BYTES or not _is_clean(cookie.name + cookie.value):
            return
        attributes = _attributes_of(rest)
        if not _place(cookie, url, attributes) or self._is_kept_from(url, cookie):
            return
        cookie.expiry = _expiry_of(attributes)
        self._cookies = [other for other in self._cookies if (other.name, other.domain, other.path) != (
            cookie.name, cookie.domain, cookie.path)][1 - MOST:]
        if cookie.expiry is None or cookie.expiry > system.wall_clock():
            self._cookies.append(cookie)

    def _is_kept_from(self, url, cookie):
        """Whether plain http would replace or hide what came over https (RFC 6265bis section 5.7, step 16)."""
        return url.scheme != "https" and any([
            other.is_secure and other.name == cookie.name and _is_below(cookie.path, other.path)
            and (is_within(cookie.domain, other.domain) or is_within(other.domain, cookie.domain))
            for other in self._cookies])


def _attributes_of(text):
    attributes = {}
    for part in text.split(";"):
        name, _, value = part.partition("=")
        attributes[name.strip(" \t").lower()] = value.strip(" \t")
    return attributes


def _place(cookie, url, attributes):
    """Say whom the cookie is for; whether the server may say so (section 5.3, and the prefixes of RFC 6265bis)."""
    domain = attributes.get("domain", "").lstrip(".").lower()
    cookie.is_for_host = not domain or domain == url.host and _is_shared(domain)
    if not cookie.is_for_host and (_is_shared(domain) or not is_within(url.host, domain)):
        return False
    cookie.domain = url.host if cookie.is_for_host else domain
    path = attributes.get("path", "")
    own = url.target.split("?", 1)[0]
    cookie.path = path if path[:1] == "/" else own[:own.rfind("/")] or "/"
    cookie.is_secure = "secure" in attributes
    if cookie.is_secure and url.scheme != "https":
        return False
    name = cookie.name.lower()
    if name.startswith("__secure-"):
        return cookie.is_secure
    if name.startswith("__host-"):
        return cookie.is_secure and not domain and path == "/"
    return True


def _expiry_of(attributes):
    """Seconds since 1970, None for as long as the client lives; Max-Age goes before Expires."""
    age = attributes.get("max-age", "")
    if age.lstrip("-").isdigit() and len(age) < 15:
        return system.wall_clock() + min(int(age), FOR_EVER) if int(age) > 0 else 0
    moment = parse_date(attributes["expires"].encode()) if "expires" in attributes else None
    return None if moment is None else min(moment, system.wall_clock() + FOR_EVER)


def _is_shared(domain):
    """Whether many register below it, for all that can be known without a list: `uk`, and `co.uk`."""
    name, _, country = domain.partition(".")
    return not country or len(country) == 2 and name in SHARED


def _is_below(path, above):
    """Whether a path is another or below it (section 5.1.4)."""
    return path == above or path.startswith(above if above[-1] == "/" else above + "/")


def is_within(host, domain):
    """Whether a host is the domain or below it; an address is below nothing (section 5.1.3)."""
    if host == domain:
        return True
    is_address = ":" in host or host.replace(".", "").isdigit()
    return host.endswith("." + domain) and not is_address


def _is_clean(text):
    return all(" " <= character != "\x7f" for character in text)
