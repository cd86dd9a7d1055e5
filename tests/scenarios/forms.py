"""Forms: url-encoded and multipart, whole in memory, part by part, into files; and forms that must be refused.

A file appears whole or not at all, whatever its sender calls it.
"""

import os

from harness.by_hand import read_answer
from microhttps import connect

HEAP = "4m"
LIMITS = {"max_content_length": 4000, "max_form_fields": 6}


def make_server(play):
    def on_event(name, facts):
        if name == "fault":
            play.say(name, "OSError" if isinstance(facts["error"], OSError) else type(facts["error"]).__name__)

    server = play.server(on_event=on_event, **LIMITS)
    prefix = "upload-%d-" % play.port

    def kept():
        return sorted(name[len(prefix):] for name in os.listdir(play.path("")) if name.startswith(prefix))

    @server.post("/form")
    async def form(request):
        found = await request.form()
        again = await request.form()
        told = ["%s=%s" % pair for pair in sorted(found.items())] + ["a: " + "+".join(found.get_all("a"))]
        for name, part in found.files.items():
            told += [name, part.filename, part.content_type, part.content.decode()]
        return ", ".join(told) + ("" if found is again else ", and another form")

    @server.post("/parts")
    async def parts(request):
        told = []
        async for part in request.parts():
            if part.name == "skip":
                skipped = part
            elif part.name == "pieces":
                told.append("%s %d" % (part.name, await length_of(part)))
            elif part.name == "late":
                await skipped.read()
            else:
                told.append("%s %s %s" % (part.name, await part.text(), part.headers.get("x-more")))
        return ", ".join(told)

    @server.post("/upload")
    async def upload(request):
        saved = []
        async for part in request.parts():
            if part.filename:
                path = play.path(prefix + part.filename)
                saved.append("%s %d" % (part.filename, await part.save(path)))
        with open(path, "rb") as file:
            return ", ".join(saved + [file.read(10).decode()] + kept())

    @server.post("/nowhere")
    async def nowhere(request):
        async for part in request.parts():
            await part.save(play.path("no-such-folder/file"))

    @server.get("/there")
    def there(request):
        return kept()

    @server.get("/query")
    def query(request):
        found = request.query
        told = ["%s=%s" % pair for pair in sorted(found.items())]
        return " ".join(told + found.get_all("a") + [found.get("c", "no")])

    return server


async def length_of(part):
    total = 0
    async for chunk in part:
        total += len(chunk)
    return total


def multipart(*parts):
    """A body of (name, filename or None, content, more lines)."""
    body = b""
    for name, filename, content, more in parts:
        body += b'--frontier\r\nContent-Disposition: form-data; name="' + name.encode() + b'"'
        if filename is not None:
            body += b'; filename="' + filename.encode() + b'"'
        body += b"\r\n" + more + b"\r\n" + content + b"\r\n"
    return body + b"--frontier--\r\n"


async def names_of(play, ours, count):
    """The files there are, when they have become so many; without what is made up by chance."""
    for _ in range(500):
        names = (await ours.get(play.url("/there"))).json()
        if len(names) == count:
            break
    return [name[:9] + "*.part" if name.endswith(".part") else name for name in names]


MULTIPART = {"Content-Type": 'multipart/form-data; boundary="frontier"'}
URL_ENCODED = {"Content-Type": "application/x-www-form-urlencoded"}


async def client(play):
    ours = play.client()

    async def ask(what, path, body, headers):
        answer = await ours.post(play.url(path), body=body, headers=headers)
        play.say(what + ":", answer.status, answer.text().strip())
        return answer

    play.say((await ours.get(play.url("/query?a=1&b=x+y%21&a=2"))).text())
    await ask("url-encoded", "/form", b"a=1&b=caf%C3%A9+%26&a=2&empty=&flag", URL_ENCODED)
    await ask("no field", "/form", b"", URL_ENCODED)
    await ask("multipart", "/form", multipart(
        ("a", None, b"1", b""), ("a", None, "zwölf".encode(), b""),
        ("file", "x.txt", b"text", b"Content-Type: a/b\r\n"),
        ("none", "", b"", b"Content-Type: application/octet-stream\r\n")), MULTIPART)
    await ask("parts", "/parts", multipart(("skip", None, b"x" * 3000, b""), ("pieces", "p", b"y" * 20000, b""),
                                           ("text", None, b"z", b"X-More: yes\r\n")), MULTIPART)
    await ask("too late", "/parts", multipart(("skip", None, b"x", b""), ("late", None, b"y", b"")), MULTIPART)
    await ask("upload", "/upload", multipart(("f", "../../one.txt", b"0123456789" * 5000, b""),
                                             ("g", "C:\\\\two.txt", b"second one", b"")), MULTIPART)
    await ask("no such folder", "/nowhere", multipart(("f", "f", b"1", b"")), MULTIPART)
    # What must be refused.
    await ask("too many fields", "/form", b"&".join([b"a=1"] * 7), URL_ENCODED)
    await ask("too many parts", "/form", multipart(*[("a", None, b"1", b"")] * 7), MULTIPART)
    await ask("too much", "/form", multipart(("a", "f", b"1" * 3000, b""), ("b", "f", b"1" * 3000, b"")), MULTIPART)
    await ask("too much at once", "/form", b"a=" + b"1" * 5000, URL_ENCODED)
    await ask("bad percent-coding", "/form", b"a=%zz", URL_ENCODED)
    await ask("not UTF-8", "/form", multipart(("a", None, b"\xff", b"")), MULTIPART)
    await ask("no last boundary", "/form", multipart(("a", None, b"1", b""))[:-15], MULTIPART)
    await ask("no boundary", "/form", b"--frontier--", {"Content-Type": "multipart/form-data"})
    await ask("a boundary too long", "/form", b"x", {"Content-Type": "multipart/form-data; boundary=" + "b" * 71})
    await ask("another type", "/form", b"{}", {"Content-Type": "application/json"})
    await ask("url-encoded parts", "/parts", b"a=1", URL_ENCODED)
    await ask("compressed", "/form", b"a=1", dict(list(URL_ENCODED.items()) + [("Content-Encoding", "gzip")]))
    # Half an upload, and then the end: nothing of it is left.
    stream = await connect("localhost", play.port, trust=play.trust())
    body = multipart(("f", "half.txt", b"0123456789" * 1000, b""))
    await stream.write(b"POST /upload HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; "
                       b"boundary=frontier\r\nContent-Length: %d\r\n\r\n" % len(body) + body[:5000])
    play.say("meanwhile:", await names_of(play, ours, 3))
    await stream.close()
    names = await names_of(play, ours, 2)
    play.say("at the end:", names)
    # A bad end of an upload is answered.
    stream = await connect("localhost", play.port, trust=play.trust())
    body = multipart(("f", "bad.txt", b"0123456789", b"")).replace(b"frontier--", b"frontier-+")
    await stream.write(b"POST /upload HTTP/1.1\r\nHost: localhost\r\nContent-Type: multipart/form-data; "
                       b"boundary=frontier\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
    play.say("a bad end:", (await read_answer(stream))[0], (await ours.get(play.url("/there"))).json())
    await stream.close()
    await ours.close()
    for name in names:
        os.remove(play.path("upload-%d-" % play.port + name))


EXPECTED = """
a=1 b=x y! 1 2 no
url-encoded: 200 a=1, b=café &, empty=, flag=, a: 1+2
no field: 200 a:
multipart: 200 a=1, a: 1+zwölf, file, x.txt, a/b, text
parts: 200 pieces 20000, text z yes
too late: 500 500 Internal Server Error
upload: 200 one.txt 50000, two.txt 10, second one, one.txt, two.txt
no such folder: 500 500 Internal Server Error
too many fields: 413 413 Content Too Large
too many parts: 413 413 Content Too Large
too much: 413 413 Content Too Large
too much at once: 413 413 Content Too Large
bad percent-coding: 400 400 Bad Request
not UTF-8: 400 400 Bad Request
no last boundary: 400 400 Bad Request
no boundary: 400 400 Bad Request
a boundary too long: 400 400 Bad Request
another type: 415 415 Unsupported Media Type
url-encoded parts: 415 415 Unsupported Media Type
compressed: 415 415 Unsupported Media Type
meanwhile: ['half.txt.*.part', 'one.txt', 'two.txt']
at the end: ['one.txt', 'two.txt']
a bad end: 400 ['one.txt', 'two.txt']
"""

EXPECTED_OF_SERVER = """
fault UsageError
fault OSError
"""
