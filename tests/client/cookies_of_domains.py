"""Which cookies for a whole domain are taken of which host, and where they go. Both interpreters."""

from microhttps.client.cookie_jar import CookieJar
from microhttps.wire.url import parse_url


def asked(host, domain, other):
    jar = CookieJar()
    jar.take(parse_url("https://" + host + "/"), [(b"Set-Cookie", ("a=1; Domain=" + domain).encode())])
    return jar.header(parse_url("https://" + host + "/")), jar.header(parse_url("https://" + other + "/"))


for host, domain, other in (
    ("www.example.org", "example.org", "api.example.org"), ("www.example.org", ".example.org", "example.org"),
    ("example.org", "example.org", "www.example.org"), ("www.example.org", "EXAMPLE.org", "x.example.org"),
    ("www.example.co.uk", "example.co.uk", "api.example.co.uk"), ("www.t.co", "t.co", "x.t.co"),
    ("www.example.org", "org", "www.example.net"), ("www.example.co.uk", "co.uk", "other.co.uk"),
    ("www.example.com.au", ".com.au", "other.com.au"), ("co.uk", "co.uk", "other.co.uk"), ("uk", "uk", "co.uk"),
    ("example.org", "www.example.org", "www.example.org"), ("badexample.org", "example.org", "example.org"),
    ("example.org", "other.org", "other.org"), ("127.0.0.1", "0.0.1", "10.0.0.1"),
    ("127.0.0.1", "127.0.0.1", "127.0.0.2"), ("[::1]", "::1", "[::2]"), ("example.org", "", "www.example.org"),
):
    print(host, domain, *asked(host, domain, other))
