"""UTF-8 as RFC 3629 has it, whole or as it comes: no overlong form, no surrogate, nothing beyond U+10FFFF.

MicroPython's decoder only counts continuation bytes, so that what it lets pass is looked at again here: by `find`, and
only where the text has bytes that could begin such a form. Layer 2: imports nothing.
"""

# Never in UTF-8: leads of overlong forms of ASCII, and of code points beyond U+10FFFF.
_NEVER = (b"\xc0", b"\xc1", b"\xf5", b"\xf6", b"\xf7")
# Lead: the range of the byte behind it, where that is not all of 80 to BF (RFC 3629 section 4).
_SECONDS = ((b"\xe0", 0xA0, 0xBF), (b"\xed", 0x80, 0x9F), (b"\xf0", 0x90, 0xBF), (b"\xf4", 0x80, 0x8F))


def _is_decoder_strict():
    try:
        b"\xed\xa0\x80".decode()
    except UnicodeError:
        return True
    return False


# CPython's is. Where it is not (MicroPython 1.25), `decode` looks again; to be deleted with that.
IS_DECODER_STRICT = _is_decoder_strict()


def decode(raw):
    """The text of these bytes; raises UnicodeError if they are not UTF-8."""
    text = str(raw, "utf-8")
    if not IS_DECODER_STRICT and len(text) != len(raw):  # else all of it is ASCII
        _check(bytes(raw))
    return text


def find_unfinished(raw):
    """Where the last character begins if it is cut and could still become one, else the length of `raw`.

    Raises UnicodeError when nothing that follows could make it one.
    """
    end = len(raw)
    for at in range(end - 1, max(-1, end - 4), -1):
        lead = raw[at]
        if lead >= 0xC0:
            missing = (2 if lead < 0xE0 else 3 if lead < 0xF0 else 4) - (end - at)
            if missing <= 0:
                return end
            # What would complete it, were it good so far.
            decode(bytes(raw[at:]) + (b"\xbf\x80\x80" if lead in b"\xe0\xf0" else b"\x80\x80\x80")[:missing])
            return at
        if lead < 0x80:
            return end
    return end


def _check(raw):
    for lead in _NEVER:
        if raw.find(lead) >= 0:
            raise UnicodeError
    for lead, low, high in _SECONDS:
        at = raw.find(lead)
        while at >= 0:
            if not low <= raw[at + 1] <= high:
                raise UnicodeError
            at = raw.find(lead, at + 2)
