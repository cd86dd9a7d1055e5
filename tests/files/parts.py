"""A server of files for clients that are not ours; `options["folder"]` is what it serves. Runs on both interpreters."""

import asyncio
import gc

from microhttps import MicrohttpsError, PeerError, Response
from microhttps.routing.guards import Guarded


def make_server(play):
    def on_event(name, facts):
        error = facts.get("error")
        if name in ("fault", "connection_lost"):
            play.say(name, error.code if isinstance(error, MicrohttpsError) else repr(error))

    server = play.server(on_event=on_event)
    folder = play.options["folder"]
    server.static("/www", folder)
    server.static("/aged", folder, cache_control="public", max_age=600)
    server.static("/plain", folder, gzip=False)
    server.static("/guarded", folder, refused)

    @server.get("/")
    def page(request):
        return "small"

    @server.get("/file/<path:name>")
    def file(request):
        return Response.file(folder + "/" + request.params["name"], download=request.query.get("as"))

    @server.get("/teapot")
    async def teapot(request):
        return Response.file(folder + "/small.txt", content_type="text/x-own", status=418, headers={"X-Own": "1"},
                             cache_control="no-store")

    @server.error(404)
    def missing(request):
        return "nothing here\n"

    @server.get("/memory")
    def memory(request):
        gc.collect()
        return str(gc.mem_alloc() if hasattr(gc, "mem_alloc") else 0)

    @server.get("/source/<kind>")
    async def source(request):
        return SOURCES[request.params["kind"]](play)

    @server.get("/cookies/set")
    def set_cookies(request):
        answer = Response("set").set_cookie("plain", "1", max_age=1000, http_only=False)
        return answer.set_cookie("__Host-id", "2", same_site="Strict").set_cookie("gone", "3").delete_cookie("gone")

    @server.get("/cookies/drop")
    def drop_cookies(request):
        return Response("dropped").delete_cookie("__Host-id")

    @server.get("/cookies")
    def cookies(request):
        return " ".join(sorted(name + "=" + value for name, value in request.cookies.items()))

    @server.get("/redirect/<int:status>")
    @server.post("/redirect/<int:status>")
    def redirect(request):
        return Response.redirect("../www/gr\u00fc\u00dfe.html", request.params["status"])

    @server.get("/bare/guarded")
    @guarded
    @server.get("/bare")
    def bare(request):
        yield from (b"one ", "two ", b"three")

    @server.route("/dynamic", ("GET", "POST"))
    def dynamic(request):
        return Response("made", headers=(("ETag", '"v1"'), ("Last-Modified", "Sun, 06 Nov 1994 08:49:37 GMT"),
                                         ("Content-Language", "en"), ("Set-Cookie", "a=b")))

    return server


class Sync:
    """Pieces without end; says when it is closed."""

    def __init__(self, play):
        self._play = play

    def __next__(self):
        return b"s" * 1000

    def close(self):
        self._play.say("closed")


class Async:
    """The same for who awaits."""

    def __init__(self, play):
        self._play = play

    async def __anext__(self):
        await asyncio.sleep(0)
        return "a" * 1000

    async def aclose(self):
        await asyncio.sleep(0)
        self._play.say("closed")


class Iterable:
    """What is no iterator, but gives one."""

    def __init__(self, play):
        self._play = play

    def __iter__(self):
        return endless(self._play)


def endless(play):
    try:
        while True:
            yield b"g" * 1000
    finally:
        play.say("closed")


def some(play, last=None):
    try:
        yield b"0123456789"
        yield None
        yield b""
        yield "abcdefghij"
        if last is not None:
            yield last()
    finally:
        play.say("closed")


def fail():
    raise ValueError("on purpose")


class AsyncFailing:
    """What finds out late that there is nothing."""

    async def __anext__(self):
        raise PeerError("not_found", status=404)


SOURCES = {
    "sync": lambda play: Response(Sync(play)),
    "async": lambda play: Response(AsyncIterable(play)),
    "generator": lambda play: Response(endless(play)),
    "iterable": lambda play: Response(Iterable(play)),
    "announced": lambda play: Response(endless(play), length=1000000000),
    "some": lambda play: Response(some(play)),
    "exact": lambda play: Response(some(play), length=20),
    "few": lambda play: Response(some(play), length=21),
    "many": lambda play: Response(some(play), length=19),
    "one more": lambda play: Response(some(play, lambda: b"x"), length=20),
    "fails": lambda play: Response(some(play, fail)),
    "fails announced": lambda play: Response(some(play, fail), length=30),
    "fails at once": lambda play: Response(fail() for _ in range(2)),
    "is missing at once": lambda play: Response(AsyncFailing()),
    "numbers": lambda play: Response(some(play, lambda: 5)),
    "no content": lambda play: Response(some(play), 204),
    "large": lambda play: Response(iter([b"x" * 300000, b"y", b"z" * 20000])),
    "length of bytes": lambda play: Response(b"four", length=4),
    "wrong length of bytes": lambda play: Response(b"four", length=5),
    "length of no number": lambda play: Response(some(play), length="20"),
    "no pieces": lambda play: Response(5),
}


class AsyncIterable:
    """What gives an async iterator."""

    def __init__(self, play):
        self._play = play

    def __aiter__(self):
        return Async(self._play)


def guarded(handler):
    """A decorator as those of authentication are."""
    return Guarded(handler, lambda request: None, lambda request, result: (result, None, {"X-Guarded": "1"}))


def refused(handler):
    """A decorator."""
    return lambda request: handler(request) if request.query.get("key") == "k" else ("no", 403)
