"""A client that asks once and says how it went. Runs on both interpreters."""


async def client(play):
    ours = play.client()
    play.say(await play.code_of(ours.get(play.url("/"))))
    await ours.close()
