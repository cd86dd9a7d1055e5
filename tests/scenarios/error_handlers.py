"""`@server.error(status)` answers instead of the plain text, for what the server and what handlers refuse."""


def make_server(play):
    server = play.server(on_event=lambda name, facts: None)

    @server.error(404)
    def nothing(request):
        return {"error": "nothing at " + request.path}, 404

    @server.error(500)
    async def failed(request):
        return "we are sorry", 500

    @server.error(405)
    def not_so(request):
        return "not with " + request.method, 405

    @server.get("/fails")
    def fails(request):
        raise ValueError("plain")

    @server.get("/fails-async")
    async def fails_too(request):
        raise ValueError("async")

    return server


async def client(play):
    ours = play.client()
    for method, path in (("GET", "/nowhere"), ("GET", "/fails"), ("GET", "/fails-async"), ("POST", "/fails"),
                         ("HEAD", "/nowhere")):
        answer = await ours.request(method, play.url(path))
        play.say(method, path, answer.status, repr(answer.text()), answer.headers.get("allow"))
    await ours.close()


EXPECTED = """
GET /nowhere 404 '{"error": "nothing at /nowhere"}' None
GET /fails 500 'we are sorry' None
GET /fails-async 500 'we are sorry' None
POST /fails 405 'not with POST' GET, HEAD, OPTIONS
HEAD /nowhere 404 '' None
"""
