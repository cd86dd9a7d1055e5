"""What a server makes of a case, asked over TLS by a client that keeps no rules; and whether that was expected."""

import asyncio
import ssl

from websocket.cases import CLOSE, close

PATIENCE = 10
REQUEST = (b"GET / HTTP/1.1\r\nHost: localhost:%d\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
           b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n")


async def outcome_of(port, context, data, outcome, patience):
    """What the server sends, as `cases.CASES` has it; None at last if it does not close the connection."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port, ssl=context, server_hostname="localhost")
    writer.write(REQUEST % port)
    head = await reader.readuntil(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 101 "), head
    heard = await hear(reader, writer, data, outcome, close(), patience)
    writer.transport.abort()
    return heard


async def hear(reader, writer, data, outcome, closing, patience, ends_first=False):
    """Send a case's bytes, and the `closing` where the case wants it; what the peer says until it ends the connection.

    A server `ends_first`: it closes behind the peer's close frame (RFC 6455 section 7.1.1).
    """
    writer.write(data)
    heard = []
    try:
        if isinstance(outcome, list):
            while len(heard) < len(outcome) - 1:
                heard.append(await asyncio.wait_for(next_frame(reader), patience))
            writer.write(closing)
        while not (ends_first and heard and isinstance(heard[-1], int)):
            heard.append(await asyncio.wait_for(next_frame(reader), patience))
    except asyncio.IncompleteReadError:
        pass
    except (ConnectionError, ssl.SSLError) as error:
        heard.append(error)
    except (TimeoutError, asyncio.TimeoutError):
        heard.append(None)
    return heard


async def next_frame(reader):
    """(opcode, payload) of a frame, or the code of a close frame."""
    first, second = await reader.readexactly(2)
    length = second & 0x7F
    if length > 125:
        length = int.from_bytes(await reader.readexactly(2 if length == 126 else 8), "big")
    key = await reader.readexactly(4) if second & 0x80 else bytes(4)
    payload = await reader.readexactly(length)
    over = (key * (length // 4 + 1))[:length]
    payload = (int.from_bytes(payload, "big") ^ int.from_bytes(over, "big")).to_bytes(length, "big")
    if first & 0x0F == CLOSE:
        return int.from_bytes(payload[:2], "big") if payload else 1005
    return first & 0x0F, payload


def is_expected(heard, outcome):
    """Whether this is the outcome; where a rule was broken, what was said before does not matter."""
    return heard[-1:] == [outcome] if isinstance(outcome, int) else heard == list(outcome)


async def find_outcomes(port, context, cases, patience=PATIENCE):
    """The outcomes of many cases, several at a time."""
    room = asyncio.Semaphore(8)

    async def find(case):
        async with room:
            return await outcome_of(port, context, case[2], case[3], patience)

    return await asyncio.gather(*[find(case) for case in cases])
