"""A client that sends much to a server which refuses it half-way, and says what it was told. Both interpreters."""

SIZE = 6 * 1024 * 1024


class Pieces:
    """A body that comes in pieces."""

    def __init__(self, count):
        self._left = count

    def __aiter__(self):
        return self

    async def __anext__(self):
        if not self._left:
            raise StopAsyncIteration
        self._left -= 1
        return b"x" * 16384


async def client(play):
    ours = play.client()
    for body in (bytes(SIZE), Pieces(SIZE // 16384)):
        play.say(await play.code_of(ask(play, ours, body)))
    await ours.close()


async def ask(play, ours, body):
    answer = await ours.post(play.url("/upload", scheme=play.options.get("scheme", "https")), body)
    play.say(answer.status, answer.text()[:9].split("\r")[0])
