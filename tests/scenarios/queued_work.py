"""`call_soon` puts work into the server's task: from handlers, threads, MicroPython's scheduler; in order."""

import asyncio
import sys
import time

OPTIONS = {"settings": {"stop_timeout": 5}}


def from_elsewhere(function):
    """Call it from outside of the event loop: from a thread, on MicroPython as an interrupt's follow-up."""
    if sys.implementation.name == "micropython":
        import micropython

        micropython.schedule(lambda _: function(), None)
    else:
        import threading

        thread = threading.Thread(target=function)
        thread.start()
        thread.join()


def make_server(play):
    from microhttps import UsageError

    server = play.server(on_event=lambda name, facts: name == "fault" and play.say("fault", facts["error"],
                                                                                  facts["message"]))
    done = []
    try:
        server.call_soon(done.append, "never")
    except UsageError as error:
        refusal = error.code

    async def later(word):
        await asyncio.sleep(0.01)
        done.append(word)

    def fail():
        raise ValueError("in the work")

    async def fail_later():
        await asyncio.sleep(0)
        raise ValueError("in the coroutine")

    @server.get("/too-early")
    def too_early(request):
        return refusal

    @server.get("/queue")
    def queue(request):
        for number in range(3):
            server.call_soon(done.append, number)
        server.call_soon(later, "later")
        server.call_soon(fail)
        server.call_soon(fail_later)
        return str(len(done))  # none of it has begun: the handler is the server's task itself

    @server.get("/done")
    def tell(request):
        return done

    @server.get("/elsewhere")
    async def elsewhere(request):
        done.clear()
        started = time.time()
        from_elsewhere(lambda: server.call_soon(done.append, "elsewhere"))
        while not done:
            await asyncio.sleep(0.01)
        return [done[0], time.time() - started < 3]

    @server.get("/interrupt")
    def interrupt(request):
        """From nowhere, half a second after this answer, while the server sleeps."""
        done.clear()
        asyncio.create_task(interrupt_later())
        return "soon"

    async def interrupt_later():
        await asyncio.sleep(0.3)
        from_elsewhere(lambda: server.call_soon(done.append, "interrupt"))

    @server.get("/close")
    def close(request):
        """What ESP-IDF calls httpd_sess_trigger_close: the answer goes out, then the connection ends."""
        server.call_soon(request.session.close)
        return "closing"

    return server


async def done_within(play, ours, pause, count):
    """What was done when the server had so long for it; asked again while it is less than `count`."""
    for _ in range(50):
        await asyncio.sleep(pause)
        done = (await ours.get(play.url("/done"))).json()
        if len(done) >= count:
            break
    return done


async def client(play):
    ours = play.client()
    play.say((await ours.get(play.url("/too-early"))).text())
    play.say((await ours.get(play.url("/queue"))).text())
    play.say(await done_within(play, ours, 0.1, 4))
    play.say((await ours.get(play.url("/elsewhere"))).json())
    for pause in (0.6, 2, 6):  # nobody else may wake the server meanwhile; a loaded machine gets another chance
        await ours.get(play.url("/interrupt"))
        done = await done_within(play, ours, pause, 0)
        if done:
            break
    play.say(done)
    play.say((await ours.get(play.url("/close"))).text())
    play.say((await ours.get(play.url("/done"))).json())
    await ours.close()


EXPECTED = """
not_started
0
[0, 1, 2, 'later']
['elsewhere', True]
['interrupt']
closing
['interrupt']
"""

EXPECTED_OF_SERVER = """
fault in the work work that was queued failed
fault in the coroutine work that was queued failed
"""
