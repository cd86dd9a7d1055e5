"""What `check` is asked to look at: a URL, HOST:PORT or HOST, taken apart; what is spoken there is guessed by the port.

Names in other alphabets are asked for as DNS and certificates write them (xn--…). Knows no socket. Layer 13.
"""

from base64 import b64encode
from dataclasses import dataclass
from ipaddress import ip_address

import idna

from microhttps.errors import UsageError
from microhttps.wire.url import parse_url, percent_decode

HTTP, WEBSOCKET, MQTT, SMTP, IMAP, NOTHING = "HTTP", "WebSocket", "MQTT", "SMTP", "IMAP", ""
TLS, STARTTLS, PLAIN = "tls", "starttls", "plain"
MAX_LENGTH = 8 * 1024


@dataclass(frozen=True)
class Scheme:
    """What a scheme means: its port, how TLS begins there, and what is spoken inside."""

    port: int
    begins: str
    speaks: str


SCHEMES = {
    "https": Scheme(443, TLS, HTTP),
    "http": Scheme(80, PLAIN, HTTP),
    "wss": Scheme(443, TLS, WEBSOCKET),
    "mqtts": Scheme(8883, TLS, MQTT),
    "smtp": Scheme(587, STARTTLS, SMTP),  # where mail is handed in (RFC 6409); 25 is for mail servers among themselves
    "smtps": Scheme(465, TLS, SMTP),
    "imap": Scheme(143, STARTTLS, IMAP),
    "imaps": Scheme(993, TLS, IMAP),
    "tls": Scheme(443, TLS, NOTHING),
}
# What HOST:PORT means; at any other port TLS alone is looked at.
BY_PORT = {80: "http", 443: "https", 8443: "https", 8883: "mqtts", 25: "smtp", 587: "smtp", 465: "smtps", 143: "imap",
           993: "imaps"}  # fmt: skip


@dataclass(frozen=True)
class Target:
    """One thing to look at: where to connect (`host`, `port`), and the `name` that the certificate should be for.

    `text` is what was asked, without a password.
    """

    text: str
    scheme: str
    host: str
    port: int
    path: str
    name: str
    userinfo: str | None = None

    @property
    def begins(self) -> str:
        return SCHEMES[self.scheme].begins

    @property
    def speaks(self) -> str:
        return SCHEMES[self.scheme].speaks

    @property
    def where(self) -> str:
        """HOST:PORT, as a command takes it."""
        return f"{bracketed(self.host)}:{self.port}"

    @property
    def authority(self) -> str:
        """What a Host field says."""
        is_usual = self.port == SCHEMES[self.scheme].port
        return bracketed(self.name) + ("" if is_usual else f":{self.port}")

    @property
    def url(self) -> str:
        """The whole of it, without a password."""
        return f"{self.scheme}://{self.where}{self.path if self.speaks in (HTTP, WEBSOCKET) else ''}"

    def credentials(self) -> tuple[str, str] | None:
        """(user, password) of the URL, decoded; raises PeerError for bad percent coding."""
        if self.userinfo is None:
            return None
        user, _, password = self.userinfo.partition(":")
        return percent_decode(user), percent_decode(password)

    def basic(self) -> str | None:
        """Name and password of the URL as HTTP's Authorization says them (RFC 7617); raises as `credentials`."""
        found = self.credentials()
        return "Basic " + b64encode(":".join(found).encode()).decode() if found else None


def read_target(text: str, servername: str | None = None) -> Target:
    """The Target of this text; raises UsageError("bad_url")."""
    if len(text) > MAX_LENGTH:
        raise UsageError("bad_url", f"a URL of at most {MAX_LENGTH} characters expected, got {len(text)}")
    if any(character.isspace() or not character.isprintable() for character in text):
        raise UsageError("bad_url", "a URL without blanks and control characters expected")
    scheme, colon, rest = text.partition("://")
    if not colon:
        scheme, rest = "", text
    scheme = scheme.lower()
    if scheme and scheme not in SCHEMES:
        raise UsageError("bad_url", f"scheme {', '.join(SCHEMES)} expected, got {scheme!r}")
    rest = _in_ascii(rest)
    url = parse_url("https://" + rest)
    has_port = _has_port(rest)
    port = url.port if has_port else SCHEMES[scheme or "https"].port
    scheme = scheme or _guess(port, rest, has_port)
    name = _ascii_name(servername) if servername else url.host
    return Target(without_password(text), scheme, url.host, port, url.target, name, url.userinfo)


def without_password(text: str) -> str:
    """The text of a URL without what stands before an @ in front of its host, be it a good URL or not."""
    scheme, colon, rest = text.partition("://") if "://" in text else ("", "", text)
    authority = _authority_of(rest)
    return scheme + colon + authority.rpartition("@")[2] + rest[len(authority) :]


def bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host else host


def _guess(port: int, rest: str, has_port: bool) -> str:
    has_path = len(_authority_of(rest)) < len(rest)
    return "https" if not has_port or has_path else BY_PORT.get(port, "tls")


def _has_port(rest: str) -> bool:
    host = _authority_of(rest).rpartition("@")[2].rpartition("]")[2]
    return ":" in host and host.rpartition(":")[2].isdigit()


def _authority_of(rest: str) -> str:
    """What stands before the path, the query or the fragment."""
    return rest[: min((place for place in map(rest.find, "/?#") if place >= 0), default=len(rest))]


def _in_ascii(rest: str) -> str:
    """The same with a host that a URL may have: in ASCII, and an address of version 6 in brackets."""
    authority = _authority_of(rest)
    userinfo, at, host = authority.rpartition("@")
    if _is_bare_address(host):
        host = f"[{host}]"
    elif not host.isascii():
        name, colon, port = host.partition(":")
        host = _ascii_name(name) + colon + port
    return userinfo + at + host + rest[len(authority) :]


def _is_bare_address(host: str) -> bool:
    try:
        return ip_address(host).version == 6
    except ValueError:
        return False


def _ascii_name(name: str) -> str:
    """A host's name as DNS writes it (IDNA 2008); raises UsageError("bad_url")."""
    if name.isascii():
        return name
    try:
        return idna.encode(name, uts46=True).decode()
    except idna.IDNAError as error:
        raise UsageError("bad_url", f"{name!r} is not a name in any alphabet: {error}") from None
