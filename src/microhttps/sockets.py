"""TLS over a socket that the application has opened itself: `wrap_socket`, MicroPython's own, but secure.

For programs written for sockets, without an event loop. Whoever begins anew takes `Client`, `connect` or `Server`.
Layer 9.
"""

from .client_limits import CLIENT
from .connections.handshaking import LINGER, check_memory
from .connections.secure_socket import SecureSocket, let_go
from .engines import engine
from .errors import TrustError, UsageError
from .identity import Identity
from .port import system
from .settings import settle
from .trust import Trust

CERT_NONE, CERT_OPTIONAL, CERT_REQUIRED = 0, 1, 2

_public = []  # the Trust of who names none: one for all, because it remembers which root a host needs


class Settings:
    """The settings of one socket: a client's, and what a server's channels are chosen by."""

    engine = engine
    choices = None

    def __init__(self, trust, settings):
        self.trust = trust
        self.settings = settle(self, CLIENT, settings)


def wrap_socket(sock, *, server_side=False, key=None, cert=None, cert_reqs=None, cadata=None, server_hostname=None,
                do_handshake=True, keyfile=None, certfile=None, ca_certs=None, trust=None, identity=None, address=None,
                **settings):
    """A SecureSocket over a connected socket, which is its own from now on; shakes hands, and blocks for that.

    The parameters are MicroPython's, `keyfile certfile ca_certs` their older names; `identity` is certificate and key
    in one, `trust` whom to believe. A client verifies for `server_hostname`, by default against the public roots, for
    which a board may need `address`: a (host, port) where this host answers TLS at once. A server asks for certificates
    when it is told of whom (cadata), and with cert_reqs=CERT_OPTIONAL does without. With do_handshake=False nothing
    blocks. Settings are a client's: `handshake_timeout`, `recv_timeout`, `send_timeout`, `engine`. Raises UsageError
    and OutOfMemory, and then the socket is still the caller's; TrustError, ClockError, PeerError, NetworkError,
    DeadlineError.
    """
    identity = _identity_of(identity, cert or certfile, key or keyfile)
    trust = _trust_of(trust, cadata or ca_certs)
    side = Settings(trust, settings)
    if server_side:
        channel_of = _server_side(identity, cert_reqs, do_handshake, side)
    else:
        channel_of = _client_side(identity, cert_reqs, server_hostname, address, side)
    check_memory(side)
    seconds = system.take_over(sock)
    try:
        channel = channel_of(sock)
    except BaseException:
        let_go(sock, LINGER if server_side and do_handshake and "handshake_end" not in side.settings.engine.CAN else 0)
        raise
    timeout = (seconds or "limits") if do_handshake else 0
    secure = SecureSocket(channel, timeout, side, server_side and cert_reqs != CERT_OPTIONAL)
    try:
        if do_handshake:
            secure.do_handshake()
    except BaseException as error:
        secure.close()
        if isinstance(error, TrustError) and not server_side and side.trust is not trust:
            from .client.discovery import forget_if_other

            forget_if_other(error, trust or _public[0], server_hostname)
        raise
    return secure


def _identity_of(identity, certificate, key):
    if certificate is None and key is None:
        return identity
    if identity is not None or certificate is None:
        raise UsageError("bad_certificate_file", "a certificate with its key, or an identity, expected")
    return Identity(_bytes_of(certificate), _bytes_of(key))


def _trust_of(trust, authorities):
    if authorities is None:
        return trust
    if trust is not None:
        raise UsageError("bad_choice", setting="trust", got="cadata besides", expected="one of the two")
    return Trust.load(_bytes_of(authorities))


def _bytes_of(source):
    """PEM as text, which CPython's `cadata` is, would be taken for a path."""
    return source.encode() if isinstance(source, str) and "-----BEGIN" in source else source


def _server_side(identity, cert_reqs, do_handshake, side):
    """What makes a server's channel of a socket."""
    if identity is None:
        raise UsageError("no_identity")
    if cert_reqs == CERT_NONE:
        side.trust = None
    elif side.trust is None and cert_reqs is not None:
        raise UsageError("no_client_trust", setting="cert_reqs")
    kind = side.settings.engine.Channel
    if side.trust is not None:
        from .server.choices import channel_of

        side.choices = {"client_certificate": "optional" if cert_reqs == CERT_OPTIONAL else "required"}
        kind = channel_of(side)
    identity.check()
    context = side.settings.engine.server_context(identity, side.trust, side)
    if do_handshake and "handshake_end" not in side.settings.engine.CAN:
        kind = side.settings.engine.patient(kind, lambda raw: system.wait_for(raw, system.READ, side.handshake_timeout))
    return lambda raw: kind(context, raw)


def _client_side(identity, cert_reqs, host, address, side):
    """What makes a client's channel of a socket; on a board it may open a connection of its own before."""
    trust = side.trust
    if cert_reqs == CERT_NONE and (trust is None or trust.kind != "danger_anyone"):
        raise UsageError("danger_not_named")
    if trust is None:
        if not _public:
            _public.append(Trust.public())
        trust = _public[0]
    if host is None and trust.kind != "danger_anyone" and trust.kind != "pinned":
        raise UsageError("no_server_hostname")
    if trust.kind == "public" and "public_roots" not in side.settings.engine.CAN:
        trust = side.trust = _decided(trust, host, address, side)
    context = side.settings.engine.client_context(trust, identity, side)
    return lambda raw: side.settings.engine.ClientChannel(context, raw, host, trust)


def _decided(trust, host, address, settings):
    """A Trust in those of the public roots that this host needs."""
    from .client.discovery import learned, remembered

    known = remembered(trust, host)
    if known is not None:
        return known
    if address is None:
        raise UsageError("root_not_known", host=host)
    raw = system.open_connection(address[0], address[1], settings.connect_timeout)
    scout = settings.engine.ScoutChannel(raw, host)
    secure = SecureSocket(scout, settings.connect_timeout, settings, False)
    secure.do_handshake()
    secure.close()
    return learned(scout.chain, trust, host)
