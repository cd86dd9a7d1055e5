"""One HTTP request and its answer over a stream: the head by the runtime's own parser, of the body what is bounded.

Layer 13.
"""

import time
from dataclasses import dataclass, field
from typing import Any

from microhttps.client_limits import CLIENT
from microhttps.errors import MicrohttpsError, NetworkError, PeerError
from microhttps.port import system
from microhttps.settings import settle
from microhttps.wire.chunked import ChunkedBody
from microhttps.wire.headers import encode_fields, text_of
from microhttps.wire.http1 import NEED_DATA

from .wires import Stream, Talk

MAX_BODY = 64 * 1024  # read of it; the rest is left
MAX_INTERIM = 8


class Limits:
    """A client's settings, as attributes."""

    user_agent = ""
    max_body_length = 0

    def __init__(self) -> None:
        settle(self, CLIENT, {})


LIMITS = Limits()


@dataclass
class Answer:
    """What a server answered."""

    status: int
    fields: list[tuple[bytes, bytes]]
    body: bytes = b""
    milliseconds: float = 0.0
    failure: MicrohttpsError | None = field(default=None, repr=False)  # of the body, which is not needed

    def value(self, name: bytes) -> str | None:
        """The first field of this name (lower case), as text."""
        return next((text_of(value) for field, value in self.fields if field.lower() == name), None)


def ask(
    stream: Stream, method: str, path: str, host: str, seconds: float, agent: str | None, is_kept: bool = False,
    authorization: str | None = None,
) -> Answer:  # fmt: skip
    """The answer to a request over this stream; waits. Raises NetworkError, PeerError, TrustError."""
    lines = [("Host", host), ("Accept", "*/*"), ("Connection", "keep-alive" if is_kept else "close")]
    if agent:
        lines.insert(1, ("User-Agent", agent))
    if authorization:
        lines.append(("Authorization", authorization))
    begun = time.monotonic()
    talk = Talk(stream, seconds)
    talk.say(f"{method} {path} HTTP/1.1\r\n".encode() + encode_fields(lines) + b"\r\n")
    head, data = read_head(talk, method)
    answer = Answer(head.status, list(head.fields), milliseconds=round(1000 * (time.monotonic() - begun), 1))
    try:
        answer.body = _read_body(talk, head, data)
    except MicrohttpsError as error:
        answer.failure = error
    return answer


def read_head(talk: Talk, method: str, is_upgrade: bool = False) -> tuple[Any, bytes]:
    """(the head, what came behind it), behind interim answers; waits."""
    data = b""
    for _ in range(MAX_INTERIM):
        head: Any = NEED_DATA
        while head is NEED_DATA:
            more = talk.some()
            if not more:
                raise NetworkError("reset", received=len(data))
            data += more
            head = system.take_response_head(data, 0, LIMITS, method)
        data = data[head.end :]
        if head.status >= 200 or is_upgrade and head.status == 101:
            return head, data
        if data:
            talk.give_back(data)
            data = b""
    raise PeerError("too_many_interim", got=MAX_INTERIM)


def _read_body(talk: Talk, head: Any, data: bytes) -> bytes:
    """Of the body at most MAX_BODY; raises PeerError("body_cut_short"), and what `ChunkedBody` raises."""
    if head.body == "none":
        return b""
    body = ChunkedBody(LIMITS.max_body_length) if head.body == "chunked" else None
    wanted = MAX_BODY if head.content_length is None else min(MAX_BODY, head.content_length)
    found = _payload(body, data)
    while len(found) < wanted and not (body and body.is_complete):
        more = talk.some()
        if not more:
            if head.body != "until_close" or talk.was_cut:
                raise PeerError("body_cut_short", received=len(found), announced=head.content_length)
            break
        found += _payload(body, more)
    return found


def _payload(body: Any, data: bytes) -> bytes:
    """What of these bytes is the body's own."""
    if body is None:
        return data
    found, at = b"", 0
    while at < len(data) and not body.is_complete:
        payload, at = body.take(data, at)
        found += payload
    return found
