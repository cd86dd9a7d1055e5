"""What both sides of a WebSocket's handshake compute (RFC 6455 sections 4.1 and 4.2.2). No I/O. Layer 3."""

from binascii import a2b_base64, b2a_base64
from hashlib import sha1
from os import urandom

VERSION = "13"
_GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


def new_key():
    """A key to ask with, as text."""
    return b2a_base64(urandom(16)).strip().decode()


def accept_of(key):
    """The answer (bytes) to a key (text): whoever knows it has understood that a WebSocket is asked for."""
    return b2a_base64(sha1(key.encode() + _GUID).digest()).strip()


def is_key(text):
    """Whether this text is 16 bytes in base64, and the one way to write them."""
    try:
        raw = a2b_base64(text)
    except ValueError:
        return False
    return len(raw) == 16 and b2a_base64(raw).strip() == text.encode()


def names_of(headers, name):
    """The members of a field that is a list of names."""
    members = [member.strip() for value in headers.get_all(name) for member in value.split(",")]
    return [member for member in members if member]
