"""One part of a certificate's verdict alone: the chain whatever its name and dates, or the name whatever the chain.

A TLS library stops at the first fault; who has to mend them wants to know them all. Each question is a handshake of its
own. Only OpenSSL is asked, because it alone lets a part be left out. Layer 13.
"""

import functools
import ssl
import threading

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from microhttps import Trust
from microhttps.engines.openssl.contexts import load_identity
from microhttps.errors import MicrohttpsError, UsageError
from microhttps.wire.x509 import der_of, tell_apart

from ..certificates import old_serial_numbers
from .looking import ALL_CIPHERS, Tapped
from .visit import Visit

NAME_CODES = ("wrong_name", "name_in_common_name", "bad_host_name")
NO_CHECK_TIME = 0x200000  # X509_V_FLAG_NO_CHECK_TIME
PARTIAL_CHAIN = 0x80000  # X509_V_FLAG_PARTIAL_CHAIN


def refused_chain(visit: Visit) -> MicrohttpsError | None:
    """Why the chain is refused for any name and on any day, None when it is not; waits."""
    trust = visit.trusts[-1]
    if not trust.is_by_authority():
        return None
    context = trust.client_context()
    context.check_hostname = False
    context.verify_flags |= NO_CHECK_TIME
    return _refused(visit, context)


def refused_name(visit: Visit) -> MicrohttpsError | None:
    """Why the server's certificate is not for the name that is asked for, None when it is; waits."""
    if visit.look is None or not visit.look.chain:
        return None
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.hostname_checks_common_name = not ssl.HAS_NEVER_CHECK_COMMON_NAME
    context.set_ciphers(ALL_CIPHERS)
    context.load_verify_locations(cadata=visit.look.chain[0].public_bytes(Encoding.DER))
    context.verify_flags |= NO_CHECK_TIME | PARTIAL_CHAIN
    refusal = _refused(visit, context)
    return refusal if refusal is not None and refusal.code in NAME_CODES else None


def anchors_in(trust: Trust) -> list[x509.Certificate]:
    """The certificates that a trust in authorities of one's own, or the system's, consists of."""
    if trust.kind == "system":
        with _READING:
            return list(_anchors_of_system())
    authorities = [one.encode() if isinstance(one, str) else one for one in trust.certificates()]
    return [x509.load_der_x509_certificate(der) for one in authorities for der in der_of(one)]


_READING = threading.Lock()  # of many checks at once, one reads what is for all


@functools.cache
def _anchors_of_system() -> tuple[x509.Certificate, ...]:
    with old_serial_numbers():
        found = ssl.create_default_context().get_ca_certs(binary_form=True)
        return tuple(x509.load_der_x509_certificate(der) for der in found)


def _refused(visit: Visit, context: ssl.SSLContext) -> MicrohttpsError | None:
    if visit.options.identity is not None:
        load_identity(context, visit.options.identity)
    try:
        raw = visit.open()
        Tapped(raw, context, visit.target.name, visit.options.timeout).close()
    except UsageError:
        raise
    except MicrohttpsError as error:
        if visit.look:
            tell_apart(error, [one.public_bytes(Encoding.DER) for one in visit.look.chain])
        return error
    return None
