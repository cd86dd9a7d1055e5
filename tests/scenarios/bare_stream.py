"""A request written by hand and an answer read by hand, over `connect`: the bare stream."""

from microhttps import PeerError, connect


def make_server(play):
    server = play.server()

    @server.post("/double")
    def double(request):
        return request.content * 2

    return server


async def client(play):
    stream = await connect("localhost", play.port, trust=play.trust())
    await stream.write(b"POST /double HTTP/1.1\r\nHost: localhost\r\nContent-Length: 6\r\n\r\n")
    await stream.write(b"abc")
    await stream.write(b"def")
    play.say(await stream.readline())
    length = 0
    while True:
        line = await stream.readline()
        if line == b"\r\n":
            break
        if line.lower().startswith(b"content-length:"):
            length = int(line[15:])
    play.say("length", length)
    play.say(await stream.readexactly(4))
    play.say("available", stream.available())
    play.say(await stream.read(100))
    play.say("available", stream.available())
    await stream.write(b"GET /nowhere HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
    play.say(await stream.readline())
    while await stream.read(100):
        pass
    play.say("end", await stream.read(1))
    await stream.close()
    await stream.close()
    play.say("closed")
    await read_all(play, 1000)
    await read_all(play, 50)


async def read_all(play, limit):
    stream = await connect("localhost", play.port, trust=play.trust(), max_content_length=limit)
    await stream.write(b"POST /double HTTP/1.0\r\nContent-Length: 9\r\n\r\n123456789")
    play.say("to HTTP/1.0:", await stream.readline())
    try:
        play.say("all:", (await stream.read(-1))[-20:], await stream.read(-1), stream.at_eof())
    except PeerError as error:
        play.say("more than is taken:", error.code)
    await stream.close()


EXPECTED = """
b'HTTP/1.1 200 OK\\r\\n'
length 12
b'abcd'
available 8
b'efabcdef'
available 0
b'HTTP/1.1 404 Not Found\\r\\n'
end b''
closed
to HTTP/1.0: b'HTTP/1.1 200 OK\\r\\n'
all: b'\\r\\n123456789123456789' b'' True
to HTTP/1.0: b'HTTP/1.1 200 OK\\r\\n'
more than is taken: body_too_large
"""
