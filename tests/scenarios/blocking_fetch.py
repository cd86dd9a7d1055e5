"""`fetch`: one line that blocks, with the arguments of `Client.request`; every call stands for itself."""

import sys

from microhttps import MicrohttpsError, Trust, fetch


def make_server(play):
    server = play.server(on_event=lambda name, facts: None)

    @server.get("/hello")
    def hello(request):
        return "hello " + request.headers.get("x-name", "you")

    @server.post("/echo")
    def echo(request):
        return request.content

    return server


def blocking_client(play):
    answer = fetch(play.url("/hello"), trust=play.trust())
    play.say(answer.status, answer.text())
    # A board keeps no more of a connection that has gone than it must.
    play.say("what was agreed on:", bool(answer.session.tls) == (sys.implementation.name == "cpython"))
    answer = fetch(play.url("/hello"), headers=(("X-Name", "me"),), trust=play.trust())
    play.say(answer.status, answer.text())
    answer = fetch(play.url("/echo"), method="POST", body=b"sent", trust=play.trust())
    play.say(answer.status, answer.body)
    answer = fetch(play.url("/nowhere"), trust=Trust.danger_anyone())
    play.say(answer.status)
    try:
        fetch(play.url("/hello"), trust=play.trust("stranger-ca"))
        play.say("taken without trust")
    except MicrohttpsError as error:
        play.say(error.code)


EXPECTED = """
200 hello you
what was agreed on: True
200 hello me
200 b'sent'
404
untrusted_issuer
"""
