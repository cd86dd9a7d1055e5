"""The public roots where the TLS library cannot look one up by itself (Mbed TLS): in two handshakes.

The first is shown the peer's chain and ends there: it says nothing of the request, and all it can do is to choose which
of the trusted roots to load. The second verifies in full, with just that root. What was found is remembered for the
host, so that the first is needed once; when the host has come to need another root, it is looked for once more.
Layer 9.
"""

from ..client_limits import CLIENT
from ..connections.transport import Sweeper
from ..engines import engine
from ..errors import TrustError
from ..port import system
from ..roots import issuer_of
from ..settings import settle, tick_of
from ..trust import Trust
from .dial import reach
from .root_memory import Memory

OF_ROOTS = ("untrusted_issuer", "self_signed", "missing_intermediate")  # what another root might mend
MAX_ROOTS = 4  # of one host: a chain that is signed across may end in several


async def dial_public(host, port, identity, trust, settings, sweeper, proxy):
    """A Transport to this host, verified against the public roots; raises as `dial.dial`.

    What finds a root is forgotten when it has done its work: 9 KB of a board's heap, and seconds until it is needed.
    """
    try:
        return await _dial_public(host, port, identity, trust, settings, sweeper, proxy)
    finally:
        trust.close_store()
        system.drop("client.discovery", "roots", "wire.der", "wire.x509", "engines.micropython_scout", "engines.micropython_faults",
                    "engines.micropython_final_alert", "port.micropython_faults")


async def _dial_public(host, port, identity, trust, settings, sweeper, proxy):
    known = remembered(trust, host)
    if known is not None:
        try:
            return await _verified(host, port, known, identity, settings, sweeper, proxy)
        except TrustError as error:
            if error.code not in OF_ROOTS:
                raise
    roots = roots_of(await see_chain(host, port, host, settings, sweeper, proxy), trust, host)
    transport = await _verified(host, port, _believing(roots, trust), identity, settings, sweeper, proxy)
    trust.memory.keep(host, [root.subject for root in roots])
    return transport


async def _verified(host, port, trust, identity, settings, sweeper, proxy):
    context = engine.client_context(trust, identity, settings)

    def channel_of(raw):
        return engine.ClientChannel(context, raw, host, trust)

    return await reach(host, port, channel_of, settings, sweeper, proxy)


async def find_trust(host, port, trust):
    """What of the public roots this host needs, as a Trust of its own, for connections that others make; waits."""
    settings = settle(Settings(), CLIENT, {})
    chain = await see_chain(host, port, host, settings, Sweeper(tick_of(settings)))
    return _believing(roots_of(chain, trust, host), trust)


class Settings:
    """The settings of one search, as attributes."""


async def see_chain(host, port, name, settings, sweeper, proxy=None):
    """The chain that is shown there to who asks for this name, unverified (DER, the peer's own first); waits."""
    transport = await reach(host, port, lambda raw: engine.ScoutChannel(raw, name), settings, sweeper, proxy)
    chain = transport.channel.chain
    transport.close()
    return chain


def remembered(trust, host):
    """A Trust in the one or few roots that this host needed before, None when it is not known."""
    if trust.memory is None:
        trust.memory = Memory(trust.path)
    subjects = trust.memory.recall(host)
    if subjects is None:
        return None
    store = trust.store()
    roots = [root for subject in subjects for root in store.find(subject)]
    return _believing(roots, trust) if roots or trust.certificates() else None


def learned(chain, trust, host):
    """A Trust in the roots that this chain may end in, remembered for the host; raises TrustError."""
    roots = roots_of(chain, trust, host)
    trust.memory.keep(host, [root.subject for root in roots])
    return _believing(roots, trust)


def forget_if_other(error, trust, host):
    """Forget what was remembered for a host when this error says that it needs other roots by now."""
    if error.code in OF_ROOTS:
        trust.memory.forget(host)


def roots_of(chain, trust, host):
    """The roots that this chain may end in; raises TrustError when there is none, nor an authority of our own."""
    roots = []
    for certificate in chain:
        roots.extend([root for root in trust.store().find(issuer_of(certificate)) if root.is_usual()])
    if roots or trust.certificates():
        return roots[-MAX_ROOTS:]
    from ..wire.x509 import tell_apart

    error = TrustError("untrusted_issuer", host=host)
    tell_apart(error, chain)
    raise error


def _believing(roots, trust):
    return Trust.load(*([root.anchor() for root in roots] + trust.certificates()))
