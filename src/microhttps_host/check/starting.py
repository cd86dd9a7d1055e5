"""STARTTLS: what is said in the clear before TLS begins, for mail (RFC 3207) and IMAP (RFC 9051 section 6.2.1).

Layer 13.
"""

from dataclasses import dataclass, field

from microhttps.errors import DeadlineError, PeerError

from .speakers import speaker_of
from .target import IMAP, SMTP
from .wires import Plain, Talk

MAX_LINES = 100  # of one reply
OUR_NAME = b"check.microhttps.invalid"
GREETINGS = {SMTP: b"220", IMAP: b"* OK"}


@dataclass
class Greeting:
    """What a server said before TLS: its first line, and what it can do."""

    text: str = ""
    capabilities: list[str] = field(default_factory=list)


def begin_tls(stream: Plain, speaks: str, seconds: float) -> Greeting:
    """Ask for TLS and read the consent; waits. Raises PeerError("no_starttls", "other_protocol", …), NetworkError."""
    talk = Talk(stream, seconds)
    greeting = Greeting(_greeted(talk, speaks))
    greeting.capabilities = capabilities(talk, speaks)
    if "STARTTLS" not in greeting.capabilities:
        raise PeerError("no_starttls", speaks=speaks, offers=", ".join(greeting.capabilities[:12]))
    talk.say(b"STARTTLS\r\n" if speaks == SMTP else b"t2 STARTTLS\r\n")
    code, lines = _reply(talk) if speaks == SMTP else _tagged(talk, b"t2")
    if code not in (b"220", b"OK"):
        raise PeerError("starttls_refused", speaks=speaks, got=text_of(lines[-1]))
    if talk.pending:
        # Whoever sits in between could have put it there, to be taken for what TLS protects (CVE-2011-0411).
        raise PeerError("data_before_tls", got=talk.pending)
    return greeting


def greet(talk: Talk, speaks: str) -> Greeting:
    """The greeting and the capabilities of a server behind TLS, where it greets there, too."""
    return Greeting(_greeted(talk, speaks), capabilities(talk, speaks))


def capabilities(talk: Talk, speaks: str) -> list[str]:
    """Ask what the server can do; waits."""
    if speaks == SMTP:
        talk.say(b"EHLO %s\r\n" % OUR_NAME)
        code, lines = _reply(talk)
        if code != b"250":
            raise PeerError("service_refused", speaks=speaks, got=text_of(lines[-1]))
        return [text_of(line) for line in lines[1:]]
    talk.say(b"t1 CAPABILITY\r\n")
    code, lines = _tagged(talk, b"t1")
    if code != b"OK":
        raise PeerError("service_refused", speaks=speaks, got=text_of(lines[-1]))
    return [text_of(word) for line in lines for word in line.removeprefix(b"* CAPABILITY").split()
            if line.startswith(b"* CAPABILITY")]  # fmt: skip


def leave(talk: Talk, speaks: str) -> None:
    """Say good-bye, and do not wait for the answer."""
    talk.say(b"QUIT\r\n" if speaks == SMTP else b"t9 LOGOUT\r\n")


def text_of(line: bytes) -> str:
    return line.decode("latin-1")


def _greeted(talk: Talk, speaks: str) -> str:
    try:
        line = talk.line()
    except DeadlineError as error:
        raise PeerError("no_greeting", cause=error, speaks=speaks) from error
    if not line.startswith(GREETINGS[speaks]):
        if line[:1].isdigit() and speaks == SMTP or line.startswith(b"* BYE"):
            raise PeerError("service_refused", speaks=speaks, got=text_of(line))
        raise PeerError("other_protocol", expected=speaks, speaks=speaker_of(line) or None, got=text_of(line[:60]))
    first = line
    while speaks == SMTP and line[3:4] == b"-":
        line = talk.line()
    return text_of(first)


def _reply(talk: Talk) -> tuple[bytes, list[bytes]]:
    """(code, lines without it) of an answer of SMTP's (RFC 5321 section 4.2)."""
    lines = []
    for _ in range(MAX_LINES):
        line = talk.line()
        lines.append(line[4:])
        if line[3:4] != b"-":
            return line[:3], lines
    raise PeerError("too_talkative", limit=MAX_LINES)


def _tagged(talk: Talk, tag: bytes) -> tuple[bytes, list[bytes]]:
    """(OK, NO or BAD, all lines) of an answer of IMAP's."""
    lines: list[bytes] = []
    while len(lines) < MAX_LINES:
        line = talk.line()
        if not line:
            break
        lines.append(line)
        if line.startswith(tag + b" "):
            return line[len(tag) + 1 :].split(b" ", 1)[0].upper(), lines
    raise PeerError("too_talkative", limit=MAX_LINES)
