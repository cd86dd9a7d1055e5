"""A WebSocket of a client that has been there before: its cookies go along, and the name and password of the URL."""

from microhttps import Response


def make_pages(server):
    @server.get("/log-in")
    def log_in(request):
        return Response("", headers=(("Set-Cookie", "sid=1; Path=/; Secure"), ("Set-Cookie", "seen=2; Path=/")))

    async def tell(socket):
        headers = socket.request.headers
        await socket.send("%s, %s" % (headers.get("cookie", "-"), headers.get("authorization", "-")))

    server.websocket("/")(tell)
    return server


def make_server(play):
    return make_pages(play.server())


async def client(play):
    plain = make_pages(play.server_in_clear())
    await plain.start()
    url, in_clear = play.url(scheme="wss"), play.url_in_clear(scheme="ws")
    ours = play.client(keep_cookies=True)
    play.say("nothing yet:", await heard(ours, url))
    await ours.get(play.url("/log-in"))
    play.say("its cookies:", await heard(ours, url))
    play.say("in clear:", await heard(ours, in_clear))
    play.say("of a URL:", await heard(ours, url.replace("://", "://ann:pa%3Ass@")))
    play.say("our own go first:", await heard(ours, url.replace("://", "://ann:x@"),
                                              (("Cookie", "own=1"), ("Authorization", "Bearer t"))))
    play.say("a password in clear:", await play.code_of(heard(ours, in_clear.replace("://", "://ann:x@"))))
    await ours.close()
    await plain.stop()


async def heard(ours, url, headers=()):
    socket = await ours.websocket(url, headers=headers)
    said = await socket.receive()
    await socket.close()
    return said


EXPECTED = """
nothing yet: -, -
its cookies: sid=1; seen=2, -
in clear: seen=2, -
of a URL: sid=1; seen=2, Basic YW5uOnBhOnNz
our own go first: own=1, Bearer t
a password in clear: password_in_clear
"""
