"""What both sides of a WebSocket's handshake compute (RFC 6455 sections 4.1 and 4.2.2). No I/O. Layer 2."""

from binascii import a2b_base64, b2a_base64
from hashlib import sha1
from os import urandom

VERSION = b"13"
_GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


def new_key():
    """A key (bytes) to ask with."""
    return b2a_base64(urandom(16)).strip()


def accept_of(key):
    """The answer to a key, both bytes: whoever knows it has understood that a WebSocket is asked for."""
    return b2a_base64(sha1(key + _GUID).digest()).strip()


def is_key(text):
    """Whether these bytes are 16 bytes in base64, and the one way to write them."""
    try:
        raw = a2b_base64(text)
    except ValueError:
        return False
    return len(raw) == 16 and b2a_base64(raw).strip() == text


def values_of(fields, wanted):
    """The values of all fields (pairs of bytes) of this name in lower case."""
    return [value for name, value in fields if name.lower() == wanted]


def members_of(fields, wanted):
    """The members of a field that is a list."""
    members = [member.strip() for value in values_of(fields, wanted) for member in value.split(b",")]
    return [member for member in members if member]
