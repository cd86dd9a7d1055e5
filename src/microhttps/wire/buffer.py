"""Reading a MicroPython stream without losing what came before an error. Layer 2; a computer never loads it.

`readinto` and `read` go on until the buffer is full, raise what they meet then, and with it forget how much came
before (py/stream.c, mp_stream_rw). `recv` stops after one piece; TLS sockets have it since 1.25 where DTLS is built
in. Elsewhere `zeroed` reads.
"""

CAPACITY = 256

SMALLEST = 64


def read_stream(stream, channel):
    """(data, error): bytes that have come, b"" at the end, None when nothing is there yet; and what came after them.

    Where the heap has no piece of the channel's `capacity` left, this connection goes on in smaller ones.
    """
    receive = getattr(stream, "recv", None)
    if receive is None:
        from .zeroed import read_zeroed

        return read_zeroed(stream, CAPACITY)
    while True:
        try:
            return receive(channel.capacity), None
        except MemoryError:
            if channel.capacity <= SMALLEST:
                raise
            channel.capacity //= 2
        except (OSError, ValueError) as error:
            return (None, None) if error.args[0] == 11 else (b"", error)  # EAGAIN: sockets raise it, TLS answers None
