"""Reading a MicroPython stream without losing what came before an error. Layer 2; a computer never loads it.

`readinto` and `read` go on until the buffer is full, raise what they meet then, and with it forget how much came
before (py/stream.c, mp_stream_rw). `recv` stops after one piece; TLS sockets have it since 1.25 where DTLS is built
in. Elsewhere the bytes are found again in a buffer that was zeroed before: only data that ends in zero bytes and is
followed by an error in the same call is cut, and HTTP's framing notices that.
"""

CAPACITY = 256

SMALLEST = 64

_room = None  # (buffer, zeros): one for all connections, made when a stream without `recv` is first read


def read_stream(stream, channel):
    """(data, error): bytes that have come, b"" at the end, None when nothing is there yet; and what came after them.

    Where the heap has no piece of the channel's `capacity` left, this connection goes on in smaller ones.
    """
    receive = getattr(stream, "recv", None)
    if receive is None:
        return _read_zeroed(stream)
    while True:
        try:
            return receive(channel.capacity), None
        except MemoryError:
            if channel.capacity <= SMALLEST:
                raise
            channel.capacity //= 2
        except (OSError, ValueError) as error:
            return (None, None) if error.args[0] == 11 else (b"", error)  # EAGAIN: sockets raise it, TLS answers None


def _read_zeroed(stream):
    global _room
    if _room is None:
        _room = bytearray(CAPACITY), bytes(CAPACITY)
    room, zeros = _room
    room[:] = zeros
    try:
        count = stream.readinto(room)
    except (OSError, ValueError) as error:
        return bytes(room).rstrip(b"\0"), error
    return None if count is None else bytes(memoryview(room)[:count]), None
