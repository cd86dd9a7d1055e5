"""A client whose heap has been filled: what it says, what it leaves behind, and that it goes on. MicroPython only."""

import gc
import os

from microhttps import Client, OutOfMemory
from microhttps.explain import explain

from .parts import Ballast


async def client(play):
    ours = Client(trust=play.trust(), **play.options["client_settings"])
    await ask(play, ours)
    before = told(play)
    ballast = Ballast()
    for left in play.options["fill"]:
        ballast.fill(left)
        try:
            await ours.get(play.url("/", "127.0.0.1"))
            play.say("no error")
        except OutOfMemory as error:
            ballast.drop()
            facts = error.facts
            play.say(error.code, facts["setting"], facts["need"], 0 < facts["have"] < facts["need"])
            for sentence in explain(error):
                play.say(sentence.replace(str(facts["have"]), "HAVE"))
            facts = error = None
        ballast.drop()
    after = told(play)
    play.say("descriptors", after[1] - before[1], "kept", after[0] - before[0])
    await ask(play, ours)
    await rest(play, ours, ballast)
    await ours.close()


async def ask(play, ours):
    answer = await ours.get(play.url())
    play.say(answer.status)
    answer = None
    ours.pool.close()


def told(play):
    gc.collect()
    return gc.mem_alloc(), len(os.listdir("/proc/self/fd"))


async def rest(play, ours, ballast):
    """A connection at rest is given up for another, although here that is not enough."""
    await ours.get(play.url())
    before = len(ours.pool.idle)
    ballast.fill(10000)
    code = await play.code_of(ours.get(play.url("/", "127.0.0.1")))
    ballast.drop()
    play.say(code, before, len(ours.pool.idle))
