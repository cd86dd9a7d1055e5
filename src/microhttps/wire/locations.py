"""Where a redirect leads: RFC 9110 sections 10.2.2 and 15.4. Layer 2."""

from ..errors import UsageError

STATUSES = (301, 302, 303, 307, 308)
CODED = ' "<>\\^`{|}'  # what no URL has (RFC 3986 appendix A)


def location(url, status):
    """The url, absolute or relative, as it stands in a field; raises UsageError("bad_status"), ("bad_url")."""
    if status not in STATUSES:
        raise UsageError("bad_status", "a redirect has the status 301, 302, 303, 307 or 308", got=status)
    if not isinstance(url, str) or not url or any(character < " " or character == "\x7f" for character in url):
        raise UsageError("bad_url", "URL in one line expected")
    return "".join([chr(byte) if byte < 0x80 and chr(byte) not in CODED else "%%%02X" % byte for byte in url.encode()])
