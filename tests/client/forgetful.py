"""A part of `play.py`: reads answers as streams and closes none of them; then says what memory holds."""

import gc


async def client(play):
    ours = play.client()
    for _ in range(play.options["times"]):
        answer = await ours.stream("GET", play.url("/"))
        await answer.read()
        answer = None
    gc.collect()
    play.say(gc.mem_alloc() if hasattr(gc, "mem_alloc") else len(gc.get_objects()))
    await ours.close()
