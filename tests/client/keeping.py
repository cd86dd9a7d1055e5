"""A part of `play.py`: asks twice over what may be one connection, with the method that its options say."""

import asyncio


async def client(play):
    options = play.options
    ours = play.client()
    url = play.url("/", host="127.0.0.1", scheme="http")
    play.say((await ours.get(url)).text())
    await asyncio.sleep(options.get("pause", 0))
    body = {"body": b"sent once"} if options["method"] == "POST" else {}
    play.say(await play.code_of(ours.request(options["method"], url, **body)))
    await asyncio.sleep(options.get("pause", 0))
    play.say("over")
    await ours.close()
