"""Compressed answers: made whole, bounded, and refused when broken. The server sends what it is asked to send."""

from binascii import a2b_base64

from microhttps import Response

# "microhttps " 200 times: gzip, zlib, bare deflate.
GZIP = "H4sIAAAAAAACA8vNTC7KzygpKShWyB1ljjJHmaPMUeYoc5Q5yhxIJgBfPV7DmAgAAA=="
ZLIB = "eJzLzUwuys8oKSkoVsgdZY4yR5mjzFHmKHOUOcocSCYA8hZ1Vg=="
RAW = "y81MLsrPKCkpKFbIHWWOMkeZo8xR5ihzlDnKHEgmAA=="
GZIP, ZLIB, RAW = a2b_base64(GZIP), a2b_base64(ZLIB), a2b_base64(RAW)
SENT = {"gzip": (GZIP, "gzip"), "GZip": (GZIP, "GZip"), "deflate": (ZLIB, "deflate"), "bare": (RAW, "deflate"),
        "unknown": (GZIP, "br"), "cut": (GZIP[:15], "gzip"), "none": (b"none", "gzip"),
        "two-members": (GZIP + GZIP, "gzip"), "second-cut": (GZIP + GZIP[:-9], "gzip"),
        "padded": (GZIP + bytes(20), "gzip"), "changed": (GZIP[:-8] + bytes(4) + GZIP[-4:], "gzip"),
        "without-end": (GZIP[:-8], "gzip"), "deflate-cut": (ZLIB[:-5], "deflate")}


def make_server(play):
    server = play.server()

    @server.get("/as/<name>")
    def send(request):
        content, coding = SENT[request.params["name"]]
        return Response(content, headers=(("Content-Encoding", coding),
                                                      ("X-Asked", request.headers.get("accept-encoding", "-"))))

    return server


async def client(play):
    ours = play.client(max_content_length=5000, accept_gzip=True)
    for name in ("gzip", "GZip", "deflate", "bare", "unknown", "cut", "none", "two-members", "second-cut", "padded",
                 "changed", "without-end", "deflate-cut"):
        try:
            answer = await ours.get(play.url("/as/" + name))
            times = len(answer.body) // 11
            play.say(name, answer.body == b"microhttps " * times and times, answer.headers["X-Asked"])
        except Exception as error:
            play.say(name, getattr(error, "code", repr(error)))
    await ours.close()
    ours = play.client(max_content_length=1000, accept_gzip=True)
    play.say("a bomb:", await play.code_of(ours.get(play.url("/as/gzip"))))
    await ours.close()
    ours = play.client(accept_gzip=False)
    answer = await ours.get(play.url("/as/gzip"))
    play.say("not asked for:", answer.body == GZIP, answer.headers["X-Asked"])
    await ours.close()


EXPECTED = """
gzip 200 gzip, deflate
GZip 200 gzip, deflate
deflate 200 gzip, deflate
bare 200 gzip, deflate
unknown False gzip, deflate
cut bad_compression
none bad_compression
two-members 400 gzip, deflate
second-cut bad_compression
padded 200 gzip, deflate
changed bad_compression
without-end bad_compression
deflate-cut bad_compression
a bomb: body_too_large
not asked for: True -
"""
