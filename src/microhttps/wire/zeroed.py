"""Reading a MicroPython stream that has no `recv`: with `readinto`, which forgets how much came before an error.

The bytes are found again in a buffer that was zeroed before: only data that ends in zero bytes and is followed by an
error in the same call is cut, and HTTP's framing notices that. Loaded with the first such stream. Layer 2; a computer
never loads it.
"""

_room = None  # (buffer, zeros): one for all connections


def read_zeroed(stream, capacity):
    """(data, error), as `buffer.read_stream` has it."""
    global _room
    if _room is None:
        _room = bytearray(capacity), bytes(capacity)
    room, zeros = _room
    room[:] = zeros
    try:
        count = stream.readinto(room)
    except (OSError, ValueError) as error:
        return bytes(room).rstrip(b"\0"), error
    return None if count is None else bytes(memoryview(room)[:count]), None
