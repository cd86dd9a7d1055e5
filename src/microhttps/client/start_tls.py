"""STARTTLS: a stream that began in the clear goes on as TLS, over the same socket. Layer 9.

What came in the clear behind the peer's consent, and was not read yet, is no part of what follows: whoever sits in
between could have put it there, to be taken for what TLS protects (CVE-2011-0411). It ends the connection. So does
every other failure: nobody shall go on in the clear who wanted TLS.
"""

from ..connections.handshaking import check_memory
from ..connections.transport import Sweeper
from ..errors import NetworkError, PeerError, TrustError, UsageError
from ..settings import tick_of
from .dial import secure


async def secured(plain, read_ahead, host, trust, identity, address, settings):
    """A Transport over the socket of a plain one, verified; waits. Raises as `Stream.start_tls` says."""
    if plain.channel.is_secure:
        raise UsageError("already_secure")
    if plain.is_closed:
        raise NetworkError("reset")
    sweeper = Sweeper(tick_of(settings))
    try:
        if read_ahead:
            raise PeerError("data_before_tls", got=len(read_ahead))
        check_memory(settings)
        believed = await _decided(trust, host, address, settings, sweeper)
        context = settings.engine.client_context(believed, identity, settings)
    except BaseException:
        plain.close()
        raise
    raw = plain.channel.raw
    plain.release()
    try:
        return await secure(host, settings.engine.ClientChannel(context, raw, host, believed), settings, sweeper)
    except TrustError as error:
        if believed is not trust:
            from .discovery import forget_if_other

            forget_if_other(error, trust, host)
        raise


async def _decided(trust, host, address, settings, sweeper):
    """The trust, or where the TLS library looks up no public roots (Mbed TLS) one in those that this host needs."""
    if trust.kind != "public" or "public_roots" in settings.engine.CAN:
        return trust
    from .discovery import learned, remembered, see_chain

    known = remembered(trust, host)
    if known is not None:
        return known
    if address is None:
        raise UsageError("root_not_known", host=host)
    return learned(await see_chain(address[0], address[1], host, settings, sweeper), trust, host)
