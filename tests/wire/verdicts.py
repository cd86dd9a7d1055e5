"""What the wire says about some bytes, as plain data that compares equal between interpreters and ways of feeding.

Runs on both interpreters. A verdict is a dictionary: `is` is "need", "refused" (with code, status, message) or "taken"
(with everything the head, body or value holds). Each case is judged in several feedings, and all must agree.
"""

from microhttps.errors import MicrohttpsError
from microhttps.routing.routes import Routes
from microhttps.wire.close_body import CloseBody
from microhttps.wire.framing import ChunkedBody, LengthBody
from microhttps.wire.headers import text_of
from microhttps.wire.http1 import NEED_DATA
from microhttps.wire.multipart import END, Multipart
from microhttps.wire.part_fields import read_fields
from microhttps.wire.part_heads import read_head
from microhttps.wire.part_names import read_names

# What may lie behind a message: another one, and bytes that are none.
TRAILING = b"GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n\x00\xff\n\r\n\r\n"
BEFORE = b"0\r\n\r\n"
MAX_PARTS = 5


class Limits:
    max_uri_length = 100
    max_header_length = 1000
    max_headers = 10


def refused(code, status=400):
    """The expectation of a PeerError."""
    return {"is": "refused", "code": code, "status": status}


def taken(**facts):
    """The expectation of a valid message with these facts among others."""
    facts["is"] = "taken"
    return facts


NEED = {"is": "need"}


def is_expected(verdict, expected):
    return all(name in verdict and verdict[name] == expected[name] for name in expected)


def judge(kind, case, heads):
    """The verdicts on one case, by feeding; `heads` is the module that takes heads."""
    if kind == "requests":
        return _judge_head(case[2], lambda data, start: request_verdict(heads, data, start))
    if kind == "responses":
        return _judge_head(case[2], lambda data, start: response_verdict(heads, data, start, case[3]))
    if kind == "bodies":
        return {
            "whole": body_verdict(case[3], case[2], len(case[2]) or 1),
            "byte by byte": body_verdict(case[3], case[2], 1),
            "by threes": body_verdict(case[3], case[2], 3),
        }
    if kind == "multipart":
        feedings = (("whole", len(case[3]) or 1), ("byte by byte", 1), ("by threes", 3), ("by sixteens", 16))
        return {name: multipart_verdict(case[2], case[3], size) for name, size in feedings}
    if kind == "routes":
        return {"whole": route_verdict(case[2], case[3], case[4])}
    return {"whole": call_verdict(case[2], case[3])}


def _judge_head(data, verdict_of):
    whole = verdict_of(data, 0)
    verdicts = {"whole": whole, "a bytearray": verdict_of(bytearray(data), 0)}
    verdicts["byte by byte"] = whole_by_bytes(data, verdict_of)
    verdicts["behind others"] = _moved(verdict_of(BEFORE + data, len(BEFORE)), -len(BEFORE))
    if whole["is"] != "need":
        verdicts["with more behind"] = verdict_of(data + TRAILING, 0)
    return verdicts


def whole_by_bytes(data, verdict_of):
    """The first verdict other than "need" when the bytes come one by one."""
    for end in range(len(data)):
        verdict = verdict_of(data[:end], 0)
        if verdict["is"] != "need":
            return verdict
    return verdict_of(data, 0)


def _moved(verdict, by):
    if "end" in verdict:
        verdict["end"] += by
    return verdict


def request_verdict(heads, data, start=0, limits=Limits):
    """The verdict on a request head."""
    try:
        head = heads.take_request_head(data, start, limits)
    except MicrohttpsError as error:
        return _refusal(error)
    if head is NEED_DATA:
        return NEED
    return {
        "is": "taken",
        "method": head.method,
        "target": head.target,
        "minor": head.minor,
        "host": head.host,
        "content_length": head.content_length,
        "is_chunked": head.is_chunked,
        "keep_alive": head.keep_alive,
        "expects_continue": head.expects_continue,
        "upgrade": head.upgrade,
        "fields": _as_text(head.fields),
        "end": head.end,
    }


def response_verdict(heads, data, start, method, limits=Limits):
    """The verdict on a response head."""
    try:
        head = heads.take_response_head(data, start, limits, method)
    except MicrohttpsError as error:
        return _refusal(error)
    if head is NEED_DATA:
        return NEED
    return {
        "is": "taken",
        "status": head.status,
        "reason": text_of(head.reason),
        "minor": head.minor,
        "content_length": head.content_length,
        "is_chunked": head.is_chunked,
        "keep_alive": head.keep_alive,
        "body": head.body,
        "fields": _as_text(head.fields),
        "end": head.end,
    }


def body_verdict(kind, data, size):
    """The verdict on a body in pieces of `size`; `kind` is ("chunked", limit), ("length", n) or ("close", limit)."""
    body = {"chunked": ChunkedBody, "length": LengthBody, "close": CloseBody}[kind[0]](kind[1])
    content = []
    end = 0
    try:
        for begin in range(0, len(data), size):
            piece = data[begin : begin + size]
            at = 0
            while at < len(piece) and not body.is_complete:
                payload, at = body.take(piece, at)
                if payload:
                    content.append(payload)
            end = begin + at
            if body.is_complete:
                break
        if not body.is_complete:
            body.at_end_of_stream()
    except MicrohttpsError as error:
        verdict = _refusal(error)
        verdict["received"] = body.received
        return verdict
    content = b"".join(content)
    assert len(content) == body.received
    return {
        "is": "taken",
        "content": text_of(content),
        "trailers": _as_text(getattr(body, "trailers", ())),
        "end": end,
    }


def multipart_verdict(boundary, data, size):
    """The verdict on a multipart body in pieces of `size`."""
    parser = Multipart(boundary, MAX_PARTS)
    parts = []
    try:
        for begin in range(0, len(data), size):
            parser.receive(data[begin : begin + size])
            event = parser.next_event()
            while event is not NEED_DATA and event is not END:
                if not isinstance(event, list):
                    parts[-1][3] += text_of(bytes(event))
                else:
                    parts.append(list(read_head(read_names(read_fields(event)))) + [""])
                event = parser.next_event()
        parser.at_end_of_stream()
    except MicrohttpsError as error:
        return _refusal(error)
    return {"is": "taken", "parts": parts}


def route_verdict(patterns, method, target):
    """Which of these patterns answers: its text and the parameters, or the status and what is allowed."""
    routes = Routes()
    try:
        for pattern in patterns:
            methods = ("GET",)
            if pattern[:1] != "/" and " " in pattern:
                methods, pattern = (pattern.split(" ")[0],), pattern.split(" ")[1]
            routes.add(pattern, methods, pattern)
        handler, _, params, status = routes.find(method, target)
    except MicrohttpsError as error:
        return _refusal(error)
    params = sorted([name, text_of(value) if isinstance(value, bytes) else value] for name, value in params.items())
    return {"is": "taken", "route": handler, "params": params, "status": status}


def call_verdict(function, arguments):
    """The verdict on a call: what it returned, as JSON would give it back, or how it refused."""
    try:
        return {"is": "taken", "value": _plain(function(*arguments))}
    except MicrohttpsError as error:
        return _refusal(error)


def _refusal(error):
    return {
        "is": "refused",
        "code": error.code,
        "status": getattr(error, "status", None),
        "message": error.message,
    }


def _as_text(pairs):
    return [[text_of(name), text_of(value)] for name, value in pairs]


def _plain(value):
    if isinstance(value, (tuple, list)):
        return [_plain(part) for part in value]
    return text_of(value) if isinstance(value, bytes) else value
