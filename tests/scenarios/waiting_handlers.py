"""A handler that waits keeps nobody else waiting: quick answers come while slow ones sleep."""

import asyncio


def make_server(play):
    server = play.server(max_open_sockets=8, max_sockets_per_address=8)

    @server.get("/slow/<name>")
    async def slow(request):
        await asyncio.sleep(0.5)
        return "slow " + request.params["name"]

    @server.get("/quick/<name>")
    def quick(request):
        return "quick " + request.params["name"]

    return server


async def client(play):
    waiting = [asyncio.create_task(ask(play, "/slow/" + name)) for name in ("a", "b", "c")]
    ours = play.client()
    for name in ("1", "2", "3", "4"):
        play.say((await ours.get(play.url("/quick/" + name))).text())
    await ours.close()
    answers = []
    for task in waiting:
        answers.append(await task)
    play.say(sorted(answers))


async def ask(play, path):
    ours = play.client()
    answer = await ours.get(play.url(path))
    if path.endswith("a"):
        play.say("a slow one")
    await ours.close()
    return answer.text()


EXPECTED = """
quick 1
quick 2
quick 3
quick 4
a slow one
['slow a', 'slow b', 'slow c']
"""
