"""The step of MQTT: a real CONNECT, and what the broker's CONNACK says (MQTT 3.1.1, sections 3.1 and 3.2). Layer 13."""

import secrets
import struct

from microhttps.errors import MicrohttpsError, NetworkError, PeerError, UsageError

from .findings import Step
from .speakers import speaker_of
from .visit import Visit

CLEAN_SESSION, WITH_PASSWORD, WITH_USER = 0x02, 0x40, 0x80
KEEP_ALIVE = 30  # seconds; we leave at once
DISCONNECT = b"\xe0\x00"
CONNACK = 0x20
MAX_TEXT = 0xFFFF
# What stands in a CONNACK (section 3.2.2.3), and behind it the reasons of MQTT 5 for the same.
REFUSALS = {1: "mqtt_other_version", 2: "mqtt_identifier_refused", 3: "mqtt_unavailable", 4: "mqtt_not_authorised",
            5: "mqtt_not_authorised", 0x84: "mqtt_other_version", 0x85: "mqtt_identifier_refused",
            0x86: "mqtt_not_authorised", 0x87: "mqtt_not_authorised", 0x88: "mqtt_unavailable"}  # fmt: skip


def examine(visit: Visit, step: Step) -> None:
    """Greets the broker as a device does."""
    talk = visit.talk()
    try:
        talk.say(connect_packet(visit.target.credentials()))
        head = talk.exactly(4)
    except NetworkError as error:
        if error.code == "reset":
            raise NetworkError("mqtt_hung_up", cause=error) from error
        raise
    if head[0] != CONNACK or head[1] < 2:
        raise PeerError("other_protocol", expected="MQTT", speaks=speaker_of(head) or None, got=head.decode("latin-1"))
    code = head[3]
    step.facts["connack"] = code
    if code:
        step.warn(PeerError(REFUSALS.get(code, "mqtt_refused"), connack=code,
                            user=_user(visit)))  # fmt: skip
        return
    _leave(visit)


def connect_packet(credentials: tuple[str, str] | None) -> bytes:
    """A CONNECT with a name of its own that leaves nothing behind at the broker; raises UsageError."""
    flags, payload = CLEAN_SESSION, _text("microhttps-check-" + secrets.token_hex(3))
    if credentials:
        flags |= WITH_USER | WITH_PASSWORD
        payload += _text(credentials[0]) + _text(credentials[1])
    body = _text("MQTT") + bytes((4, flags)) + struct.pack(">H", KEEP_ALIVE) + payload
    return b"\x10" + _length(len(body)) + body


def _text(text: str) -> bytes:
    raw = text.encode()
    if len(raw) > MAX_TEXT:
        raise UsageError("bad_url", "a user and a password of at most 64 KB expected")
    return struct.pack(">H", len(raw)) + raw


def _length(count: int) -> bytes:
    """Seven bits a byte, the lowest first (section 2.2.3)."""
    data = b""
    while True:
        count, byte = divmod(count, 128)
        data += bytes((byte | 0x80 if count else byte,))
        if not count:
            return data


def _user(visit: Visit) -> str | None:
    credentials = visit.target.credentials()
    return credentials[0] if credentials else None


def _leave(visit: Visit) -> None:
    try:
        visit.secure.write(DISCONNECT)
    except MicrohttpsError:
        pass  # it has answered already
