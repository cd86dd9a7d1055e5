"""A part of `play.py`: asyncio's own server over a context of ours, which demands client certificates."""

import asyncio

from microhttps import Trust, UsageError

ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\nConnection: close\r\n\r\nhere"


class ByStreams:
    """What `play.py` wants of a server."""

    def __init__(self, play):
        self._play = play

    async def start(self):
        play = self._play
        try:
            Trust.public().server_context(play.identity())
        except UsageError as error:
            play.say(error.code)
        context = play.trust("ca").server_context(play.identity())
        self._server = await asyncio.start_server(answer, "127.0.0.1", play.port, ssl=context)

    async def stop(self):
        self._server.close()
        await self._server.wait_closed()


async def answer(reader, writer):
    try:
        while (await reader.readline()).strip():
            pass
        writer.write(ANSWER)
        await writer.drain()
        writer.close()
        await writer.wait_closed()
    except (OSError, ValueError):  # on a board the handshake runs, and fails, in here
        writer.close()


def make_server(play):
    return ByStreams(play)
