"""Compressed answers: made whole, bounded, and refused when broken. The server sends what it is asked to send."""

from binascii import a2b_base64

from microhttps import Response

# "microhttps " 200 times: gzip, zlib, bare deflate.
GZIP = "H4sIAAAAAAACA8vNTC7KzygpKShWyB1ljjJHmaPMUeYoc5Q5yhxIJgBfPV7DmAgAAA=="
ZLIB = "eJzLzUwuys8oKSkoVsgdZY4yR5mjzFHmKHOUOcocSCYA8hZ1Vg=="
RAW = "y81MLsrPKCkpKFbIHWWOMkeZo8xR5ihzlDnKHEgmAA=="
SENT = {"gzip": (GZIP, "gzip"), "GZip": (GZIP, "GZip"), "deflate": (ZLIB, "deflate"), "bare": (RAW, "deflate"),
        "unknown": (GZIP, "br"), "cut": (GZIP[:20], "gzip"), "none": ("bm9uZQ==", "gzip")}


def make_server(play):
    server = play.server()

    @server.get("/as/<name>")
    def send(request):
        content, coding = SENT[request.params["name"]]
        return Response(a2b_base64(content), headers=(("Content-Encoding", coding),
                                                      ("X-Asked", request.headers.get("accept-encoding", "-"))))

    return server


async def client(play):
    ours = play.client(max_content_length=4000, accept_gzip=True)
    for name in ("gzip", "GZip", "deflate", "bare", "unknown", "cut", "none"):
        try:
            answer = await ours.get(play.url("/as/" + name))
            play.say(name, answer.body == b"microhttps " * 200, answer.headers["X-Asked"])
        except Exception as error:
            play.say(name, getattr(error, "code", repr(error)))
    await ours.close()
    ours = play.client(max_content_length=1000, accept_gzip=True)
    play.say("a bomb:", await play.code_of(ours.get(play.url("/as/gzip"))))
    await ours.close()
    ours = play.client(accept_gzip=False)
    answer = await ours.get(play.url("/as/gzip"))
    play.say("not asked for:", answer.body == a2b_base64(GZIP), answer.headers["X-Asked"])
    await ours.close()


EXPECTED = """
gzip True gzip, deflate
GZip True gzip, deflate
deflate True gzip, deflate
bare True gzip, deflate
unknown False gzip, deflate
cut bad_compression
none bad_compression
a bomb: body_too_large
not asked for: True -
"""
