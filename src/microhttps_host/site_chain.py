"""The certificates that a site shows, believed or not: asked for, looked at, and hung up on. Layer 13."""

import socket
import ssl

from cryptography import x509

from microhttps.engines.openssl.engine import ENCODING_DER
from microhttps.engines.openssl.faults import classify
from microhttps.errors import NetworkError, PeerError
from microhttps.port.cpython.faults import network_error
from microhttps.roots import Root, RootStore

from .certificates import UNREADABLE, old_serial_numbers, readable

TIMEOUT = 10  # seconds for the connection, and for the handshake


def read_chain(host: str, port: int) -> list[x509.Certificate]:
    """The site's certificates as it sends them, its own first; blocks. Raises NetworkError, PeerError, TrustError.

    Nothing is verified, and nothing is sent but the handshake.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    try:
        with socket.create_connection((host, port), TIMEOUT) as raw, context.wrap_socket(
                raw, server_hostname=host, do_handshake_on_connect=False) as secured:
            return _shown(secured)
    except ssl.SSLError as error:
        raise classify(error, host) from error
    except (socket.gaierror, UnicodeError) as error:  # or a name that is none for the resolver
        raise NetworkError("no_such_host", cause=error, host=host) from error
    except TimeoutError as error:
        raise NetworkError("deadline", cause=error, host=host, port=port) from error
    except OSError as error:
        failure = network_error(error)
        failure.facts.update(host=host, port=port)
        raise failure from error


def _shown(secured: ssl.SSLSocket) -> list[x509.Certificate]:
    """Under TLS 1.2 who wants a certificate of ours refuses us in the handshake; by then it has shown its own."""
    try:
        secured.do_handshake()
    except OSError:
        chain = chain_of(secured)
        if not chain:
            raise
        return chain
    return chain_of(secured)


def chain_of(secured: ssl.SSLSocket | ssl.SSLObject) -> list[x509.Certificate]:
    """The certificates that the peer of this connection has sent, its own first.

    Raises PeerError("unreadable_certificate") for one that OpenSSL has read and others cannot.
    """
    # Under a public name from Python 3.13 on.
    shown = secured._sslobj.get_unverified_chain() or ()  # type: ignore[union-attr]
    try:
        with old_serial_numbers():
            return [readable(x509.load_der_x509_certificate(one.public_bytes(ENCODING_DER))) for one in shown]
    except UNREADABLE as error:
        raise PeerError("unreadable_certificate", cause=error, reason=str(error).splitlines()[0]) from error


def ordered(chain: list[x509.Certificate]) -> list[x509.Certificate]:
    """The path from the site's own certificate upwards, without what does not belong to it."""
    path, others = chain[:1], chain[1:]
    while path and path[-1].subject != path[-1].issuer:
        above = next((other for other in others if other.subject == path[-1].issuer), None)
        if above is None or above in path:
            break
        path.append(above)
    return path


def find_roots(path: list[x509.Certificate], store: RootStore) -> list[Root]:
    """The roots of the store that this path may end in, the one nearest to the site first."""
    return [root for certificate in path for root in store.find(certificate.issuer.public_bytes())]
