"""How a client gets a connection: resolve, connect to one address after another, shake hands. Layer 9."""

from ..connections.transport import Transport
from ..connections.waiting import wait
from ..errors import MicrohttpsError, NetworkError, TrustError
from ..port import system


async def dial(host, port, context, trust, settings, sweeper, ticket=None, proxy=None):
    """A Transport that is connected and, with a context, verified; waits within the settings' deadlines.

    `ticket` is that of an earlier connection (`ClientChannel.ticket`), `proxy` the URL of one to go through. Raises
    NetworkError ("no_such_host", "refused", "reset", …), DeadlineError, TrustError, ClockError, PeerError, OutOfMemory.
    """
    if context is not None:
        from ..connections.handshaking import check_memory

        check_memory(settings)
    if getattr(context, "is_undecided", False):
        system.collect()  # what is loaded now should lie low, and leave the rest of the heap in one piece
        from .discovery import dial_public

        return await dial_public(host, port, context.identity, trust, settings, sweeper, proxy)

    channel = None

    def channel_of(raw):
        nonlocal channel
        if context is None:
            return system.PlainChannel(raw)
        channel = settings.engine.ClientChannel(context, raw, host, trust, ticket)
        return channel

    try:
        return await reach(host, port, channel_of, settings, sweeper, proxy)
    except TrustError as error:
        if error.code != "untrusted_issuer" or "rehearsal" not in settings.engine.CAN or not channel.depth:
            raise
        from .reordering import put_in_order

        _, between = await put_in_order(error, host, port, lambda chain: trust, settings, sweeper, proxy)
    for certificate in between:
        context.load_verify_locations(certificate)
    return await reach(host, port, channel_of, settings, sweeper, proxy)


async def reach(host, port, channel_of, settings, sweeper, proxy):
    """As `dial`, over the channel that `channel_of(raw)` makes of the connected socket."""
    if proxy:
        from .proxy import open_tunnel

        def connect(host, port):
            return reach(host, port, system.PlainChannel, settings, sweeper, None)

        raw = await open_tunnel(connect, proxy, host, port, settings)
        return await secure(host, channel_of(raw), settings, sweeper)
    failure = None
    for address in await system.resolve(host, port, settings.connect_timeout):
        try:
            raw = await _connect(address, settings, sweeper)
        except NetworkError as error:
            error.facts["host"], error.facts["port"] = host, port
            failure = error
            continue
        return await secure(host, channel_of(raw), settings, sweeper)
    raise failure or NetworkError("no_such_host", host=host)


async def _connect(address, settings, sweeper):
    raw = system.start_connect(address)
    waiting = Transport(system.PlainChannel(raw))
    sweeper.watch(waiting)
    try:
        waiting.set_deadline(settings.connect_timeout, "connect_timeout")
        await wait(waiting, system.WRITE)
        system.finish_connect(raw, address)
    except BaseException:
        waiting.close()
        raise
    waiting.release()
    return raw


async def secure(host, channel, settings, sweeper):
    """A Transport over this channel of a connected socket, with the handshake done; waits. A failure closes it."""
    from ..connections.handshaking import shake_hands  # here, so that a board's short stack holds what the port imports

    transport = Transport(channel)
    sweeper.watch(transport)
    transport.set_deadline(settings.handshake_timeout, "handshake_timeout")
    try:
        await shake_hands(transport)
    except MicrohttpsError as error:
        error.facts.setdefault("host", host)
        if error.code == "reset":
            error.facts["during"] = "handshake"
        raise error
    transport.deadline = None
    return transport
