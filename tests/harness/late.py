"""A server whose first start meets an error; at the end it says which, and whether it could have started then."""

from microhttps import MicrohttpsError


class Late:
    """Stands for a server in `play`."""

    def __init__(self, play):
        self._say = play.say
        self._server = play.server()
        self._code = "no error"

    async def start(self):
        """Try, and keep the code of the error."""
        try:
            await self._server.start()
        except MicrohttpsError as error:
            self._code = error.code

    async def stop(self):
        """Tell, and try again."""
        self._say(self._code)
        await self._server.start()
        self._say("listens")
        await self._server.stop()


def make_server(play):
    return Late(play)
