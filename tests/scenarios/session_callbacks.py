"""`on_session` may refuse a client, may fail, and is told of each session's end once, and why."""

import asyncio

OPTIONS = {"settings": {"header_timeout": 1}}


def make_server(play):
    server = play.server(on_event=lambda name, facts: name == "fault" and play.say("fault", facts["error"]))
    told = []

    @server.on_session
    def on_session(session, state, error):
        told.append(state)
        play.say(state, session.state, error.code if error else None)
        if state != "open":  # where nobody has asked for it before
            play.say(session.tls and session.tls.version[:4])
        if state == "error":
            raise ValueError("in the callback")
        if len(told) == 1:
            session.close()  # the first to come is refused

    @server.get("/")
    def page(request):
        return "page"

    return server


async def client(play):
    from microhttps import Trust, connect

    # Sent with the end of the handshake, and never answered: the refusal comes first, or before that end is seen here.
    refused = None
    try:
        refused = await connect("localhost", play.port, trust=play.trust())
        await refused.write(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
        play.say("refused:", await refused.read(100))
    except OSError:
        pass
    except Exception as error:
        play.say("refused:", getattr(error, "code", error) == "reset" and b"")
    if refused is not None:
        await refused.close()
    ours = play.client()
    play.say("second:", (await ours.get(play.url())).text())
    await ours.close()
    play.say("stranger:", await play.code_of(connect("localhost", play.port, trust=Trust.load(
        play.path("stranger-ca.crt")))))
    await asyncio.sleep(0.2)
    third = play.client()
    play.say("third:", (await third.get(play.url())).text())
    await third.close()


EXPECTED = """
refused: b''
second: page
stranger: untrusted_issuer
third: page
"""

EXPECTED_OF_SERVER = """
open idle None
close closed None
TLSv
open idle None
close closed None
TLSv
error handshake handshake_refused
None
fault in the callback
open idle None
close closed None
TLSv
"""
