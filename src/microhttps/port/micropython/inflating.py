"""MicroPython: compressed bodies. Layer 3."""

import io

import deflate


def inflate(data, is_gzip, most):
    """At most `most` bytes of what gzip or deflate made smaller; raises OSError or EOFError when it is not whole."""
    kinds = (deflate.GZIP,) if is_gzip else (deflate.ZLIB, deflate.RAW)  # some servers send deflate without its frame
    for kind in kinds:
        stream = deflate.DeflateIO(io.BytesIO(data), kind, 15)
        try:
            return stream.read(most)
        except OSError:
            if kind == kinds[-1]:
                raise
