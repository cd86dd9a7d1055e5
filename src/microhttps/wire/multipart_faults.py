"""What is wrong with a body of multipart/form-data (RFC 7578), as errors. No I/O. Layer 2.

Loaded with the first fault: the sentences would take as much of a board's heap as a chunk of the upload. Imports
errors.
"""

from ..errors import PeerError


def bad(message, status=400):
    """The error of a multipart body that breaks the rules; what it expected, and what came."""
    return PeerError("bad_multipart", message, status)


def cut_short():
    """The body ended first."""
    return bad("body ended before its last boundary")


def no_line_end():
    """What stands behind a boundary is neither its end nor the end of everything."""
    return bad("boundary is not followed by a line end")


def long_head(limit):
    """More bytes than one head may have."""
    return bad("head of a part has more than %d bytes" % limit)


def many_lines(limit):
    """More lines than one head may have."""
    return bad("head of a part has more than %d lines" % limit)


def many_parts(limit):
    """More parts than the server takes: 413."""
    return PeerError("too_many_parts", "form has more than %d fields" % limit, 413)


def no_field(line):
    """A line of a head that is no field."""
    return bad("name, colon and value expected in the head of a part, got %s" % repr(line[:40])[1:])


def field_twice(name):
    """Two fields of one name in a head."""
    return bad("field twice in the head of a part: %s" % repr(name)[1:])


def coded():
    """A transfer coding: 415."""
    return bad("part without transfer coding expected", 415)


def no_name():
    """A part that does not say which field it is."""
    return bad("content-disposition with a name expected in the head of a part")


def no_text():
    """A name that is not UTF-8."""
    return bad("UTF-8 expected in the head of a part")


def bad_boundary(limit):
    """A boundary that is none."""
    return bad("boundary of 1 to %d characters expected" % limit)
