"""The name in the URL is the name that is verified: a host name by DNS names, an address by IP addresses."""


def make_server(play):
    server = play.server(host="0.0.0.0", on_event=lambda name, facts: None)

    @server.get("/")
    def page(request):
        return request.headers["host"].split(":")[0]

    return server


async def client(play):
    ours = play.client()
    for host in ("localhost", "127.0.0.1", "LOCALHOST", "127.0.0.2"):
        play.say(host, await play.code_of(ours.get(play.url(host=host))))
    await ours.close()


EXPECTED = """
localhost no error
127.0.0.1 no error
LOCALHOST no error
127.0.0.2 wrong_name
"""
