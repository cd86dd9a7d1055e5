"""Requests for who thinks in events (`client.start`): their order, larger than memory, cancelled, and what fails."""

import asyncio

from microhttps import Response, UsageError

SIZE = 300 * 1024
MAY_COMPLAIN = True  # of the body that is cut
OPTIONS = {"client_settings": {"max_redirects": 3, "max_content_length": 100 * 1024}}


def make_server(play):
    server = play.server()

    @server.get("/small")
    def small(request):
        return "for " + request.headers["user-agent"]

    @server.post("/double")
    def double(request):
        return request.content * 2

    @server.get("/large")
    def large(request):
        return Response(iter([b"x" * 1024] * (SIZE // 1024)))

    @server.get("/elsewhere")
    def elsewhere(request):
        return Response.redirect("https://127.0.0.1:%d/small" % play.port)

    @server.get("/cut")
    def cut(request):
        def pieces():
            yield b"z" * 1000
            raise OSError("on purpose")

        return Response(pieces())

    @server.get("/slow")
    async def slow(request):
        await asyncio.sleep(30)

    return server


class Told:
    """Notes the events of one request, chunks that follow each other as one."""

    def __init__(self, play, takes=False, at=None, do=None):
        self.play = play
        self.takes = takes  # the chunks
        self.at = at  # the event at which to `do`
        self.do = do
        self.started = None
        self.names = []
        self.size = 0
        self.values = {}

    def __call__(self, name, value):
        if name != "chunk" or self.names[-1:] != ["chunk"]:
            self.names.append(name)
        if name == "chunk":
            self.size += len(value)
        self.values[name] = value
        if name == self.at:
            self.do(self)
        return self.takes

    def say(self, what):
        error = self.values.get("error")
        self.play.say(what, *(self.names + ([error.code] if error else [])))


def fail(_):
    raise ValueError("on purpose")


def cancel(told):
    told.started.cancel()


class Broken:
    """A body whose iterator fails."""

    def __aiter__(self):
        return self

    async def __anext__(self):
        fail(self)


async def client(play):
    ours = play.client()
    reports = []
    asyncio.get_event_loop().set_exception_handler(lambda loop, context: reports.append(context["exception"]))
    await good(play, ours)
    await larger_than_memory(play, ours)
    await cancelled(play, ours)
    await failing(play, ours)
    play.say("reported:", len(reports), "all on purpose:", [str(each) for each in reports].count("on purpose"))
    play.say("still well:", (await ours.get(play.url("/small"))).status)
    await ours.close()


async def good(play, ours):
    told = Told(play)
    started = ours.start(play.url("/small"), told, headers=[("User-Agent", "Mongoose/6.18")])
    play.say("nothing yet:", told.names, started.is_over)
    await started.wait()
    told.say("get:")
    answer = told.values["reply"]
    play.say(answer.status, answer.text(), answer is told.values["headers"], started.is_over)
    session = told.values["connect"]
    told = Told(play)
    await ours.start(play.url("/double"), told, body=b"abc").wait()
    told.say("post:")
    play.say(told.values["reply"].text(), "over the same connection:", told.values["connect"] is session)
    sessions = []
    told = Told(play, at="connect", do=lambda told: sessions.append(told.values["connect"].peer_address[0]))
    await ours.start(play.url("/elsewhere"), told).wait()
    told.say("redirected:")
    play.say(*sessions)
    told = Told(play)
    await ours.start(play.url("/missing"), told).wait()
    told.say("not found is a reply:")


async def larger_than_memory(play, ours):
    told = Told(play, takes=True)
    await ours.start(play.url("/large"), told).wait()
    told.say("taken:")
    play.say(told.size == SIZE, len(told.values["reply"].body))
    told = Told(play)
    await ours.start(play.url("/large"), told).wait()
    told.say("kept:")
    play.say(told.size <= 120 * 1024)
    told = Told(play, takes=True)
    await ours.start(play.url("/cut"), told).wait()
    told.say("cut:")


async def cancelled(play, ours):
    told = Told(play)
    ours.start(play.url("/small"), told).cancel()
    told.say("cancelled at once:")
    told = Told(play)
    started = ours.start(play.url("/slow"), told)
    while "connect" not in told.names:
        await asyncio.sleep(0.01)
    session = told.values["connect"]
    started.cancel()
    started.cancel()
    told.say("cancelled while it waits:")
    await started.wait()
    await asyncio.sleep(0.01)
    play.say("its connection is open:", session.is_open)
    for event in ("connect", "headers", "chunk", "reply", "error", "close"):
        told = Told(play, takes=True, at=event, do=cancel)
        told.started = ours.start(play.url("/large" if event != "error" else "/cut"), told, method="GET")
        await told.started.wait()
        told.say("cancelled at " + event + ":")


async def failing(play, ours):
    for event in ("connect", "headers", "chunk", "reply", "error", "close"):
        told = Told(play, takes=True, at=event, do=fail)
        await ours.start(play.url("/large" if event != "error" else "/cut"), told).wait()
        told.say("fails at " + event + ":")
    told = Told(play)
    await ours.start(play.url("/double"), told, body=Broken()).wait()
    told.say("fails while it sends:")
    told = Told(play)
    await ours.start(play.url("/small", "localhost", "https").replace(str(play.port), "1"), told).wait()
    told.say("nobody there:")
    told = Told(play)
    await play.client(trust=play.trust("stranger-ca")).start(play.url("/small"), told).wait()
    told.say("not believed:")
    told = Told(play)
    await play.client(total_timeout=1.5).start(play.url("/slow"), told).wait()
    told.say("too slow:")
    told = Told(play)
    closed = play.client(recv_timeout=0.5)
    started = closed.start(play.url("/slow"), told)
    while "connect" not in told.names:
        await asyncio.sleep(0.01)
    await closed.close()
    await started.wait()
    told.say("too slow for a client that is closed:")
    names = []

    async def never(name, value):
        pass

    def remember(name, value):
        names.append(name)
        return never(name, value)

    await ours.start(play.url("/small"), remember).wait()
    play.say("a coroutine:", *names)
    try:
        ours.start("gopher://localhost", remember)
    except UsageError as error:
        play.say("no URL:", error.code)


EXPECTED = """
nothing yet: [] False
get: connect headers chunk reply close
200 for Mongoose/6.18 True True
post: connect headers chunk reply close
abcabc over the same connection: True
redirected: connect connect headers chunk reply close
localhost 127.0.0.1
not found is a reply: connect headers chunk reply close
taken: connect headers chunk reply close
True 0
kept: connect headers chunk error close body_too_large
True
cut: connect headers chunk error close body_cut_short
cancelled at once: error close cancelled
cancelled while it waits: connect error close cancelled
its connection is open: False
cancelled at connect: connect error close cancelled
cancelled at headers: connect headers error close cancelled
cancelled at chunk: connect headers chunk error close cancelled
cancelled at reply: connect headers chunk reply close
cancelled at error: connect headers chunk error close body_cut_short
cancelled at close: connect headers chunk reply close
fails at connect: connect error close handler_failed
fails at headers: connect headers error close handler_failed
fails at chunk: connect headers chunk error close handler_failed
fails at reply: connect headers chunk reply close
fails at error: connect headers chunk error close body_cut_short
fails at close: connect headers chunk reply close
fails while it sends: connect error close handler_failed
nobody there: error close refused
not believed: error close untrusted_issuer
too slow: connect error close deadline
too slow for a client that is closed: connect error close deadline
a coroutine: connect error close
no URL: bad_url
reported: 10 all on purpose: 7
still well: 200
"""
