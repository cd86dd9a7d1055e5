"""What a handler sees of a request: method, path, query, header fields, cookies, and who sent it over which TLS."""


def make_server(play):
    server = play.server()

    @server.route("/seen/<what>", ("GET", "DELETE"))
    def seen(request):
        return {
            "method": request.method,
            "path": request.path,
            "what": request.params["what"],
            "query": sorted(request.query.items()),
            "agent": request.headers.get("USER-AGENT", "none"),
            "twice": request.headers.get_all("x-twice"),
            "missing": request.headers.get("x-missing"),
            "host": request.headers["host"] == "localhost:%d" % play.port,
            "cookies": sorted(request.cookies.items()),
            "from": request.session.peer_address[0],
            "tls": request.session.tls.version,
        }

    return server


async def client(play):
    ours = play.client()
    await show(play, await ours.get(play.url("/seen/a%20b?x=1&y=%C3%BC+b&x=2&empty=&bare"), headers=(
        ("X-Twice", "1"), ("x-twice", "2"), ("Cookie", "session=abc; theme=dark"), ("User-Agent", "a test"))))
    await show(play, await ours.delete(play.url("/seen/plain")))
    await show(play, await ours.get(play.url("/seen/x?bad=%zz")))
    await ours.close()


async def show(play, answer):
    play.say(answer.status)
    if answer.status == 200:
        seen = answer.json()
        for name in sorted(seen):
            value = seen[name]
            play.say(" ", name, " ".join("=".join(pair) for pair in value) if name in ("query", "cookies") else value)


EXPECTED = """
200
  agent a test
  cookies session=abc theme=dark
  from 127.0.0.1
  host True
  method GET
  missing None
  path /seen/a b
  query bare= empty= x=1 y=ü b
  tls TLSv1.3
  twice ['1', '2']
  what a b
200
  agent microhttps
  cookies
  from 127.0.0.1
  host True
  method DELETE
  missing None
  path /seen/plain
  query
  tls TLSv1.3
  twice []
  what plain
400
"""
