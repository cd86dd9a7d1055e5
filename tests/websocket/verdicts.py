"""What the frame reader says of some bytes, as plain data; on MicroPython a program that judges all the cases.

Fed whole, in threes and by the byte, it must say the same.
"""

import json
import sys

from microhttps.errors import PeerError
from microhttps.wire.websocket_frames import NEED_DATA, FrameReader
from websocket import MAX_LENGTH
from websocket.cases import CASES, CLOSE, PING, PONG

SLOWLY = 3000  # bytes of a case that is fed in small pieces, too


def verdict(data, size, is_server=True, limit=MAX_LENGTH):
    """What a server would answer if it echoed: [[opcode, payload in hexadecimal or text]], a close code at last."""
    reader = FrameReader(is_server, limit)
    said = []
    try:
        for at in range(0, len(data), size):
            reader.feed(data[at:at + size])
            while True:
                taken = reader.take()
                if taken is NEED_DATA:
                    break
                opcode, payload = taken
                if opcode == CLOSE:
                    return said + [payload[0]]
                if opcode != PONG:
                    raw = payload.encode() if isinstance(payload, str) else payload
                    said.append([PONG if opcode == PING else opcode, raw.hex()])
    except PeerError as error:
        return [error.facts["close_code"]]
    return said + [1000]


def verdicts(data):
    """By feeding."""
    sizes = (len(data), 3, 1) if len(data) < SLOWLY else (len(data), 512)
    return [verdict(data, size) for size in sizes]


if __name__ == "__main__":
    for case in CASES:
        print(json.dumps(verdicts(case[2])))
    sys.exit(0)
