"""What a session tells: address, age, idle time, state, requests, bytes, TLS; and what is left of it at its end."""

import asyncio

OPTIONS = {"settings": {"keep_alive_timeout": 20}}


def make_server(play):
    server = play.server()
    server.context["asked"] = 0

    @server.on_session
    def on_session(session, state, error):
        if state == "open":
            session.context["number"] = len(server.context)
            server.context[len(server.context)] = session
        if state == "close":
            # Counted, and kept: the connection itself is gone.
            play.say(session.state, session.is_open, session.requests, session.received > 100, session.sent > 100,
                     0 <= session.age < 20, session.idle, error)

    @server.get("/")
    def page(request):
        session = request.session
        server.context["asked"] += 1
        return {"state": session.state, "requests": session.requests, "idle": session.idle, "tls": session.tls.version,
                "address": session.peer_address[0], "number": session.context["number"], "age": session.age,
                "received": session.received, "sent": session.sent, "asked": server.context["asked"]}

    @server.get("/waits")
    async def waits(request):
        await asyncio.sleep(0)
        return request.session.state

    @server.post("/body")
    async def body(request):
        return "%d bytes" % len(await request.read())

    @server.get("/others")
    def others(request):
        found = sorted([(session.state, session.requests) for session in server.sessions if session is not
                        request.session])
        return [list(pair) for pair in found]

    @server.get("/idle")
    def idle(request):
        return [session.idle for session in server.sessions if session is not request.session]

    @server.get("/end-others")
    def end_others(request):
        for session in server.sessions:
            if session is not request.session:
                session.close()
                session.close()
        return str(len(server.sessions))

    return server


async def client(play):
    one, two = play.client(), play.client()
    first = (await one.get(play.url())).json()
    second = (await one.get(play.url())).json()
    play.say(first["state"], first["requests"], second["requests"], first["idle"], first["address"], first["number"],
             second["asked"], first["tls"][:4])
    play.say("counting:", second["received"] > first["received"] > 0, second["sent"] > first["sent"] >= 0,
             second["age"] >= first["age"] >= 0)
    play.say((await one.get(play.url("/waits"))).text())
    play.say((await one.post(play.url("/body"), b"x" * 5000)).text())
    last = (await one.get(play.url())).json()
    play.say("received with the body:", 5000 < last["received"] - second["received"] < 6000)
    play.say("others:", (await two.get(play.url("/others"))).json())
    await asyncio.sleep(2.2)
    seconds = (await two.get(play.url("/idle"))).json()
    play.say("idle:", len(seconds), 1 < seconds[0] < 10)
    play.say("left:", (await two.get(play.url("/end-others"))).text())
    play.say("others:", (await two.get(play.url("/others"))).json())
    await one.close()
    await two.close()


EXPECTED = """
request 1 2 0 127.0.0.1 1 2 TLSv
counting: True True True
request
5000 bytes
received with the body: True
others: [['idle', 5]]
idle: 1 True
left: 1
others: []
"""

EXPECTED_OF_SERVER = """
closed False 5 True True True 0 None
closed False 4 True True True 0 None
"""
