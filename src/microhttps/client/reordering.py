"""A chain in the wrong order, where the TLS library looks for an issuer only further on (Mbed TLS).

OpenSSL and browsers put such a chain in order. Mbed TLS cannot be given another order than the peer's. So the chain is
looked at as it was sent, put in order, and verified so by Mbed TLS in a rehearsal (see the engine); what stands between
the peer and the root is then believed besides, by a connection that verifies all else again. A chain that says which
names its authorities may vouch for is not mended: the rehearsal has judged that of one certificate, and another may
come. Loaded when a chain was not believed. Layer 9.
"""

import os

from ..connections.waiting import receive, send
from ..errors import MicrohttpsError, TrustError
from ..port import system
from ..wire.der import SEQUENCE, Reader
from ..wire.issuers import issuer_of
from ..wire.plain_hello import MOST, chain_in, plain_hello
from ..wire.x509 import der_of
from .dial import reach

_NAME_CONSTRAINTS = b"\x06\x03\x55\x1d\x1e"


async def put_in_order(error, host, port, trust_for, settings, sweeper, proxy):
    """(the Trust that believes the chain in order, what of it stands between the host and the root); waits.

    `trust_for(chain)` gives that Trust, and may use the list up. Raises the `error` where order is not what is wrong,
    else what the rehearsal says of the chain.
    """
    try:
        sent = await see_sent(host, port, settings, sweeper, proxy)
        chain = in_order(sent)
    except MicrohttpsError:
        raise error  # which is what the application asked for
    if chain == sent[:len(chain)]:
        raise error
    trust = trust_for(list(chain))
    for certificate in chain[1:] + [der for source in trust.certificates() for der in der_of(source)]:
        if _NAME_CONSTRAINTS in certificate:
            raise error
    system.collect()
    try:
        settings.engine.rehearse(chain, trust, host)
    except MicrohttpsError as refusal:
        is_verdict = isinstance(refusal, TrustError) and refusal.code != "handshake_refused"
        raise refusal if is_verdict else error
    finally:
        system.drop("engines.micropython.rehearsal")
    return trust, chain[1:]


async def see_sent(host, port, settings, sweeper, proxy):
    """The certificates of the host (DER) as they are sent, unverified; waits. Raises MicrohttpsError.

    Seen over TLS 1.2, which sends them in the clear.
    """
    transport = await reach(host, port, system.PlainChannel, settings, sweeper, proxy)
    try:
        await send(transport, plain_hello(host, os.urandom(32)), settings.send_timeout)
        transport.set_deadline(settings.handshake_timeout, "handshake_timeout")
        data, chain = b"", None
        while chain is None and len(data) <= MOST:
            more = await receive(transport)
            if not more:
                break
            data += more
            chain = chain_in(data)
        return chain or []
    finally:
        transport.close()


def in_order(sent):
    """Of the certificates sent (DER) those that lead on from the first, each signed in the name of the next."""
    chain = sent[:1]
    left = sent[1:]
    while chain:
        issuer = issuer_of(chain[-1])
        found = [certificate for certificate in left if _subject_of(certificate) == issuer]
        if not found:
            break
        chain.append(found[0])
        left.remove(found[0])
    return chain


def _subject_of(certificate):
    """The subject (DER) of a certificate (RFC 5280 section 4.1): behind the issuer and the dates."""
    fields = Reader(certificate, 0, len(certificate)).take(SEQUENCE).take(SEQUENCE)
    if fields.tag() == 0xA0:
        fields.take(0xA0)
    fields.take_any()
    for _ in range(3):  # signature, issuer, validity
        fields.take(SEQUENCE)
    return fields.take_whole(SEQUENCE)
