"""What a peer said last, where its socket broke before the TLS library could read it. Layer 3.

Who refuses a certificate sends an alert and closes while we may still be sending: the reset then overtakes the alert in
the library, which gives up at its write, but not in the system, which keeps what had arrived (Linux; lwIP forgets it).
"""

CHANGE_CIPHER_SPEC, ALERT, DATA = 0x14, 0x15, 0x17
SEALED_ALERT = 2 + 1 + 16  # RFC 8446 section 5.2: level and description, its type, the tag; no other record is so short


def has_refused(raw):
    """Whether an alert has arrived on a broken socket and was not read; reads it."""
    try:
        left = raw.recv(64)
    except OSError:
        return False
    if left[:1] == bytes((CHANGE_CIPHER_SPEC,)):
        left = left[6:]
    return len(left) > 4 and (left[0] == ALERT or left[0] == DATA and left[3] << 8 | left[4] == SEALED_ALERT)
