"""Files and folders: whole and in parts, unchanged, missing, behind a redirect, under another name; and cookies set."""

import asyncio
import os

from microhttps import Response

LARGE = bytes(number % 251 for number in range(1255)) * 60  # 75,300 bytes: in pieces on every machine
HEAP = "4m"  # of a MicroPython: what the client holds of it, and what it is compared with


def make_server(play):
    server = play.server()
    for folder in ("www", "www/sub"):
        try:
            os.mkdir(folder)
        except OSError:
            pass  # of an earlier run
    for name, data in (("index.html", b"<h1>top"), ("sub/page.css", b"p {}"), ("large.bin", LARGE), ("none.txt", b""),
                       (".secret", b"SECRET")):
        with open("www/" + name, "wb") as file:
            file.write(data)
    server.static("/site", "www", max_age=60)

    @server.get("/report")
    async def report(request):
        answer = Response.file("www/large.bin", download="r\u00e9sum\u00e9.bin", headers={"X-Own": "1"})
        return answer.set_cookie("seen", "yes", max_age=60).set_cookie("__Host-id", "1", same_site="Strict")

    @server.get("/nothing")
    def nothing(request):
        return Response.file("www/missing")

    @server.get("/old")
    def old(request):
        return Response.redirect("/site/sub/page.css", 308)

    @server.get("/known")
    def known(request):
        return Response((b"%d " % number for number in range(5)), length=10)

    return server


async def settled(ours, url):
    """The strong tag of a file: it has one when the second in which it was written is over."""
    while True:
        tag = (await ours.head(url)).headers["etag"]
        if not tag.startswith("W/"):
            return tag
        await asyncio.sleep(0.2)


async def client(play):
    ours = play.client(max_content_length=200 * 1024)

    async def show(path, *names, **headers):
        fields = [(name.replace("_", "-"), value) for name, value in headers.items()]
        answer = await ours.get(play.url(path), headers=fields)
        body = answer.body
        told = [answer.headers.get(name) for name in names]
        play.say(path, answer.status, len(body) if len(body) > 30 else body, *told)
        return answer

    await show("/site/", "content-type", "cache-control", "content-length")
    await show("/site/sub/page.css", "content-type", "accept-ranges")
    await show("/site/none.txt", "content-length")
    for path in ("/site/.secret", "/site/missing", "/site/sub/", "/site/%2e%2e/www/index.html", "/nothing"):
        await show(path)
    whole = await show("/site/large.bin", "content-length", "content-type")
    play.say("the same", whole.body == LARGE)
    tag = await settled(ours, play.url("/site/large.bin"))
    play.say("tag", tag[0], tag[-1], len(tag) < 30)
    await show("/site/large.bin", "content-range", Range="bytes=1000-1004")
    await show("/site/large.bin", "content-range", Range="bytes=-3", If_Range=tag)
    await show("/site/large.bin", "content-range", Range="bytes=-3", If_Range='"other"')
    await show("/site/large.bin", "content-range", Range="bytes=99999-")
    await show("/site/large.bin", "content-length", If_None_Match='"x", ' + tag)
    await show("/site/large.bin", "content-length", If_Match='"x"')
    parts = await ours.get(play.url("/site/large.bin"), headers=[("Range", "bytes=0-1,10-11")])
    play.say("parts", parts.status, parts.headers["content-type"][:31], parts.body.count(b"Content-Range"))
    report = await show("/report", "content-disposition", "x-own")
    play.say("cookies", report.headers.get_all("set-cookie"))
    play.say("moved", (await ours.get(play.url("/old"))).status)
    await show("/known", "content-length", "transfer-encoding")
    await ours.close()


EXPECTED = r"""
/site/ 200 b'<h1>top' text/html; charset=utf-8 max-age=60 7
/site/sub/page.css 200 b'p {}' text/css; charset=utf-8 bytes
/site/none.txt 200 b'' 0
/site/.secret 404 b'404 Not Found\n'
/site/missing 404 b'404 Not Found\n'
/site/sub/ 404 b'404 Not Found\n'
/site/%2e%2e/www/index.html 404 b'404 Not Found\n'
/nothing 404 b'404 Not Found\n'
/site/large.bin 200 75300 75300 application/octet-stream
the same True
tag " " True
/site/large.bin 206 b'\xf7\xf8\xf9\xfa\x00' bytes 1000-1004/75300
/site/large.bin 206 b'\xf8\xf9\xfa' bytes 75297-75299/75300
/site/large.bin 200 75300 None
/site/large.bin 416 b'416 Range Not Satisfiable\n' bytes */75300
/site/large.bin 304 b'' None
/site/large.bin 412 b'412 Precondition Failed\n' 24
parts 206 multipart/byteranges; boundary= 2
/report 200 75300 attachment; filename="r_sum_.bin"; filename*=UTF-8''r%C3%A9sum%C3%A9.bin 1
cookies ['seen=yes; Max-Age=60; Path=/; SameSite=Lax; Secure; HttpOnly', '__Host-id=1; Path=/; SameSite=Strict; Secure; HttpOnly']
moved 308
/known 200 b'0 1 2 3 4 ' 10 None
"""  # noqa: E501
