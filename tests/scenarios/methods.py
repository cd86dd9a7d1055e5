"""HEAD comes from GET; what is not there is 404, what is there for others 405 with Allow, what nobody knows 501."""

from microhttps import Response


def make_server(play):
    server = play.server()

    @server.get("/thing")
    def thing(request):
        return Response("what there is", headers=(("X-Seen-As", request.method),))

    @server.post("/thing")
    def change(request):
        return "changed"

    @server.delete("/only-delete")
    def only(request):
        return None

    @server.error(404)
    def nothing(request):
        return {"error": "nothing at " + request.path}, 404

    return server


async def client(play):
    ours = play.client()
    for method, path in (("GET", "/thing"), ("HEAD", "/thing"), ("POST", "/thing"), ("PUT", "/thing"),
                         ("GET", "/only-delete"), ("HEAD", "/only-delete"), ("OPTIONS", "/thing"),
                         ("OPTIONS", "/only-delete"), ("GET", "/nowhere"), ("HEAD", "/nowhere"), ("POST", "/nowhere"),
                         ("TRACE", "/thing"), ("BREW", "/thing"), ("DELETE", "/only-delete")):
        answer = await ours.request(method, play.url(path))
        play.say(method, path, answer.status, repr(answer.text()), "length", answer.headers.get("content-length"),
                 "allow", answer.headers.get("allow"), "seen as", answer.headers.get("x-seen-as"))
    await ours.close()


EXPECTED = """
GET /thing 200 'what there is' length 13 allow None seen as GET
HEAD /thing 200 '' length 13 allow None seen as HEAD
POST /thing 200 'changed' length 7 allow None seen as None
PUT /thing 405 '405 Method Not Allowed\\n' length 23 allow GET, HEAD, OPTIONS, POST seen as None
GET /only-delete 405 '405 Method Not Allowed\\n' length 23 allow DELETE, OPTIONS seen as None
HEAD /only-delete 405 '' length 23 allow DELETE, OPTIONS seen as None
OPTIONS /thing 204 '' length None allow GET, HEAD, OPTIONS, POST seen as None
OPTIONS /only-delete 204 '' length None allow DELETE, OPTIONS seen as None
GET /nowhere 404 '{"error": "nothing at /nowhere"}' length 32 allow None seen as None
HEAD /nowhere 404 '' length 32 allow None seen as None
POST /nowhere 404 '{"error": "nothing at /nowhere"}' length 32 allow None seen as None
TRACE /thing 405 '405 Method Not Allowed\\n' length 23 allow GET, HEAD, OPTIONS, POST seen as None
BREW /thing 501 '501 Not Implemented\\n' length 20 allow None seen as None
DELETE /only-delete 204 '' length None allow None seen as None
"""
