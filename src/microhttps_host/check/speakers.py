"""Who speaks there, where TLS does not: told from the first bytes, or from what answers a question. Layer 13."""

from collections.abc import Callable

from microhttps.errors import MicrohttpsError

from .wires import Plain, Talk

FIRST_BYTES = (
    (b"HTTP/", "HTTP"), (b"<!DOCTYPE", "HTTP"), (b"<html", "HTTP"), (b"SSH-", "SSH"), (b"* OK", "IMAP"),
    (b"* PREAUTH", "IMAP"), (b"+OK", "POP3"), (b"\x20\x02", "MQTT"), (b"RFB ", "VNC"), (b"-ERR", "Redis"),
    (b"\xff\xfb", "Telnet"), (b"\xff\xfd", "Telnet"), (b"\x16\x03", "TLS"), (b"\x15\x03", "TLS"),
)  # fmt: skip
# What else begins with the same number: FTP.
GREETING = b"220"
MQTT_CONNECT = b"\x10\x16\x00\x04MQTT\x04\x02\x00\x0a\x00\x0amicrohttps"
QUESTIONS = (b"", b"GET / HTTP/1.0\r\n\r\n", MQTT_CONNECT)
PATIENCE = 1.0  # seconds for each


def speaker_of(data: bytes) -> str:
    """The protocol whose speaker says this first, "" for one that is not known."""
    for beginning, name in FIRST_BYTES:
        if data.startswith(beginning):
            return name
    if data.startswith(GREETING):
        return "SMTP" if b"SMTP" in data.upper() or b"MAIL" in data.upper() else "FTP"
    return ""


def find_speaker(connect: Callable[[], Plain], seconds: float) -> str:
    """What is spoken there in the clear: listens, then asks by HTTP, then by MQTT; "" when nothing is known. Waits."""
    for question in QUESTIONS:
        try:
            stream = connect()
        except MicrohttpsError:
            return ""
        try:
            talk = Talk(stream, min(PATIENCE, seconds))
            if question:
                talk.say(question)
            found = speaker_of(talk.some())
            if found:
                return found
        except MicrohttpsError:
            continue  # it says nothing to this
        finally:
            stream.close()
    return ""
