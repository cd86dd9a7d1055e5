"""A part of `play.py`: asks for streams and closes none, reads them or not; then says what memory holds."""

import gc


async def client(play):
    options = play.options
    ours = play.client()
    for _ in range(options["times"]):
        answer = await ours.stream("GET", play.url(options.get("path", "/")))
        if options.get("reads", True):
            await answer.read()
        answer = None
    gc.collect()
    play.say(gc.mem_alloc() if hasattr(gc, "mem_alloc") else len(gc.get_objects()))
    await ours.close()
