"""`redirect_port`: plain HTTP there is answered with the address of the same thing over HTTPS, whatever the method."""

from harness.by_hand import is_at_end, read_head
from microhttps import connect

SILENT = 5  # more than a board lets in there


def make_server(play):
    server = play.server(redirect_port=play.options["spare_port"], header_timeout=2, max_uri_length=100)

    @server.get("/secret")
    def secret(request):
        return "secure" if request.session.tls else "NOT secure"

    return server


async def answer_to(play, lines):
    """(status, Location without the port, begin of the body) of the answer to a request by hand; which must be all."""
    stream = await connect("127.0.0.1", play.options["spare_port"], transport="insecure")
    await stream.write("\r\n".join(lines + ("", "")).encode())
    status, fields = await read_head(stream)
    body = b"" if lines[0].startswith("HEAD") else await stream.readexactly(int(fields["content-length"]))
    end = await is_at_end(stream)
    await stream.close()
    return status, fields.get("location", "none").replace(str(play.port), "PORT"), body[:10], end


REQUESTS = (
    ("GET /secret?a=1&b=%20 HTTP/1.1", "Host: localhost"),
    ("HEAD / HTTP/1.1", "Host: LAMP.local:80"),
    ("POST /form HTTP/1.1", "Host: localhost", "Content-Length: 0"),
    ("DELETE //else.where/ HTTP/1.1", "Host: 10.0.0.1:81"),
    ("GET http://other.example:81/path HTTP/1.1", "Host: localhost"),
    ("GET / HTTP/1.1", "Host: [fe80::1]:80"),
    ("GET / HTTP/1.0",),
    ("GET / HTTP/1.1", "Host: "),
    ("GET / HTTP/1.1",),
    ("GET / HTTP/1.1", "Host: elsewhere.example/path"),
    ("GET / HTTP/1.1", "Host: user@elsewhere.example"),
    ("OPTIONS * HTTP/1.1", "Host: localhost"),
    ("CONNECT localhost:443 HTTP/1.1", "Host: localhost:443"),
    ("GET /" + 101 * "x" + " HTTP/1.1", "Host: localhost"),
)


async def client(play):
    for lines in REQUESTS:
        play.say(lines[0][:50], *lines[1:], "->", *await answer_to(play, lines))
    silent = []
    for _ in range(SILENT):
        silent.append(await connect("127.0.0.1", play.options["spare_port"], transport="insecure"))
    ours = play.client()
    play.say("the secure port meanwhile:", (await ours.get(play.url("/secret"))).text())
    await ours.close()
    for stream in silent:
        await stream.close()
    play.say("and then:", *(await answer_to(play, REQUESTS[0]))[:2])


EXPECTED = """
GET /secret?a=1&b=%20 HTTP/1.1 Host: localhost -> 301 https://localhost:PORT/secret?a=1&b=%20 b'over HTTPS' True
HEAD / HTTP/1.1 Host: LAMP.local:80 -> 301 https://LAMP.local:PORT/ b'' True
POST /form HTTP/1.1 Host: localhost Content-Length: 0 -> 308 https://localhost:PORT/form b'over HTTPS' True
DELETE //else.where/ HTTP/1.1 Host: 10.0.0.1:81 -> 308 https://10.0.0.1:PORT//else.where/ b'over HTTPS' True
GET http://other.example:81/path HTTP/1.1 Host: localhost -> 301 https://other.example:PORT/path b'over HTTPS' True
GET / HTTP/1.1 Host: [fe80::1]:80 -> 301 https://[fe80::1]:PORT/ b'over HTTPS' True
GET / HTTP/1.0 -> 301 https://127.0.0.1:PORT/ b'over HTTPS' True
GET / HTTP/1.1 Host:  -> 301 https://127.0.0.1:PORT/ b'over HTTPS' True
GET / HTTP/1.1 -> 400 none b'400 Bad Re' True
GET / HTTP/1.1 Host: elsewhere.example/path -> 400 none b'400 Bad Re' True
GET / HTTP/1.1 Host: user@elsewhere.example -> 400 none b'400 Bad Re' True
OPTIONS * HTTP/1.1 Host: localhost -> 400 none b'400 Bad Re' True
CONNECT localhost:443 HTTP/1.1 Host: localhost:443 -> 400 none b'400 Bad Re' True
"""
EXPECTED += "GET /" + 45 * "x" + """ Host: localhost -> 414 none b'414 URI To' True
the secure port meanwhile: secure
and then: 301 https://localhost:PORT/secret?a=1&b=%20
"""
