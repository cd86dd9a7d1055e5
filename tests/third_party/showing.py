"""A client of ours that shows one certificate after the other. Runs on both interpreters."""

from microhttps import MicrohttpsError


async def client(play):
    for name in play.options["identities"]:
        ours = play.client(identity=play.identity(name) if name else None)
        try:
            answer = await ours.get(play.url())
            lines = [line.strip() for line in answer.text().split("\n") if line.strip().startswith(("CN=", "Subject:"))]
            play.say(name, answer.status, *lines)
        except MicrohttpsError as error:
            play.say(name, error.code)
        await ours.close()
