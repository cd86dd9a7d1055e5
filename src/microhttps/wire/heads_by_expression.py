"""Message heads by one regular expression each: how CPython takes a head, in less than three microseconds.

An expression matches a whole valid head or nothing. What it refuses is not judged here: module `diagnose` finds the
fault, and whether there is one or only bytes missing. MicroPython never imports this file; there heads_by_split does
the same, with the same verdict on every input (tests/wire/fuzz.py). Layer 2: imports http1, response_heads,
and lazily diagnose.

Every repeated class is followed by a byte it cannot contain, so that a failing match steps back over each byte once:
linear in the length of the head, whatever a peer sends.
"""

import re

from .http1 import MAX_METHOD_LENGTH, NEED_DATA, RequestHead, may_continue, request_head, skip_empty_lines
from .response_heads import ResponseHead, response_head

_TOKEN = rb"!#$%&'*+\-.^_`|~0-9A-Z"
_FIELDS = rb"((?:[%sa-z]+:[^\x00-\x08\n-\x1f\x7f]*\r\n)*)\r\n" % _TOKEN
_REQUEST = rb"(?:\r\n)?(?:\r\n)?([%s]{1,32}) ([!-\"$-~]+) HTTP/1\.([0-9])\r\n" % _TOKEN
_RESPONSE = rb"HTTP/1\.([0-9]) ([1-9][0-9][0-9])(?: ([^\x00-\x08\n-\x1f\x7f]*))?\r\n"

_match_request = re.compile(_REQUEST + _FIELDS).match
_match_response = re.compile(_RESPONSE + _FIELDS).match
# On a block found valid: name, and value without the white space about it.
_find_fields = re.compile(rb"([^:]+):[ \t]*([^\r]*[^\r \t]|)[ \t]*\r\n").findall

# An expression walks all of an unfinished head, and a peer may send one by the byte. In a longer one than this the end
# is looked for first, which is a leap.
_SHORT = 1024


# A usual head: Host first, and no other field that decides framing or routing. A strict part of what _match_request
# takes, so that when it matches nothing else needs to be looked at, and its fields only when somebody asks.
_LINE = rb"(GET|POST|HEAD|PUT|DELETE|PATCH) (/[!-\"$-~]*) HTTP/1\.1\r\n"
_HOST = rb"Host: ([-.:0-9A-Za-z]+)\r\n"
_OTHER = (
    rb"(?!(?i:con(?:nection:%s|tent-length:)|transfer-encoding:|expect:|upgrade:|host:))"
    rb"[%sa-z]+:[^\x00-\x08\n-\x1f\x7f]*(?<![ \t])\r\n"
)
_has_secret = re.compile(rb"(?i)\n(?:cookie|(?:proxy-)?authorization):").search
_match_usual = re.compile(rb"%s(%s(?:%s)*)\r\n" % (_LINE, _HOST, _OTHER % (rb"(?! keep-alive\r)", _TOKEN))).match
# The same of who asks once and goes, with Host anywhere, for such programs have it last or in the middle.
_LAST = rb"(?:(Connection): close\r\n|%s)*" % (_OTHER % (b"", _TOKEN))
_match_last = re.compile(rb"%s(%s%s%s)\r\n" % (_LINE, _LAST, _HOST, _LAST)).match
_good_hosts = {}  # bytes: text; few, because a peer may send as many as it likes
_MANY_HOSTS = 32
# Who asks again and again, a page for its readings or a proxy, mostly does so in the same words: (limits, the class of
# the head, what it is made of) by all that came, if that was one usual head without a secret in it.
_known_heads = {}
_seen_once = set()  # hashes of what may come again
_unknown = 0  # heads that had to be taken apart: each eighth is looked at, for the looking costs, too
_MANY_HEADS = 64


class UsualHead(RequestHead):
    """A RequestHead whose fields are taken apart when they are asked for."""

    has_body = False

    def __init__(self, method, target, host, block, end):
        self.method = method
        self.target = target
        self.minor = 1
        self.host = host
        self.end = end
        self._block = block

    @property
    def fields(self):
        """The fields, pairs of bytes in the order they came."""
        return _find_fields(self._block)


class LastHead(UsualHead):
    """The same of who asks once and goes."""

    keep_alive = False


# Hot: once a request. Four fields take 1.5 us on CPython 3.11, 2.7 without the usual head's expression, 0.5 when known.
def take_request_head(data, start, limits):
    """The RequestHead that begins at `start`, or NEED_DATA; raises PeerError at the first fault."""
    if not start and len(data) <= _SHORT and type(data) is bytes:
        known = _known_heads.get(data)
        if known and known[0] is limits:
            return known[1](*known[2])
    if len(data) - start <= _SHORT or data.find(b"\r\n\r\n", start) >= 0:
        head = _take_usual(data, start, limits) or _take_any(data, start, limits)
        if head:
            return head
    # Method, blank, target, blank, version, CR.
    line_room = MAX_METHOD_LENGTH + limits.max_uri_length + 11
    if may_continue(data, skip_empty_lines(data, start), line_room, limits.max_header_length):
        return NEED_DATA
    from .diagnose import diagnose_request

    return diagnose_request(data, start, limits)


def _take_usual(data, start, limits):
    """The UsualHead at `start`, or None."""
    global _unknown
    match = _match_usual(data, start)
    if match:
        method, target, block, host = match.groups()
        kind = UsualHead
    else:
        match = data.find(b": close\r\n", start) >= 0 and _match_last(data, start)
        if not match:
            return None
        method, target, block, before, host, behind = match.groups()
        kind = LastHead if before or behind else UsualHead
    text = _good_hosts.get(host)
    if (
        not text
        or len(target) > limits.max_uri_length
        or len(block) > limits.max_header_length
        or block.count(b"\n") > limits.max_headers
    ):
        return None
    pieces = method.decode(), target.decode(), text, block, match.end()
    _unknown += 1
    if not _unknown & 7 and not start and match.end() == len(data) <= _SHORT and type(data) is bytes:
        _learn(data, limits, kind, pieces)
    return kind(*pieces)


def _learn(data, limits, kind, pieces):
    """Know a head that comes for the second time; what names a user or a session is not kept."""
    mark = hash(data)
    if mark not in _seen_once:
        if len(_seen_once) >= 4 * _MANY_HEADS:
            _seen_once.clear()
        _seen_once.add(mark)
    elif not _has_secret(data):
        if len(_known_heads) >= _MANY_HEADS:
            _known_heads.clear()
        _known_heads[data] = limits, kind, pieces


def _take_any(data, start, limits):
    """The RequestHead of any valid head, or None."""
    match = _match_request(data, start)
    if not match:
        return None
    method, target, minor, block = match.groups()
    fields = _find_fields(block)
    if (
        len(target) > limits.max_uri_length
        or len(block) > limits.max_header_length
        or len(fields) > limits.max_headers
    ):
        return None
    head = request_head(method, target, 0 if minor == b"0" else 1, fields, match.end())
    if head and head.host:
        if len(_good_hosts) >= _MANY_HOSTS:
            _good_hosts.clear()  # else whoever asks for many first has all others wait
        _good_hosts[head.host.encode()] = head.host
    return head


# A usual answer: it has a length, and no other field that decides framing or that a client has to act on. As above, a
# strict part of what _match_response takes.
_PLAIN_FIELD = (
    rb"(?!(?i:con(?:nection:(?! keep-alive\r)|tent-(?:length|encoding):)|transfer-encoding:|set-cookie:))"
    rb"[%sa-z]+:[^\x00-\x08\n-\x1f\x7f]*\r\n" % _TOKEN
)
_match_plain = re.compile(
    rb"HTTP/1\.1 ([245][0-9][0-9])(?: ([^\x00-\x08\n-\x1f\x7f]*))?\r\n"
    rb"((?:%s)*(?i:content-length):[ \t]*([0-9]{1,15})[ \t]*\r\n(?:%s)*)\r\n" % (_PLAIN_FIELD, _PLAIN_FIELD)
).match


class PlainHead(ResponseHead):
    """A ResponseHead whose fields are taken apart when they are asked for."""

    minor = 1
    keep_alive = True
    body = "length"
    is_plain = True

    def __init__(self, status, reason, block, length, end):
        self.status = status
        self.reason = reason
        self.content_length = length
        self.end = end
        self._block = block

    @property
    def fields(self):
        """The fields, pairs of bytes in the order they came."""
        return _find_fields(self._block)


def _take_plain(data, start, limits):
    """The PlainHead at `start`, or None."""
    match = _match_plain(data, start)
    if match:
        status, reason, block, length = match.groups(b"")
        longest = max(len(reason), len(block))
        if status != b"204" and longest <= limits.max_header_length and block.count(b"\n") <= limits.max_headers:
            return PlainHead(int(status), reason, block, int(length), match.end())
    return None


# Hot: once a request. Five fields take 3 us on CPython 3.11, 9 without the plain head's expression.
def take_response_head(data, start, limits, method):
    """The ResponseHead at `start`, framed for the request's method (str), or NEED_DATA; raises PeerError."""
    if len(data) - start <= _SHORT or data.find(b"\r\n\r\n", start) >= 0:
        head = None if method in ("HEAD", "CONNECT") else _take_plain(data, start, limits)
        if head:
            return head
        match = _match_response(data, start)
        if match:
            minor, status, reason, block = match.groups()
            reason = reason or b""
            fields = _find_fields(block)
            length = max(len(reason), len(block))
            if length <= limits.max_header_length and len(fields) <= limits.max_headers:
                head = response_head(int(status), reason, 0 if minor == b"0" else 1, fields, match.end(), method)
                if head:
                    return head
    if may_continue(data, start, limits.max_header_length, limits.max_header_length):
        return NEED_DATA
    from .diagnose import diagnose_response

    return diagnose_response(data, start, limits, method)
