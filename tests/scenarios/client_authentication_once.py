"""A body that an iterator gives is empty by the time the server has asked who we are: nothing arrives in its place."""

from microhttps.auth_digest import DigestAuth

from .client_streams import Pieces


def make_server(play):
    server = play.server()

    @server.post("/digest")
    @DigestAuth({"ann": "secret"}, realm="here")
    def page(request):
        return request.content

    return server


async def client(play):
    from microhttps.client_auth import Digest

    ours = play.client()
    digest = Digest("ann", "secret")
    play.say("an iterator:", await play.code_of(ours.post(play.url("/digest"), Pieces(1), auth=digest)))
    answer = await ours.post(play.url("/digest"), Pieces(1), auth=digest)
    play.say("when the server has asked before:", answer.status, len(answer.body))
    answer = await ours.post(play.url("/digest"), Pieces(1), auth=("ann", "secret"))
    play.say("with what does not help:", answer.status)
    await ours.close()


EXPECTED = """
an iterator: body_cannot_be_repeated
when the server has asked before: 200 1024
with what does not help: 401
"""
