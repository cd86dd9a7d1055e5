"""What names a part of multipart/form-data, as text that can be worked with (RFC 7578). No I/O. Layer 2.

Strict: text is UTF-8; what browsers have long agreed on (three characters percent-coded in names) is undone here.
Imports nothing, and lazily utf8 and multipart_faults.
"""


def read_head(names):
    """(name, filename, content type) of a part as text, from those of `part_names`; filename None: not a file.

    The filename is never a path, see `safe_filename`. Raises PeerError("bad_multipart").
    """
    name, filename, content_type = names
    return _text_of(name), None if filename is None else safe_filename(_text_of(filename)), _text_of(content_type)


def _text_of(raw):
    """Text in a head: UTF-8, of which browsers percent-code the quote and the line ends, and nothing else."""
    try:
        text = raw.decode()
        if len(text) != len(raw):  # else it is ASCII
            from .utf8 import decode

            text = decode(raw)
    except UnicodeError:
        from .multipart_faults import no_text

        raise no_text()
    if "%" in text:
        for coded, plain in (("%22", '"'), ("%0D", "\r"), ("%0d", "\r"), ("%0A", "\n"), ("%0a", "\n")):
            text = text.replace(coded, plain)
    return text


def safe_filename(text):
    """The last part of a path as a name that may be put behind a folder's: no separator, no drive, no control byte.

    What stands before the last slash or backslash is cut off, and what could be taken for a folder, a drive or a line
    end becomes `_`.
    """
    text = text.replace("\\", "/").rsplit("/", 1)[-1]
    text = "".join("_" if character < " " or character in ":\x7f" else character for character in text)
    return text.replace(".", "_") if text in (".", "..") else text
