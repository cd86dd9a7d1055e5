"""The public roots where the TLS library cannot look one up by itself (Mbed TLS): in two handshakes.

The first is shown the peer's chain and ends there: it says nothing of the request, and all it can do is to choose which
of the trusted roots to load. The second verifies in full, with just that root. What was found is remembered for the
host, so that the first is needed once; when the host has come to need another root, it is looked for once more.
Layer 9.
"""

from ..errors import TrustError
from ..port import system
from ..trust import Trust
from .dial import reach
from .root_memory import Memory

OF_ROOTS = ("untrusted_issuer", "self_signed", "missing_intermediate")  # what another root might mend
MAX_ROOTS = 4  # of one host: a chain that is signed across may end in several


async def dial_public(host, port, identity, trust, settings, sweeper, proxy):
    """A Transport to this host, verified against the public roots; raises as `dial.dial`.

    What looks, what finds and what has led both are forgotten one after the other: 9 KB that a board's heap never has
    to hold at once, nor later on.
    """
    try:
        return await _dial_public(host, port, identity, trust, settings, sweeper, proxy)
    finally:
        _let_go(trust)
        # One by one: what is dropped in one call is one module of a server's board, which loads x509 at each start.
        system.drop("client.discovery")
        system.drop("wire.x509")
        system.drop("wire.der")
        system.drop("engines.micropython.faults")
        system.drop("engines.final_alert")
        system.drop("port.micropython.faults")
        system.collect()


async def _dial_public(host, port, identity, trust, settings, sweeper, proxy):
    known = remembered(trust, host)
    if known is not None:
        _let_go(trust)
        try:
            return await _verified(host, port, known, identity, settings, sweeper, proxy)
        except TrustError as error:
            if error.code not in OF_ROOTS:
                raise
    chain = await see_chain(host, port, host, settings, sweeper, proxy)
    system.collect()
    # It wants 2 KB in one piece, and the first handshake has just left such a one.
    blank = settings.engine.blank_context()
    try:
        found, subjects = _find(chain, trust, host)
    except TrustError as error:
        if error.code != "untrusted_issuer" or len(chain) < 2:
            raise
        found, subjects = await _mended(error, host, port, trust, settings, sweeper, proxy), None
    transport = await _verified(host, port, found, identity, settings, sweeper, proxy, blank)
    if subjects is not None:
        trust.memory.keep(host, subjects)
    return transport


async def _mended(error, host, port, trust, settings, sweeper, proxy):
    """A Trust in the roots of a chain that is only in the wrong order, and in what leads to them; else the error."""
    from .reordering import put_in_order

    def trust_for(chain):
        return _find(chain, trust, host)[0]

    found, between = await put_in_order(error, host, port, trust_for, settings, sweeper, proxy)
    system.drop("client.reordering")
    system.drop("wire.plain_hello")
    return Trust.load(*(found.certificates() + between))


def _find(chain, trust, host):
    """(A Trust in the roots that this chain may end in, their subjects); the store is let go of."""
    roots = roots_of(chain, trust, host)
    found = believing(roots, trust), [root.subject for root in roots]
    _let_go(trust)
    return found


def _let_go(trust):
    trust.close_store()
    system.drop("roots")
    system.drop("wire.der_writing")


async def _verified(host, port, trust, identity, settings, sweeper, proxy, blank=None):
    context = settings.engine.client_context(trust, identity, settings, blank)

    def channel_of(raw):
        return settings.engine.ClientChannel(context, raw, host, trust)

    return await reach(host, port, channel_of, settings, sweeper, proxy)


async def see_chain(host, port, name, settings, sweeper, proxy=None):
    """The chain that is shown there to who asks for this name, unverified (DER, the peer's own first); waits."""
    def channel_of(raw):
        return settings.engine.ScoutChannel(raw, name)

    transport = await reach(host, port, channel_of, settings, sweeper, proxy)
    chain = transport.channel.chain
    transport.close()
    transport.channel = None  # 3 KB of TLS: what has ended here may still be in sight of the collector
    system.drop("engines.micropython.scout")
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
    return believing(roots, trust) if roots or trust.certificates() else None


def learned(chain, trust, host):
    """A Trust in the roots that this chain may end in, remembered for the host; raises TrustError."""
    roots = roots_of(chain, trust, host)
    trust.memory.keep(host, [root.subject for root in roots])
    return believing(roots, trust)


def forget_if_other(error, trust, host):
    """Forget what was remembered for a host when this error says that it needs other roots by now."""
    if error.code in OF_ROOTS:
        trust.memory.forget(host)


def roots_of(chain, trust, host):
    """The roots that this chain may end in; raises TrustError when there is none, nor an authority of our own."""
    roots = []
    for issuer in _issuers_of(chain):
        roots.extend([root for root in trust.store().find(issuer) if root.is_usual()])
    if roots or trust.certificates():
        return roots[-MAX_ROOTS:]
    from ..wire.x509 import tell_apart

    error = TrustError("untrusted_issuer", host=host)
    tell_apart(error, chain)
    raise error


def _issuers_of(chain):
    """The issuers' names; of the chain is left what `tell_apart` looks at, for each certificate takes 1 KB or two."""
    from ..wire.issuers import issuer_of

    issuers = [issuer_of(certificate) for certificate in chain]
    chain[:] = chain[:1] * len(chain)
    system.drop("wire.issuers")
    system.drop("wire.der")
    return issuers


def believing(roots, trust):
    """A Trust in these roots, and in the authorities of one's own that are believed besides."""
    return Trust.load(*([root.anchor() for root in roots] + trust.certificates()))
