"""What a server does once: look at its certificate, make its TLS context, open its socket.

It begins only with a certificate that works: what is wrong with it is said before anything listens. Layer 9.
"""

from ..errors import UsageError
from ..port import system
from ..settings import tick_of


def open_listener(server):
    """(TLS context or None, class of channels, listening socket, tick, what listens beside it); see _beside.

    Raises UsageError, TrustError or NetworkError.
    """
    from .fitness import check_fitness

    check_fitness(server)
    system.drop("server.fitness", "setting_numbers")
    check_fitness = context = None
    settings = server.settings
    if server.transport == "secure":
        from ..credentials.identities import is_exposed

        server.identity.check()
        # What is made from here on stays: it should lie where the look at the certificate was, not behind it.
        system.drop("wire.x509", "wire.der")
        system.make_room()
        if is_exposed(server.identity):
            system.spawn(_tell_exposed(server, server.identity.key))
        channel = settings.engine.Channel
        if server.trust is not None or settings.choices:
            from .choices import channel_of

            channel = channel_of(server)
        context, settings.prepared = getattr(settings, "prepared", None), None
        if context is None:
            context = settings.engine.server_context(server.identity, server.trust, settings)
    else:
        if server.trust is not None:  # somebody believes that clients are known here
            raise UsageError("no_client_trust", transport=server.transport)
        channel = system.PlainChannel
    port = server.port
    if port is None:
        port = 80 if context is None else 443
    listener = system.listen(server.host, port, settings.backlog, settings.reuse_port)
    server.port = system.port_of(listener, port)
    server.refused = 0
    beside = _beside(server, listener)
    if server.work is not None:
        server.work.begin()
    tick = tick_of(settings)
    # This module, too, and before the rest is loaded: on a board the one makes room for the other.
    system.drop("server.starting", "server.choices", "settings", "credentials.files", "credentials.identities",
                "wire.x509", "wire.der", "engines.micropython.contexts", "engines.micropython.channels",
                "port.micropython.listening")
    return context, channel, listener, tick, beside


async def _tell_exposed(server, key):
    """In a task of its own: a server first listens, and whoever started it has said so before anything is told."""
    await system.sleep(0)
    server.tell("key_exposed", None, file=str(key))


def _beside(server, listener):
    """What listens on `redirect_port`, as the arguments of a Listening, or None."""
    if server.settings.redirect_port is None:
        return None
    from .redirecting import beside

    try:
        other = beside(server)
        return other, open_listener(other)
    except Exception:  # raised again: who could not start does not listen
        listener.close()
        raise

