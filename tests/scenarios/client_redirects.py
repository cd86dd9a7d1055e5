"""Redirects: followed as browsers follow them, with the method they keep; and refused where following would harm."""

from microhttps import Response


def make_server(play):
    server = play.server()

    @server.route("/go/<int:status>", ("GET", "HEAD", "POST", "PUT"))
    def go(request):
        return Response.redirect(request.query.get("to", "../seen?yes"), request.params["status"])

    @server.route("/seen", ("GET", "HEAD", "POST", "PUT"))
    def seen(request):
        fields = [name.lower() for name, _ in request.headers]
        return Response("%s %s %s" % (request.method, request.content.decode(), request.headers.get("content-type")),
                        headers=(("X-Method", request.method), ("X-Fields", " ".join(fields))))

    @server.get("/round")
    def round(request):
        return Response.redirect("/round")

    @server.get("/large")
    def large(request):
        return "x" * 200000, 302, (("Location", "/seen"),)

    @server.get("/sloppy")
    def sloppy(request):
        return "", 302, (("Location", " /seen?a b=\xc3\xbc "),)  # the bytes of "ü" in UTF-8

    @server.get("/nowhere")
    def nowhere(request):
        return "no Location", 302

    return server


async def client(play):
    ours = play.client(max_redirects=3)
    for method, body in (("GET", None), ("HEAD", None), ("POST", "body"), ("PUT", "body")):
        for status in (301, 302, 303, 307, 308):
            answer = await ours.request(method, play.url("/go/%d" % status), (("Content-Type", "text/x"),), body)
            play.say(method, status, answer.status, answer.headers["X-Method"], answer.text())
    play.say("where:", str(answer.url)[len(play.url("")):])
    for path in ("/round", "/large", "/nowhere"):
        try:
            answer = await ours.get(play.url(path))
            play.say(path, answer.status, len(answer.body))
        except Exception as error:
            play.say(path, error.code, error.facts.get("setting"))
    answer = await ours.get(play.url("/sloppy"))
    play.say("blanks and what is beyond ASCII:", str(answer.url)[len(play.url("")):])
    await refused(play, ours)
    await not_told_to_others(play, ours)
    await ours.close()
    ours = play.client(max_redirects=0)
    answer = await ours.get(play.url("/go/302"))
    play.say("not followed:", answer.status, answer.headers["location"])
    await ours.close()


async def refused(play, ours):
    for to in ("http://localhost/", "javascript:alert(1)", "https://", "ftp://localhost/", "wss://localhost/"):
        play.say(to, await play.code_of(ours.get(play.url("/go/302?to=" + to))))

    class Once:
        def __aiter__(self):
            return self

        async def __anext__(self):
            if self.is_given:
                raise StopAsyncIteration
            self.is_given = True
            return b"once"

        is_given = False

    play.say("an iterator:", await play.code_of(ours.put(play.url("/go/307"), Once())))
    answer = await ours.post(play.url("/go/303"), Once())
    play.say("an iterator that is not needed again:", answer.text())


async def not_told_to_others(play, ours):
    """The same server by another name is another origin."""
    secrets = (("Authorization", "Bearer secret"), ("Cookie", "a=b"), ("X-Own", "stays"))
    for host in ("localhost", "127.0.0.1"):
        to = play.url("/seen", host=host)
        answer = await ours.get(play.url("/go/302?to=" + to), secrets)
        fields = answer.headers["X-Fields"].split()
        play.say(host, [name for name in ("authorization", "cookie", "x-own") if name in fields])


EXPECTED = """
GET 301 200 GET GET  text/x
GET 302 200 GET GET  text/x
GET 303 200 GET GET  None
GET 307 200 GET GET  text/x
GET 308 200 GET GET  text/x
HEAD 301 200 HEAD
HEAD 302 200 HEAD
HEAD 303 200 HEAD
HEAD 307 200 HEAD
HEAD 308 200 HEAD
POST 301 200 GET GET  None
POST 302 200 GET GET  None
POST 303 200 GET GET  None
POST 307 200 POST POST body text/x
POST 308 200 POST POST body text/x
PUT 301 200 PUT PUT body text/x
PUT 302 200 PUT PUT body text/x
PUT 303 200 GET GET  None
PUT 307 200 PUT PUT body text/x
PUT 308 200 PUT PUT body text/x
where: /seen?yes
/round too_many_redirects max_redirects
/large 200 9
/nowhere 302 11
blanks and what is beyond ASCII: /seen?a%20b=%C3%BC
http://localhost/ redirect_to_plain
javascript:alert(1) bad_redirect
https:// bad_redirect
ftp://localhost/ bad_redirect
wss://localhost/ bad_redirect
an iterator: body_cannot_be_repeated
an iterator that is not needed again: GET  None
localhost ['authorization', 'cookie', 'x-own']
127.0.0.1 ['x-own']
not followed: 302 ../seen?yes
"""
