"""A part of `play.py`: a client that asks for what its options say, one line for each answer."""

from microhttps import MicrohttpsError, connect


async def client(play):
    options = play.options
    ours = play.client()
    for _ in range(options.get("times", 1)):
        try:
            if options.get("websocket"):
                await ours.websocket(options["websocket"])
            answer = await ours.get(options.get("url") or play.url(options.get("path", "/")))
            play.say(answer.status, answer.text(), answer.session.tls.resumed if answer.session.tls else "-")
        except MicrohttpsError as error:
            play.say(error.code, error.facts.get("answered"), error.facts.get("proxy") is not None)
    await ours.close()
    if options.get("by_hand"):
        stream = await connect("localhost", play.port, trust=play.trust(), **options["client_settings"])
        await stream.write(b"GET / HTTP/1.0\r\n\r\n")
        play.say((await stream.readline()).decode().strip())
        await stream.close()
