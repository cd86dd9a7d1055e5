"""Two servers in one process, one secure and one plain, each with its own routes; one stops and the other goes on."""

import asyncio


def make_server(play):
    first = play.server()
    second = play.server_in_clear(max_content_length=10)

    @first.get("/")
    def page(request):
        return "first, " + ("TLS" if request.session.tls else "plain")

    @first.post("/second/<order>")
    async def control(request):
        await (second.start() if request.params["order"] == "start" else second.stop())
        return "%d" % len(first.sessions)

    @second.get("/")
    async def other_page(request):
        await asyncio.sleep(0)
        return "second, " + ("TLS" if request.session.tls else "plain")

    @second.post("/")
    def take(request):
        return "taken"

    return first


async def client(play):
    ours = play.client()
    second = play.url_in_clear()
    play.say("before:", await play.code_of(ours.get(second)))
    for _ in range(2):
        await ours.post(play.url("/second/start"))
        answers = await asyncio.gather(*[ours.get(url) for url in (play.url(), second, play.url(), second)])
        play.say(*[answer.text() for answer in answers])
        too_long, not_there = await ours.post(second, body=b"x" * 20), await ours.post(play.url(), body=b"x" * 20)
        play.say("each has its limits and routes:", too_long.status, not_there.status)
        play.say("sessions of the first:", (await ours.post(play.url("/second/stop"))).text() >= "1")
        play.say("stopped:", await play.code_of(ours.get(second)))
        play.say((await ours.get(play.url())).text())
    await ours.close()


EXPECTED = """
before: refused
first, TLS second, plain first, TLS second, plain
each has its limits and routes: 413 405
sessions of the first: True
stopped: refused
first, TLS
first, TLS second, plain first, TLS second, plain
each has its limits and routes: 413 405
sessions of the first: True
stopped: refused
first, TLS
"""
