"""What a task does with a transport: attempt, want, wait, retry, until done or the deadline has passed.

One loop for all directions: TLS may have to read before it can write, and only the channel knows. Loaded with the
first task; a server that answers at once never waits here. Knows no HTTP. Layer 5.
"""

from ..errors import MicrohttpsError, NetworkError
from ..port import system

later = system.later  # looked up once: a board finds it in a module of its own


async def wait(transport, direction):
    """Wait until the raw socket is ready in this direction; raises DeadlineError, or NetworkError when it is closed."""
    if transport.error is None and not transport.is_closed:
        transport.signal = system.Signal()
        transport.watcher.watch(direction)
        try:
            await transport.signal.wait()
        finally:
            transport.signal = None
    error = transport.error
    if error is not None:
        transport.error = None
        raise error
    if transport.is_closed:
        raise NetworkError("reset")


def attempt(transport, verb, argument=None):
    """Receive or send what goes without waiting; an error of the channel is its end, and closes the transport."""
    if transport.is_closed:
        raise NetworkError("reset")
    try:
        return verb() if argument is None else verb(argument)
    except MicrohttpsError:
        transport.close()
        raise


async def receive(transport):
    """Bytes as soon as there are any, b"" at the end; waits."""
    channel = transport.channel
    while True:
        data = attempt(transport, channel.receive)
        if data is not None:
            return data
        await wait(transport, channel.wants)


async def send(transport, data, timeout, min_rate=0):
    """Send all of it; waits, at most `timeout` seconds in silence, and in all no longer than at `min_rate` bytes/s."""
    channel = transport.channel
    sent = attempt(transport, channel.send, data)
    total = len(data)
    if sent == total:
        return
    started = system.now()
    left = memoryview(data)
    transport.set_deadline(timeout, "send_timeout")
    while sent < total:
        count = attempt(transport, channel.send, left[sent:])
        if count:
            sent += count
            transport.deadline = extended(started, timeout, sent, min_rate)
        else:
            await wait(transport, channel.wants)
    transport.deadline = None


def extended(started, timeout, count, min_rate):
    """The deadline of a body of which `count` bytes came since `started`: silence is bounded, and so is dripping."""
    deadline = system.after(timeout)
    if min_rate:
        whole = later(started, timeout + count / min_rate)
        if system.is_past(whole, deadline):
            return whole
    return deadline
