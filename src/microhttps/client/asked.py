"""What a client asks for: method, URL, fields and body, as one thing that can be asked again elsewhere. Layer 9."""

from ..errors import UsageError
from ..wire.headers import encode_fields
from ..wire.url import parse_url

OURS = ("content-length", "transfer-encoding")  # these fields follow from the body


class Asked:
    """One request: `method`, `url` (Url), `body` (bytes, or an async iterator), `auth`; the rest is its head."""

    __slots__ = ("_given", "_pairs", "auth", "body", "method", "on_link", "url")

    def __init__(self, method, url, headers, body, json, auth):
        if not method or not method.replace("-", "").isalpha():
            raise UsageError("bad_method", got=method)
        self.method = method.upper()
        self.on_link = None  # told the connection over which it goes
        self.url = parse_url(url)
        if self.url.scheme not in ("https", "http"):
            raise UsageError("bad_url", "http or https expected", scheme=self.url.scheme)
        self._pairs = list(headers.items() if hasattr(headers, "items") else headers)
        self._given = [name.lower() for name, _ in self._pairs]
        for name in OURS:
            if name in self._given:
                raise UsageError("bad_header_name", "this field follows from the body", name=name)
        if json is not None:
            from json import dumps

            body = dumps(json)
            if "content-type" not in self._given:
                self._pairs.append(("Content-Type", "application/json"))
        self.body = _body_of(body)
        self.auth = auth
        if auth is None and self.url.userinfo:
            from ..client_auth import of_userinfo

            self.auth = of_userinfo(self.url.userinfo)

    def without(self, *names):
        """Forget the fields of these names (lower case): they are not for whoever is asked next."""
        self._pairs = [pair for pair in self._pairs if pair[0].lower() not in names]
        self._given = [name.lower() for name, _ in self._pairs]

    def encode(self, more, target=None):
        """The head as bytes, with `more` fields where the application has none of that name."""
        lines = []
        for name, value in [("Host", self.url.authority)] + more:
            if name.lower() not in self._given:
                lines.append((name, value))
        if not isinstance(self.body, bytes):
            lines.append(("Transfer-Encoding", "chunked"))
        elif self.body or self.method in ("POST", "PUT", "PATCH"):
            lines.append(("Content-Length", len(self.body)))
        start = "%s %s HTTP/1.1\r\n" % (self.method, target or self.url.target)
        return start.encode() + encode_fields(lines + self._pairs) + b"\r\n"


def _body_of(body):
    if isinstance(body, str):
        return body.encode()
    if body is None or isinstance(body, (bytes, bytearray, memoryview)):
        return bytes(body or b"")
    if hasattr(body, "__aiter__"):
        return body
    raise UsageError("bad_body", got=type(body).__name__)
