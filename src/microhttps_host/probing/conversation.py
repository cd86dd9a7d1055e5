"""One hello and the flight that answers it, over a connection that somebody else has opened.

Whatever the peer sends ends in a `Flight`; nothing is raised over it. Of a handshake in TLS 1.2 nothing is computed, in
TLS 1.3 one key exchange. Layer 12.
"""

import asyncio
import os
from contextlib import suppress

from .flight import DEADLINE, MALFORMED, RESET, UNOFFERED, Flight
from .hello import RANDOM_LENGTH, message, record, write_hello
from .incoming import Ended, Incoming
from .key_schedule import SHAREABLE, KeyShares, Unsealing, digest_of
from .messages import Hello, Unoffered, read_message, read_server_hello
from .numbers import MESSAGE_HASH, SERVER_HELLO, TLS_1_3
from .offer import Offer
from .reading import Malformed

SECONDS = 10.0  # for a whole flight


async def converse(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, offer: Offer, only_hello: bool = False,
    seconds: float = SECONDS,
) -> Flight:  # fmt: skip
    """Send the hello, read the flight or, with `only_hello`, no more than what was chosen; closes the connection."""
    flight = Flight(offer)
    conversation = _Conversation(reader, writer, flight)
    try:
        await asyncio.wait_for(conversation.run(only_hello), seconds)
    except asyncio.TimeoutError:
        flight.end(DEADLINE, f"nothing more within {seconds:g} seconds")
    except Ended as ended:
        flight.end(ended.how, ended.detail)
    except Malformed as error:
        flight.end(MALFORMED, str(error))
    except Unoffered as error:
        flight.end(UNOFFERED, str(error))
    except OSError as error:
        flight.end(RESET, (error.strerror or str(error)).lower())
    finally:
        writer.transport.abort()
        with suppress(OSError):
            await writer.wait_closed()
    return flight


class _Conversation:
    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, flight: Flight) -> None:
        self._incoming = Incoming(reader, flight)
        self._writer = writer
        self._flight = flight
        self._shares = KeyShares()
        self._random = os.urandom(RANDOM_LENGTH)
        self._transcript = b""

    async def run(self, only_hello: bool) -> None:
        flight = self._flight
        hello = await self._greet(flight.offer.shares)
        if hello.is_retry and not only_hello and flight.group in SHAREABLE:
            hello = await self._greet_again(flight.group, hello)
        if only_hello or hello.is_retry:
            return
        if flight.version == TLS_1_3:
            self._take_keys(hello)
        while not flight.is_whole:
            whole = await self._incoming.message()
            read_message(flight, whole[0], whole[4:])

    async def _greet(self, groups: tuple[int, ...], cookie: bytes = b"") -> Hello:
        shares = {group: self._shares.public_key(group) for group in groups}
        ours = write_hello(self._flight.offer, self._random, shares, cookie)
        self._writer.write(record(ours))
        await self._writer.drain()
        theirs = await self._incoming.message()
        if theirs[0] != SERVER_HELLO:
            raise Malformed(f"a message of kind {theirs[0]} where ServerHello belongs")
        hello = read_server_hello(self._flight, theirs[4:])
        if hello.is_retry and self._flight.suite is not None:
            # The first hello goes on as its hash (RFC 8446, 4.4.1).
            ours = message(MESSAGE_HASH, digest_of(self._flight.suite, ours))
        self._transcript += ours + theirs
        return hello

    async def _greet_again(self, group: int, retry: Hello) -> Hello:
        self._flight.has_retried = True
        hello = await self._greet((group,), retry.cookie)
        if hello.is_retry:
            raise Malformed("a second HelloRetryRequest")
        return hello

    def _take_keys(self, hello: Hello) -> None:
        flight = self._flight
        if flight.group is None or flight.suite is None:
            raise Malformed("a ServerHello of TLS 1.3 without a key share")
        secret = self._shares.exchange(flight.group, hello.share)
        self._incoming.keys = Unsealing(flight.suite, secret, self._transcript)
