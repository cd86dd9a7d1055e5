"""Frames by hand, right and wrong ones, without the package's own; both interpreters."""

CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG = 0x0, 0x1, 0x2, 0x8, 0x9, 0xA
KEY = b"\x37\xfa\x21\x3d"


def frame(opcode, payload=b"", final=True, reserved=0, form=None, key=KEY):
    """A client's frame, right or wrong; `form` is the length's bytes (0, 2 or 8), by default as few as it takes."""
    length = len(payload)
    if form is None:
        form = 0 if length < 126 else 2 if length < 65536 else 8
    code = {0: length, 2: 126, 8: 127}[form]
    head = bytes(((0x80 if final else 0) | reserved << 4 | opcode, (0x80 if key else 0) | code))
    head += length.to_bytes(8, "big")[8 - form:]
    if not key:
        return head + payload
    over = int.from_bytes((key * (length // 4 + 1))[:length], "big")
    return head + key + (int.from_bytes(payload, "big") ^ over).to_bytes(length, "big")


def close(code=1000, reason=b""):
    return frame(CLOSE, code.to_bytes(2, "big") + reason)
