"""Values of DER read one after the other: no more of X.690 than certificates need.

The reader knows only definite lengths in their shortest form, and whatever byte is changed or cut, it raises nothing
but UsageError("bad_certificate_file"). No I/O. Layer 2: imports errors.
"""

from ..errors import UsageError

INTEGER, BIT_STRING, OCTET_STRING, OBJECT, SEQUENCE, SET = 0x02, 0x03, 0x04, 0x06, 0x30, 0x31


class Reader:
    """The values between two offsets of some DER, one after the other."""

    def __init__(self, data, at, end):
        self.data = data
        self.at = at
        self.end = end

    def tag(self):
        """The tag of the next value, -1 at the end."""
        return self.data[self.at] if self.at < self.end else -1

    def take(self, tag):
        """A reader of the content of the next value, which must have this tag."""
        data, at = self.data, self.at
        if self.tag() != tag:
            found = "0x%02x" % data[at] if at < self.end else "the end"
            raise bad_der("DER tag 0x%02x expected, got %s" % (tag, found))
        length = data[at + 1] if at + 1 < self.end else 0x80
        at += 2
        if length >= 0x80:
            count = length - 0x80
            if not 0 < count <= 3 or at + count > self.end:
                raise bad_der("DER length expected, got other bytes or the end")
            length = int.from_bytes(data[at : at + count], "big")
            at += count
            # DER has one form for each length, X.690 10.1.
            if length < 0x80 or length >> 8 * (count - 1) == 0:
                raise bad_der("DER length expected in its shortest form")
        if at + length > self.end:
            raise bad_der("DER value of %d bytes expected, got %d" % (length, self.end - at))
        self.at = at + length
        return Reader(data, at, at + length)

    def take_whole(self, tag):
        """The bytes of the next value with its tag and length."""
        start = self.at
        self.take(tag)
        return self.data[start : self.at]

    def take_bytes(self, tag):
        """The bytes of the content of the next value."""
        return self.take(tag).bytes()

    def take_any(self):
        """(tag, reader of the content) of the next value."""
        tag = self.tag()
        return tag, self.take(tag)

    def bytes(self):
        """The bytes that are left."""
        return self.data[self.at : self.end]

    def check_end(self):
        """Raise UsageError unless nothing is left."""
        if self.at != self.end:
            raise bad_der("%d bytes too many in a DER value" % (self.end - self.at))


def bad_der(message):
    """The UsageError for bytes that are no certificate."""
    return UsageError("bad_certificate_file", message)
