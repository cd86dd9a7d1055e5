"""What one read of a MicroPython stream brings: one buffer for all connections, and a read that loses nothing.

A buffer of each connection's own would be most of what a connection costs on a board. Knows streams (`readinto`) and
nothing of sockets or TLS, so that the port and the engine of a board can share it. Layer 2; a computer never loads it.
"""

CAPACITY = 1024
_BYTES = bytearray(CAPACITY)
_VIEW = memoryview(_BYTES)
_ZEROS = bytes(CAPACITY)


def read_stream(stream):
    """(data, error): bytes that have come, b"" at the end, None when nothing is there yet; and what came after them.

    `readinto` goes on until the buffer is full, raises what it meets then, and with it forgets how much came before
    (py/stream.c, mp_stream_rw). The buffer was zeroed, so the bytes are still found: those before the zeros. Only data
    that ends in zero bytes and is followed by an error in the same call is cut, and HTTP's framing notices that.
    """
    _BYTES[:] = _ZEROS
    try:
        count = stream.readinto(_BYTES)
    except (OSError, ValueError) as error:
        return bytes(_BYTES).rstrip(b"\0"), error
    return None if count is None else bytes(_VIEW[:count]), None
