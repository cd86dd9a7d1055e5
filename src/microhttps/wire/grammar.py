"""Which bytes may stand where: the few sets and tests that heads, headers, URLs and chunks all need.

No I/O, no verdict about a message. Layer 2, the lowest of the wire: imports nothing.
"""

# In these sets frequent bytes stand first: strip() searches them in order, and on MicroPython that is measurable.
# "token", RFC 9110 5.6.2.
TOKEN = b"eotnascirp-dlugmhCAHUTEGfkwyvbxqjzSOPNRDILMWFBVKXQJYZ0123456789_.!#$%&'*+^`|~"
# Names and IPv4 addresses. RFC 3986 would allow commas and semicolons, which to others are lists.
HOST_NAME = b"0123456789.etaoinsrhldcmupfgwybvkxjqz-ETAOINSRHLDCMUPFGWYBVKXJQZ_~"


def is_host(value):
    """Whether these bytes are a host (name, IPv4, bracketed IPv6) with or without a port, or empty, RFC 9110 7.2."""
    if value[:1] == b"[":
        name, bracket, port = value[1:].partition(b"]")
        if not bracket or name.count(b":") < 2 or name.lstrip(b"0123456789abcdefABCDEF:."):
            return False
        colon, port = port[:1], port[1:]
    else:
        name, colon, port = value.partition(b":")
        if name.lstrip(HOST_NAME) or colon and not name:
            return False
    # RFC 3986 3.2.3 allows an empty port.
    return colon in (b"", b":") and (port == b"" or len(port) <= 5 and port.isdigit() and int(port) < 0x10000)
