"""OpenSSL, through CPython's `ssl`: contexts, the non-blocking channels, and its errors in our words.

Read and written directly on a non-blocking socket, without memory BIOs: one record in, one record out, no copy
between. The only file that knows OpenSSL's names. Knows no HTTP, no waiting, no port. Layer 3.
"""

import contextlib
import os
import ssl

from ..errors import MicrohttpsError, NetworkError, PeerError, TrustError, UsageError
from .final_alert import has_refused

NAME = "openssl"
VERSION = " ".join(ssl.OPENSSL_VERSION.split()[:2])  # without its date
CAN = {"session_tickets", "alpn", "peer_certificate", "client_certificate", "close_notify", "encrypted_key",
       "system_trust", "public_roots", "identities", "minimum_tls", "maximum_tls", "ciphers", "curves",
       "handshake_end", "crl"}  # fmt: skip
READ, WRITE = 1, 2
ENCODING_DER = 2  # _ssl.ENCODING_DER

# X509_V_ERR_… of OpenSSL (include/openssl/x509_vfy.h) → our codes
_VERIFY_CODES = {
    2: "untrusted_issuer", 7: "untrusted_issuer", 19: "untrusted_issuer", 20: "untrusted_issuer",
    21: "untrusted_issuer", 24: "untrusted_issuer", 25: "untrusted_issuer", 32: "untrusted_issuer",
    79: "untrusted_issuer", 22: "chain_too_large", 47: "name_not_permitted", 48: "name_not_permitted",
    66: "too_weak", 67: "too_weak", 68: "too_weak",
    18: "self_signed", 9: "not_yet_valid", 10: "expired", 23: "revoked",
    3: "crl_out_of_date", 11: "crl_out_of_date", 12: "crl_out_of_date",
    26: "wrong_usage", 62: "wrong_name", 63: "wrong_name", 64: "wrong_name",
}  # fmt: skip
_NOT_TLS = ("WRONG_VERSION_NUMBER", "HTTPS_PROXY_REQUEST", "UNKNOWN_PROTOCOL",
            "PACKET_LENGTH_TOO_LONG", "RECORD_LAYER_FAILURE", "BAD_RECORD_TYPE")  # fmt: skip
_REASONS = {  # of a handshake that failed
    "UNSUPPORTED_PROTOCOL": "no_common_version", "WRONG_SSL_VERSION": "no_common_version",
    "NO_PROTOCOLS_AVAILABLE": "no_common_version", "VERSION_TOO_LOW": "no_common_version",
    "NO_SHARED_CIPHER": "no_common_cipher", "NO_SHARED_GROUPS": "no_common_cipher",
    "NO_SUITABLE_GROUPS": "no_common_cipher", "NO_SUITABLE_KEY_SHARE": "no_common_cipher",
    "NO_SUITABLE_SIGNATURE_ALGORITHM": "no_common_cipher", "NO_SHARED_SIGNATURE_ALGORITHMS": "no_common_cipher",
    "NO_CIPHERS_AVAILABLE": "no_common_cipher",
}  # fmt: skip


REASONS = {}  # why it cannot what is not in CAN: nothing is missing


def channel_for(trust, choices):
    """The class of the channels of a server with this trust (or None) and these choices (see tls_limits)."""
    if not (choices.get("alpn") or choices.get("identities")):
        return Channel
    from .openssl_choices import ChoosingChannel, ProtocolChannel

    return ProtocolChannel if choices.get("alpn") else ChoosingChannel


def server_context(identity, trust, settings, old=None):
    """A context for the server's side; raises UsageError when certificate or key cannot be used.

    The `old` one, whose identity was renewed, is given the new identity and goes on with its tickets where that can be:
    it must have one identity, and a key of the same kind, because OpenSSL keeps one certificate for each kind.
    """
    context = _new_context(ssl.PROTOCOL_TLS_SERVER)
    context.options |= ssl.OP_NO_RENEGOTIATION
    context.options &= ~ssl.OP_CIPHER_SERVER_PREFERENCE  # only the client knows whether it has AES in hardware
    choices = settings.choices if settings is not None and settings.choices else {}
    if choices.get("session_tickets", True):
        context.num_tickets = 1  # one is enough for the client that comes back; two cost every handshake more
    else:
        context.num_tickets = 0
        context.options |= ssl.OP_NO_TICKET
    alpn = choices.get("alpn", ("http/1.1",))
    if alpn and settings is not None:
        context.set_alpn_protocols(list(alpn))
    load_identity(context, identity)
    if trust is not None:
        _load_trust(context, trust)
        context.verify_mode = ssl.CERT_REQUIRED
    if choices:
        from .openssl_choices import apply_choices

        apply_choices(context, trust, settings)
    context.key_kind = None if choices.get("identities") else _key_kind(identity)
    if old is not None and old.key_kind is not None and old.key_kind == context.key_kind:
        load_identity(old, identity)  # which has just been seen to be good
        return old
    return context


def client_context(trust, identity, settings):
    """A context for the client's side; it verifies chain, name and dates unless the trust says pins or `danger_…`."""
    context = _new_context(ssl.PROTOCOL_TLS_CLIENT)
    if not trust.is_by_authority():
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    elif trust.kind == "public":
        context.load_verify_locations(capath=trust.directory())
        _load_trust(context, trust)
    elif trust.kind == "system":
        context.load_default_certs(ssl.Purpose.SERVER_AUTH)
    else:
        _load_trust(context, trust)
    if ssl.HAS_NEVER_CHECK_COMMON_NAME:
        context.hostname_checks_common_name = False  # RFC 9525 section 2
    if identity is not None:
        load_identity(context, identity)
    return context


class _Context(ssl.SSLContext):
    """A context that knows the kind of its key, by the name of the algorithm."""

    key_kind = None


def _new_context(protocol):
    context = _Context(protocol)
    context.minimum_version = ssl.TLSVersion.TLSv1_2  # RFC 8996
    # Some Pythons (3.11.2) set this, and then a connection that was cut looks like one that was closed.
    context.options &= ~getattr(ssl, "OP_IGNORE_UNEXPECTED_EOF", 0)
    return context


def _load_trust(context, trust):
    for certificate in trust.certificates():
        try:
            # PEM is text for it, DER is bytes.
            text = certificate.decode("latin-1") if b"-----BEGIN " in certificate else certificate
            context.load_verify_locations(cadata=text)
        except (ssl.SSLError, ValueError) as error:
            raise UsageError("bad_certificate_file", cause=error)
    # An intermediate that was named is believed without its root; curl and Mbed TLS do so, too.
    if any(known["subject"] != known["issuer"] for known in context.get_ca_certs()):
        context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    if trust.crl is not None:
        try:
            with _key_file(trust.revoked()) as path:
                context.load_verify_locations(path)
        except (ssl.SSLError, OSError) as error:
            raise UsageError("bad_crl", cause=error)
        context.verify_flags |= ssl.VERIFY_CRL_CHECK_LEAF


def load_identity(context, identity):
    """Give a context our certificate and key; raises UsageError."""
    chain, key = identity.load("pem")
    try:
        with _key_file(chain + b"\n" + key) as path:
            context.load_cert_chain(path, password=identity.password or _no_password)
    except (ssl.SSLError, OSError, ValueError) as error:
        raise _identity_error(error, identity)


def _key_kind(identity):
    """The algorithm of an identity's public key, as its object identifier in DER (RFC 5280 section 4.1.2.7)."""
    from ..wire.der import OBJECT, SEQUENCE, Reader
    from ..wire.x509 import certificate_facts, der_of

    spki = certificate_facts(der_of(identity.load("pem")[0])[0]).spki
    return Reader(spki, 0, len(spki)).take(SEQUENCE).take(SEQUENCE).take_bytes(OBJECT)


@contextlib.contextmanager
def _key_file(data):
    """OpenSSL reads keys from files only: one in memory where there is such a thing, else one that only we can read."""
    if hasattr(os, "memfd_create"):
        number = os.memfd_create("microhttps")
        path = "/proc/self/fd/%d" % number
    else:
        import tempfile  # here: it takes as long to load as a whole request

        number, path = tempfile.mkstemp(prefix="microhttps-")  # created 0600, never through a link
    try:
        with os.fdopen(number, "wb") as file:
            file.write(data)
            file.flush()
            yield path
    finally:
        if not path.startswith("/proc"):
            os.unlink(path)


def _no_password():
    raise ValueError("the key is encrypted")  # otherwise OpenSSL asks on the terminal


def _identity_error(error, identity):
    reason = getattr(error, "reason", None) or str(error)
    code = "bad_certificate_file"
    if reason in ("KEY_VALUES_MISMATCH", "NO_CERTIFICATE_ASSIGNED"):  # none of this kind of key
        code = "key_does_not_match_certificate"
    elif reason in ("the key is encrypted", "BAD_DECRYPT", "BAD_PASSWORD_READ"):
        code = "wrong_password"
    elif reason in ("EE_KEY_TOO_SMALL", "CA_KEY_TOO_SMALL", "CA_MD_TOO_WEAK"):
        code = "weak_certificate"
    return UsageError(code, cause=error, certificate=identity.name, reason=reason)


class Channel:
    """One TLS connection over a non-blocking socket; `raw` is the socket to wait for, and is closed with it."""

    __slots__ = ("_host", "_tls", "bytes_in", "bytes_out", "is_established", "raw", "wants", "was_cut")
    capacity = 16 * 1024  # a whole record: then OpenSSL holds nothing back that polling the socket would not show
    is_secure = True
    is_server = True

    def __init__(self, context, raw, host=None, ticket=None):
        self._host = host
        self.raw = raw
        self.wants = READ
        self.was_cut = False
        self.is_established = False
        self.bytes_in = self.bytes_out = 0
        try:
            # What ssl.SSLSocket wraps (3.10 to 3.14). Without its frames a request takes 5 % less, without its second
            # socket object a connection 1 KB and 12 us (measured). To be deleted when wrap_socket costs no more.
            self._tls = context._wrap_socket(raw, self.is_server, host, session=ticket)
        except (OSError, ValueError, UnicodeError) as error:
            raw.close()
            raise classify(error, host)

    def handshake(self):
        """True when done, False when it must wait (see `wants`); raises TrustError, PeerError or NetworkError."""
        try:
            self._tls.do_handshake()
        except ssl.SSLWantReadError:
            self.wants = READ
            return False
        except ssl.SSLWantWriteError:
            self.wants = WRITE
            return False
        except (OSError, ValueError) as error:
            raise self._failed(error)
        self.is_established = True
        return True

    def _failed(self, error):
        """Why the handshake failed. Not said in `handshake`: an error that its own frame names is a circle, and its
        connection stays until the collector comes by."""
        fault = classify(error, self._host)
        if fault.code == "reset" and has_refused(self.raw):
            return TrustError("handshake_refused", cause=error)
        return fault

    def receive(self):
        """What has arrived: bytes, b"" at the end, or None when nothing is there yet (see `wants`)."""
        try:
            data = self._tls.read(16384)
            self.bytes_in += len(data)
            return data
        except ssl.SSLWantReadError:
            self.wants = READ
        except ssl.SSLWantWriteError:
            self.wants = WRITE
        except ssl.SSLZeroReturnError:
            return b""
        except (OSError, ValueError) as error:
            if _is_end(error):
                self.was_cut = True  # no close_notify: the end of a body may only be believed from its framing
                return b""
            raise classify(error, self._host, self.bytes_in)
        return None

    def send(self, data):
        """How many bytes were taken; 0 when it would block (see `wants`), and then the same bytes must come again."""
        try:
            count = self._tls.write(data)
            self.bytes_out += count
            return count
        except ssl.SSLWantWriteError:
            self.wants = WRITE
        except ssl.SSLWantReadError:
            self.wants = READ
        except (OSError, ValueError) as error:
            raise classify(error, self._host, self.bytes_in)
        return 0

    def close_notify(self):
        """Tell the peer that nothing more follows (RFC 8446 section 6.1); does not wait for its own notice."""
        if self.is_established:
            self.is_established = False  # once is enough
            try:
                self._tls.shutdown()
            except (OSError, ValueError):
                pass  # it would have to wait for the peer's notice, or the peer is gone: either way ours was tried

    def close(self):
        """Close the socket; may be called twice."""
        self.raw.close()

    def facts(self):
        """(version, cipher, alpn, resumed, certificate of the peer as DER or None) of an established connection."""
        tls = self._tls
        return tls.version(), tls.cipher()[0], tls.selected_alpn_protocol(), tls.session_reused, tls.getpeercert(True)


class ClientChannel(Channel):
    """The client's side of a connection to `host`; pins are judged before anything is sent."""

    __slots__ = ("_trust",)
    is_server = False
    reads_ahead = False  # never more than one record is taken from the socket, and all of it is given

    def __init__(self, context, raw, host, trust, ticket=None):
        self._trust = trust
        super().__init__(context, raw, host, ticket)

    def ticket(self):
        """What resumes this TLS session on another connection of the same context (RFC 8446 section 2.2), or None."""
        return self._tls.session

    def handshake(self):
        """As Channel.handshake; raises TrustError("wrong_pin") besides."""
        try:
            if not super().handshake():
                return False
        except TrustError as error:
            from ..wire.x509 import tell_apart

            chain = [shown.public_bytes(ENCODING_DER) for shown in self._tls.get_unverified_chain() or ()]
            if chain:
                tell_apart(error, chain)
            raise
        if not self._trust.is_by_authority():
            self._trust.judge(self._tls.getpeercert(True), self._host)
        return True


def _is_end(error):
    """Whether the connection ended without notice; Python 3.11.2 has no class for it but the reason."""
    return isinstance(error, ssl.SSLEOFError) or getattr(error, "reason", None) == "UNEXPECTED_EOF_WHILE_READING"


def classify(error, host=None, received=0):
    """OpenSSL's exception as ours, with the original in `cause`; never raises.

    What was `received` tells a handshake that failed from a connection that broke: under TLS 1.3 the client's ends
    before its certificate is judged.
    """
    if isinstance(error, MicrohttpsError):
        return error
    if isinstance(error, ssl.SSLCertVerificationError):
        code = _VERIFY_CODES.get(error.verify_code, "certificate_refused")
        message = error.verify_message if code == "certificate_refused" else None  # else the code says it
        return TrustError(code, cause=error, host=host, verify_message=message)
    if not isinstance(error, OSError):
        return UsageError("bad_host_name", cause=error, host=host)
    if not isinstance(error, ssl.SSLError) or isinstance(error, ssl.SSLZeroReturnError) or _is_end(error):
        return NetworkError("reset", cause=error)
    reason = error.reason or ""
    if received and "ALERT_" not in reason:
        return PeerError("bad_record", cause=error, host=host, reason=reason)
    if reason == "HTTP_REQUEST":
        return PeerError("peer_is_not_tls", cause=error, protocol="http")
    if reason in _NOT_TLS:
        return PeerError("peer_is_not_tls", cause=error)
    if reason == "PEER_DID_NOT_RETURN_A_CERTIFICATE":
        return TrustError("no_client_certificate", cause=error)
    if "ALERT_" in reason:
        return TrustError("handshake_refused", cause=error, alert=reason.split("ALERT_")[-1].lower())
    if reason == "EXCESSIVE_MESSAGE_SIZE":  # over 100 KB
        return TrustError("chain_too_large", cause=error, host=host)
    return PeerError(_REASONS.get(reason, "handshake_failed"), cause=error, reason=reason)
