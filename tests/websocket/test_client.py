"""The other side of the table: our client echoes what a server sends that keeps the rules, or breaks them.

The cases are those of `cases`, unmasked, as a server sends.
"""

import asyncio
import base64
import hashlib
import ssl

import pytest

from harness.playing import start_client
from websocket.cases import CASES, KEY, TEXT, close, frame
from websocket.outcomes import hear, is_expected

ANSWER = (b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
          b"Sec-WebSocket-Accept: %s\r\n%s\r\n")
GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


def unmasked(data):
    """The same frames as a server sends them; None for bytes that are not whole frames with our key."""
    frames = b""
    while data:
        length, size = data[1] & 0x7F, 2
        if length > 125:
            size = 4 if length == 126 else 10
            length = int.from_bytes(data[2:size], "big")
        if not data[1] & 0x80 or data[size:size + 4] != KEY or len(data) < size + 4 + length:
            return None
        payload = data[size + 4:size + 4 + length]
        over = int.from_bytes((KEY * (length // 4 + 1))[:length], "big")
        frames += bytes((data[0], data[1] & 0x7F)) + data[2:size]
        frames += (int.from_bytes(payload, "big") ^ over).to_bytes(length, "big")
        data = data[size + 4 + length:]
    return frames


OURS = [(case[:2], unmasked(case[2]), case[3]) for case in CASES if unmasked(case[2]) is not None]
OURS.append(((1, "masked by the server"), frame(TEXT, b"open"), 1002))
OURS.append(((1, "closed with a mask"), close(), 1002))


class StrangeServer:
    """Sends the cases one after the other, each to a connection of its own, and keeps what it hears."""

    def __init__(self, cases, answer=None):
        self._cases = cases
        self._answer = answer
        self.heads = []
        self.heard = []

    async def serve(self, reader, writer):
        head = await reader.readuntil(b"\r\n\r\n")
        self.heads.append(head)
        if self._answer is not None:
            writer.write(self._answer(head))
            await asyncio.wait_for(reader.read(), 10)
        else:
            _, data, outcome = self._cases[len(self.heads) - 1]
            # The first frames come in one piece with the head.
            self.heard.append(await hear(reader, writer, ANSWER % (accept_of(head), b"") + data, outcome,
                                         unmasked(close()), 5, ends_first=True))
        writer.transport.abort()


def accept_of(head):
    key = head.split(b"Sec-WebSocket-Key: ")[1].split(b"\r\n")[0]
    return base64.b64encode(hashlib.sha1(key + GUID).digest())


@pytest.fixture
def ask(programs, interpreter, certificates, port):
    """Lets our client ask a strange server; returns the client's lines."""

    def ask_it(server, count, path="websocket.asking_often"):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificates / "good.crt", certificates / "good.key")

        async def run():
            listening = await asyncio.start_server(server.serve, "127.0.0.1", port, ssl=context)
            client = start_client(programs, interpreter, path, port, certificates, count=count, heap="16M")
            try:
                return await asyncio.get_running_loop().run_in_executor(None, client.lines_until_end, 100)
            finally:
                listening.close()

        return asyncio.run(run())

    return ask_it


@pytest.mark.parametrize("part", range(4))
def test_the_client_s_outcomes_are_the_server_s(ask, part):
    cases = OURS[part::4]
    server = StrangeServer(cases)
    codes = ask(server, len(cases))
    assert len(server.heard) == len(cases)
    wrong = []
    for case, heard, code in zip(cases, server.heard, codes):
        last = case[2] if isinstance(case[2], int) else case[2][-1]
        if not is_expected(heard, case[2]) or code != str(last):
            wrong.append((case[0], str(case[2])[:60], str(heard)[:100], code))
    assert not wrong


def test_every_frame_has_a_key_of_its_own(ask):
    """RFC 6455 section 5.3: a key that could be foretold lets a page write what it likes on the wire."""
    keys = set()

    class Listening(StrangeServer):
        async def serve(self, reader, writer):
            head = await reader.readuntil(b"\r\n\r\n")
            self.heads.append(head)
            writer.write(ANSWER % (accept_of(head), b"") + unmasked(frame(TEXT, b"12345678")) * 20)
            for _ in range(20):
                raw = await reader.readexactly(2 + 4 + 8)
                assert raw[1] == 0x80 | 8
                keys.add(raw[2:6])
            writer.write(unmasked(close()))
            await reader.read()
            writer.close()

    assert ask(Listening([]), 1) == ["1000"]
    assert len(keys) == 20


@pytest.mark.parametrize(("answer", "code"), [
    (lambda head: ANSWER % (b"s3pPLMBiTxaQ9kYGzzhZRbK+xOo=", b""), "bad_websocket_handshake"),
    (lambda head: ANSWER % (accept_of(head), b"Sec-WebSocket-Extensions: permessage-deflate\r\n"),
     "bad_websocket_handshake"),
    (lambda head: ANSWER % (accept_of(head), b"Sec-WebSocket-Protocol: chat\r\n"), "bad_websocket_handshake"),
    (lambda head: (ANSWER % (accept_of(head), b"")).replace(b"Upgrade: websocket", b"Upgrade: h2c"),
     "bad_websocket_handshake"),
    (lambda head: (ANSWER % (accept_of(head), b"")).replace(b"Connection: Upgrade", b"Connection: keep-alive"),
     "bad_websocket_handshake"),
    (lambda head: b"HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n", "websocket_refused"),
    (lambda head: b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nno", "websocket_refused"),
    (lambda head: b"", "deadline"),
    (lambda head: b"HTTP/1.1 100 Continue\r\n\r\n" * 30, "too_many_interim"),
], ids=["wrong accept", "extension", "subprotocol", "other upgrade", "no connection", "redirect", "page", "nothing",
        "interim"])  # fmt: skip
def test_the_client_believes_only_the_one_right_answer(ask, answer, code):
    server = StrangeServer([], answer)
    assert ask(server, 1) == [code]
    assert len(server.heads) == 1
