"""CPython: compressed bodies. Layer 3."""

import zlib


def inflate(data, is_gzip, most):
    """At most `most` bytes of what gzip or deflate made smaller; raises ValueError or EOFError when it is not whole."""
    for window in (31,) if is_gzip else (15, -15):  # some servers send deflate without zlib's frame
        machine = zlib.decompressobj(window)
        try:
            whole = machine.decompress(data, most)
        except zlib.error as error:
            failure = ValueError(str(error))
            continue
        if len(whole) < most and not machine.eof:
            raise EOFError("the compressed body was cut")
        return whole
    raise failure
