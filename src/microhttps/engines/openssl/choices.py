"""OpenSSL, through CPython's `ssl`: what an application may choose of a server's TLS. Loaded when it does. Layer 3."""

import socket
import ssl

from ...errors import Unsupported, UsageError
from ..in_the_clear import HANDSHAKE, protocols
from .contexts import server_context
from .engine import READ, Channel

_NO_APPLICATION_PROTOCOL = 120  # RFC 7301 section 3.2
_HELLO_LIMIT = 16 * 1024  # of what is looked into; a browser's hello has 2 KB


def apply_choices(context, trust, settings):
    """Set a context as the application chose (see tls_limits); raises UsageError or Unsupported."""
    choices = settings.choices
    if trust is not None and choices.get("client_certificate") == "optional":
        context.verify_mode = ssl.CERT_OPTIONAL
    _set_versions(context, choices)
    _set_curves(context, choices.get("curves"))
    if choices.get("identities") or choices.get("alpn"):
        context.sni_callback = _callback(choices, trust, settings)


def _set_versions(context, choices):
    if choices.get("minimum_tls") == "1.3":
        context.minimum_version = ssl.TLSVersion.TLSv1_3
    if choices.get("maximum_tls") == "1.2":
        if context.minimum_version == ssl.TLSVersion.TLSv1_3:  # because of its ciphers
            raise UsageError("bad_choice", setting="maximum_tls", got="1.2", expected="1.3, as all ciphers are")
        context.maximum_version = ssl.TLSVersion.TLSv1_2


def _set_curves(context, curves):
    if not curves:
        return
    names = [curves] if isinstance(curves, str) else list(curves)
    try:
        if hasattr(context, "set_groups"):  # Python 3.15
            context.set_groups(":".join(names))
        elif len(names) == 1:
            context.set_ecdh_curve(names[0])
        else:
            raise Unsupported("unsupported", setting="curves", reason="before Python 3.15 ssl takes one curve")
    except (ssl.SSLError, TypeError, ValueError) as error:
        raise UsageError("bad_curves", cause=error, got=curves)


class _Choices:
    """The settings of a context for one more name: those of the server, without the names."""

    def __init__(self, choices):
        self.choices = {name: choices[name] for name in choices if name != "identities"}


def _callback(choices, trust, settings):
    """What OpenSSL calls between the hello and its answer, with the Channel as the connection."""
    alpn = choices.get("alpn")
    identities = choices.get("identities") or {}
    contexts = {name.lower(): server_context(identities[name], trust, _Choices(choices)) for name in identities}

    def choose(channel, name, _):
        if alpn and channel.wants_others(alpn):
            return _NO_APPLICATION_PROTOCOL
        if name and contexts:
            name = name.lower()
            context = contexts.get(name) or contexts.get("*." + name.partition(".")[2])
            if context is not None:
                channel.context = context
        return None  # an unknown name gets the default identity (RFC 6066 section 3 allows both)

    return choose


class ChoosingChannel(Channel):
    """The server's side of a connection whose identity is chosen by the name that the client's hello asks for."""

    __slots__ = ("__weakref__",)

    def __init__(self, context, raw):
        super().__init__(context, raw)
        self._tls.owner = self  # whom the callback is given

    @property
    def context(self):
        """The context, and with it the identity, of this connection."""
        return self._tls.context

    @context.setter
    def context(self, context):
        self._tls.context = context


class ProtocolChannel(ChoosingChannel):
    """The same, for a server that refuses clients whose hello asks for other protocols only (RFC 7301 section 3.2).

    OpenSSL's binding shows what they ask for to nobody, and goes on without one: the hello is read before OpenSSL does.
    """

    __slots__ = ("_hello", "_needed")

    def __init__(self, context, raw):
        super().__init__(context, raw)
        self._hello = b""
        self._needed = 1

    def handshake(self):
        """As Channel.handshake."""
        if self._needed and not self._peek():
            self.wants = READ
            return False
        return super().handshake()

    def _peek(self):
        """Whether the hello is there, or never will be."""
        try:
            self._hello = self.raw.recv(_HELLO_LIMIT, socket.MSG_PEEK)
        except BlockingIOError:
            return False
        except OSError:
            return True  # as the handshake will tell
        needed = 5  # the head of a record
        if len(self._hello) >= 5 and self._hello[0] == HANDSHAKE:
            needed += int.from_bytes(self._hello[3:5], "big")
        is_over = len(self._hello) >= needed or needed == self._needed  # was waited for already: the end has come
        self._needed = 0 if is_over else needed
        # The socket is ready only when so much has come: otherwise each byte would wake us, and none be taken.
        self.raw.setsockopt(socket.SOL_SOCKET, socket.SO_RCVLOWAT, self._needed or 1)
        return is_over

    def wants_others(self, ours):
        """Whether the client asked for protocols of which none is among ours; looks once, at the first hello."""
        hello, self._hello = self._hello, None
        theirs = protocols(hello) if hello else []
        return bool(theirs) and not set(theirs).intersection(name.encode() for name in ours)
