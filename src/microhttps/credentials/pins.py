"""Certificates and keys that are believed by fingerprint: named beforehand, or seen at the first visit. Layer 4."""

import hashlib
import json
import os
from binascii import a2b_base64, b2a_base64, hexlify, unhexlify

from ..errors import TrustError, UsageError
from ..port import system

KEY = "sha256//"  # as curl writes the pin of a key


def parse_pin(text):
    """A pin as (whether it is a key's, SHA-256 as bytes); raises UsageError("bad_pin")."""
    if isinstance(text, (bytes, bytearray)) and len(text) == 32:
        return False, bytes(text)
    is_key = isinstance(text, str) and text.startswith(KEY)
    try:
        digest = a2b_base64(text[len(KEY):]) if is_key else unhexlify(_digits_of(text))
    except (AttributeError, TypeError, ValueError):
        digest = b""
    # The readers of base64 pass over what is none: a second pin behind the first would go unheeded.
    if len(digest) != 32 or is_key and text.strip() != KEY + _base64(digest):
        raise UsageError("bad_pin", got=text)
    return is_key, digest


def _digits_of(text):
    digits = text.strip().replace(":", "").replace(" ", "")
    return digits if len(digits) == 64 else ""


def check_pins(pins, certificate, host):
    """Raise TrustError("wrong_pin") unless one of the pins is that of this certificate (DER) or of its key."""
    digest = hashlib.sha256(certificate).digest()
    for is_key, wanted in pins:
        if wanted == (key_digest(certificate) if is_key else digest):
            return
    raise TrustError("wrong_pin", host=host, got=hexlify(digest).decode(), key=key_pin(certificate))


def key_digest(certificate):
    """The SHA-256 of a certificate's public key with its algorithm (RFC 7469 section 2.4), bytes."""
    from ..wire.x509 import certificate_facts

    return hashlib.sha256(certificate_facts(certificate).spki).digest()


def key_pin(certificate):
    """The pin of a certificate's public key, text."""
    return KEY + _base64(key_digest(certificate))


def _base64(digest):
    return b2a_base64(digest).decode().strip()


def check_first_use(path, certificate, host):
    """Keep the key of a host that is not known yet; raise TrustError("other_key") for another than the one kept.

    Raises UsageError("bad_known_hosts") for a file that cannot be read or written: to begin anew would be to believe
    anyone once more.
    """
    known = _read_known(path)
    pin = key_pin(certificate)
    if host not in known:
        known[host] = pin
        _write_known(path, known)
    elif known[host] != pin:
        raise TrustError("other_key", host=host, got=pin, known=known[host], file=path)


def _read_known(path):
    try:
        text = system.read_file(path)
    except OSError as error:
        if error.args[0] == 2:  # ENOENT
            return {}
        raise UsageError("bad_known_hosts", cause=error, file=path)
    try:
        known = json.loads(text)
        # MicroPython's reader takes a text that was cut for a whole one.
        if isinstance(known, dict) and text.strip()[-1:] == b"}":
            return known
    except ValueError:
        pass
    raise UsageError("bad_known_hosts", file=path)


def _write_known(path, known):
    try:
        with open(path + ".new", "w") as file:
            json.dump(known, file)
        os.rename(path + ".new", path)
    except OSError as error:
        raise UsageError("bad_known_hosts", cause=error, file=path)
