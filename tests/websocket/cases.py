"""What a client may send behind the handshake, as data: (category, name, bytes, outcome). Both interpreters read it.

The categories are those of public conformance suites: 1 framing, 2 pings and pongs, 3 reserved bits, 4 opcodes,
5 fragmentation, 6 UTF-8, 7 closing, 9 size. The outcome is what an echoing server sends, in order: (opcode, payload)
and last the code of its close frame. It is a list where the client closes when it has heard the rest, a tuple where the
case itself does, and where the client broke a rule the code alone: what it sent before may or may not be answered.
"""

from websocket import MAX_LENGTH
from websocket.frames import BINARY, CLOSE, CONTINUATION, KEY, PING, PONG, TEXT, close, frame


def text(payload, final=True):
    return frame(TEXT, payload, final)


def more(payload, final=True):
    return frame(CONTINUATION, payload, final)


def by_bytes(payload):
    """A text message of one fragment a byte."""
    frames = text(b"", False)
    for at in range(len(payload)):
        frames += more(payload[at:at + 1], False)
    return frames + more(b"")


def clean(*sent):
    """What was sent, then 1000."""
    return list(sent) + [1000]


CASES = []


def case(category, name, data, outcome):
    CASES.append((category, name, data, outcome))


for size in (0, 1, 125, 126, 127, 128, 65535, 65536, 70000):
    case(1, "text of %d" % size, text(b"*" * size), clean((TEXT, b"*" * size)))
    case(1, "binary of %d" % size, frame(BINARY, b"\xfe" * size), clean((BINARY, b"\xfe" * size)))
for size in (0, 5, 125):
    case(1, "%d with a length of 16 bits" % size, frame(BINARY, b"x" * size, form=2), 1002)
    case(1, "%d with a length of 64 bits" % size, frame(BINARY, b"x" * size, form=8), 1002)
case(1, "65535 with a length of 64 bits", frame(BINARY, b"x" * 65535, form=8), 1002)
case(1, "length with its highest bit", b"\x82\xff" + b"\xff" * 8 + KEY, 1002)
case(1, "not masked", frame(TEXT, b"open", key=b""), 1002)
case(1, "close not masked", frame(CLOSE, b"\x03\xe8", key=b""), 1002)
case(1, "masked with zeros", frame(TEXT, b"plain", key=bytes(4)), clean((TEXT, b"plain")))
case(1, "two in one go", text(b"one") + frame(BINARY, b"two"), clean((TEXT, b"one"), (BINARY, b"two")))

for size in (0, 1, 8, 125):
    case(2, "ping with %d" % size, frame(PING, b"\xff" * size), clean((PONG, b"\xff" * size)))
case(2, "ping with 126", frame(PING, b"\xff" * 126), 1002)
case(2, "ping with 65536", frame(PING, b"\xff" * 65536), 1002)
case(2, "pong that nobody asked for", frame(PONG, b"hello"), clean())
case(2, "pong, then ping", frame(PONG, b"a") + frame(PING, b"b"), clean((PONG, b"b")))
case(2, "ten pings", b"".join([frame(PING, b"p%d" % number) for number in range(10)]),
     clean(*[(PONG, b"p%d" % number) for number in range(10)]))

for bits in range(1, 8):
    for opcode in (TEXT, BINARY, CLOSE, PING, PONG):
        case(3, "reserved bits %d in opcode %d" % (bits, opcode), frame(opcode, b"", reserved=bits), 1002)
case(3, "reserved bit in a continuation", text(b"a", False) + frame(CONTINUATION, b"b", reserved=4), 1002)

for opcode in (3, 4, 5, 6, 7, 11, 12, 13, 14, 15):
    case(4, "opcode %d" % opcode, frame(opcode), 1002)
    case(4, "opcode %d with payload" % opcode, frame(opcode, b"abc"), 1002)
    case(4, "opcode %d behind a message" % opcode, text(b"good") + frame(opcode, b"abc") + frame(PING), 1002)

case(5, "ping in two fragments", frame(PING, b"a", False) + more(b"b"), 1002)
case(5, "pong in two fragments", frame(PONG, b"a", False) + more(b"b"), 1002)
case(5, "close in two fragments", frame(CLOSE, b"\x03", False) + more(b"\xe8"), 1002)
case(5, "text in two", text(b"one,", False) + more(b"two"), clean((TEXT, b"one,two")))
case(5, "binary in two", frame(BINARY, b"\x00", False) + more(b"\xff"), clean((BINARY, b"\x00\xff")))
case(5, "text in two, ping between", text(b"one,", False) + frame(PING, b"?") + more(b"two"),
     clean((PONG, b"?"), (TEXT, b"one,two")))
case(5, "text by the byte", by_bytes(b"fragments"), clean((TEXT, b"fragments")))
case(5, "empty fragments", text(b"", False) + more(b"", False) + more(b""), clean((TEXT, b"")))
case(5, "empty, empty, one", text(b"", False) + more(b"x", False) + more(b""), clean((TEXT, b"x")))
case(5, "continuation of nothing", more(b"x"), 1002)
case(5, "continuation of nothing, not final", more(b"x", False), 1002)
case(5, "continuation behind a whole message", text(b"all") + more(b"x"), 1002)
case(5, "text within text", text(b"one", False) + text(b"two"), 1002)
case(5, "binary within text", text(b"one", False) + frame(BINARY, b"two") + more(b"x"), 1002)
case(5, "five with pings between", b"".join([
    text(b"1", False), frame(PING, b"a"), more(b"2", False), frame(PING, b"b"), more(b"3", False), more(b"4", False),
    frame(PING, b"c"), more(b"5")]),
    clean((PONG, b"a"), (PONG, b"b"), (PONG, b"c"), (TEXT, b"12345")))
case(5, "two fragmented messages", text(b"1", False) + more(b"2") + frame(BINARY, b"3", False) + more(b"4"),
     clean((TEXT, b"12"), (BINARY, b"34")))
case(5, "close within a message", text(b"unfinished", False) + close(), (1000,))

GOOD_UTF8 = (
    "Hello-µ@ßöäüàá-UTF-8!!", "κόσμε", "\x00", "\x7f", "\x80", "\u07ff", "\u0800", "\uffff", "\U00010000",
    "\U0010ffff", "\ud7ff", "\ue000", "\uee00", "\ufffd", "\ufffe", "\ufdd0", "\U0001fffe", "\U000fffff",
    "\U0010fffe", "中文 한국어 日本語", "\U0001f600\U0001f680", "é" * 60,
)
BAD_UTF8 = (
    b"\x80", b"\xbf", b"\x80\xbf", b"\x80\xbf\x80\xbf\x80\xbf\x80", b"\xc0 \xc1 \xf5 ", b"\xfe", b"\xff",
    b"\xfe\xfe\xff\xff", b"\xc3", b"\xc3(", b"\xe2\x82", b"\xe2\x82(", b"\xe2(\xa1", b"\xf0\x90\x8c",
    b"\xf0\x90\x8c(", b"\xf0\x28\x8c\xbc", b"\xf0\x90(\xbc", b"\xc0\xaf", b"\xe0\x80\xaf", b"\xf0\x80\x80\xaf",
    b"\xf8\x80\x80\x80\xaf", b"\xfc\x80\x80\x80\x80\xaf", b"\xc1\xbf", b"\xe0\x9f\xbf", b"\xf0\x8f\xbf\xbf",
    b"\xf8\x87\xbf\xbf\xbf", b"\xfc\x83\xbf\xbf\xbf\xbf", b"\xc0\x80", b"\xe0\x80\x80", b"\xf0\x80\x80\x80",
    b"\xed\xa0\x80", b"\xed\xad\xbf", b"\xed\xae\x80", b"\xed\xaf\xbf", b"\xed\xb0\x80", b"\xed\xbe\x80",
    b"\xed\xbf\xbf", b"\xed\xa0\x80\xed\xb0\x80", b"\xf4\x90\x80\x80", b"\xf5\x80\x80\x80", b"\xf7\xbf\xbf\xbf",
    b"\xf8\x88\x80\x80\x80", b"\xfb\xbf\xbf\xbf\xbf", b"\xfc\x84\x80\x80\x80\x80", b"\xfd\xbf\xbf\xbf\xbf\xbf",
    b"\xce\xba\xe1\xbd\xb9\xcf\x83\xce\xbc\xce\xb5\xed\xa0\x80edited", b"good \xf4\x8f\xbf\xbf bad \xc3",
)  # fmt: skip
for number, good in enumerate(GOOD_UTF8):
    raw = good.encode()
    case(6, "good %d" % number, text(raw), clean((TEXT, raw)))
    case(6, "good %d by the byte" % number, by_bytes(raw), clean((TEXT, raw)))
for number, raw in enumerate(BAD_UTF8):
    case(6, "bad %d" % number, text(raw), 1007)
    case(6, "bad %d by the byte" % number, by_bytes(raw), 1007)
    case(6, "bad %d between good" % number, text(b"\xce\xba" + raw + b"\xce\xba"), 1007)
case(6, "bad, and told before the message ends", text(b"\xce\xba\xe1\xbd\xb9\xf4\x90", False), 1007)
case(6, "bad in binary is good", frame(BINARY, b"\xff\xfe\xed\xa0\x80"), clean((BINARY, b"\xff\xfe\xed\xa0\x80")))
case(6, "bad at the end of much", text(b"a" * 70000 + b"\xff"), 1007)

case(7, "at once", close(), (1000,))
case(7, "behind a message", text(b"Hello World!") + close(), ((TEXT, b"Hello World!"), 1000))
case(7, "behind messages, with a code", frame(BINARY, b"one") + text(b"two") + text(b"") + close(3000),
     ((BINARY, b"one"), (TEXT, b"two"), (TEXT, b""), 3000))
case(7, "twice", close() + close(), (1000,))
case(7, "then text", close() + text(b"late"), (1000,))
case(7, "then ping", close() + frame(PING, b"late"), (1000,))
case(7, "then nonsense", close() + frame(3), (1000,))
case(7, "without a code", frame(CLOSE), (1005,))
case(7, "with one byte", frame(CLOSE, b"\x03"), 1002)
case(7, "with a reason", close(1000, b"because"), (1000,))
case(7, "with the longest reason", close(1000, b"r" * 123), (1000,))
case(7, "with a reason too long", close(1000, b"r" * 124), 1002)
for number, raw in enumerate(BAD_UTF8[:12]):
    case(7, "with a bad reason %d" % number, close(1000, raw), 1007)
for code in (1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4999):
    case(7, "with %d" % code, close(code), (code,))
    case(7, "with %d and a reason" % code, close(code, "grün".encode()), (code,))
for code in (0, 1, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65535):
    case(7, "with %d" % code, close(code), 1002)

for size in (MAX_LENGTH - 1, MAX_LENGTH):
    case(9, "%d, which is allowed" % size, frame(BINARY, b"z" * size), clean((BINARY, b"z" * size)))
case(9, "one too many", frame(BINARY, b"z" * (MAX_LENGTH + 1)), 1009)
case(9, "one too many, announced", b"\x82\xff" + (MAX_LENGTH + 1).to_bytes(8, "big") + KEY, 1009)
case(9, "2 ** 62, announced", b"\x82\xff\x40" + bytes(7) + KEY, 1009)
case(9, "too many in fragments", frame(BINARY, b"z" * 60000, False) + more(b"z" * 40001), 1009)
case(9, "10000 fragments", frame(BINARY, b"", False) + more(b"ab", False) * 9999 + more(b""),
     clean((BINARY, b"ab" * 9999)))
