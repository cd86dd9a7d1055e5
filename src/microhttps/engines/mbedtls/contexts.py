"""The engine `mbedtls`: what its channels need of a server or a client, made once. CPython only. Layer 3."""

from mbedtls.exceptions import TLSError
from mbedtls.tls import ClientContext, ServerContext, TLSConfiguration, TLSVersion, ciphers_available

from ...errors import TrustError, Unsupported, UsageError
from ...wire.x509 import der_of
from ..leaf import is_self_signed
from ..strict import is_address, judge
from .anchors import Anchors, certificate_of
from .reasons import judge_client, path_above, reason_of

# With forward secrecy (RFC 7525 section 4), and as OpenSSL's defaults in CPython have it, nothing by SHA-1.
_GOOD = ("TLS-ECDHE-ECDSA-WITH-AES-", "TLS-ECDHE-RSA-WITH-AES-", "TLS-ECDHE-ECDSA-WITH-CHACHA20-",
         "TLS-ECDHE-RSA-WITH-CHACHA20-")  # fmt: skip
_BAD = ("-SHA", "-CCM", "-CCM-8")
_BY_RSA = "TLS-RSA-WITH-AES-", "-GCM-"  # begins so, and has this in it: for `danger_rsa_key_exchange`
_ONLY_TRADITIONAL = "python-mbedtls reads encrypted keys in the traditional form alone (openssl pkey -traditional)"


def server_context(identity, trust, settings, old=None):
    """A ServerSide; raises UsageError when certificate or key cannot be used. Nothing is taken from the `old` one."""
    choices = settings.choices if settings is not None and settings.choices else {}
    anchors = Anchors(trust) if trust is not None else None
    is_optional = choices.get("client_certificate") == "optional"
    options = {
        "ciphers": _ciphers(choices.get("ciphers")),
        # One switch for "required" and "optional"; there is none for "none", so that every client is asked for one.
        "validate_certificates": trust is not None and not is_optional,
        "trust_store": anchors and anchors.store,
        "inner_protocols": _protocols(choices.get("alpn")),
    }
    identities = choices.get("identities") or {}
    contexts = {name.lower(): _context(ServerContext, identities[name], options) for name in identities}
    return ServerSide(_context(ServerContext, identity, options), contexts, anchors)


def client_context(trust, identity, settings):
    """A ClientSide; it verifies chain, name and dates unless the trust says pins or `danger_…`."""
    anchors = Anchors(trust) if trust.is_by_authority() else None
    by_rsa = settings is not None and settings.danger_rsa_key_exchange
    options = {
        "ciphers": _ciphers(None, by_rsa),
        "validate_certificates": anchors is not None,
        "trust_store": anchors and anchors.store,
    }
    return ClientSide(_context(ClientContext, identity, options), anchors)


def _context(kind, identity, options):
    configuration = TLSConfiguration(
        certificate_chain=None if identity is None else _load_identity(identity),
        lowest_supported_version=TLSVersion.TLSv1_2, highest_supported_version=TLSVersion.TLSv1_2, **options)
    try:
        return kind(configuration)
    except TLSError as error:
        raise UsageError("bad_certificate_file", cause=error)


def _load_identity(identity):
    """((certificates), key) as the library has them; raises UsageError."""
    chain, key = identity.load("pem")
    certificates = tuple(certificate_of(der) for der in der_of(chain))
    password = identity.password.encode() if isinstance(identity.password, str) else identity.password
    if password is not None and b"-----BEGIN ENCRYPTED" in key:
        raise Unsupported("unsupported", setting="password", reason=_ONLY_TRADITIONAL)
    try:
        kind = type(certificates[0].subject_public_key)
        return certificates, kind.from_buffer(key.rstrip() + b"\n", password)
    except (TLSError, ValueError, TypeError) as error:
        code = "wrong_password" if b"ENCRYPTED" in key else "bad_certificate_file"
        raise UsageError(code, cause=error, certificate=identity.name)


def _ciphers(chosen, by_rsa=False):
    """The names of the ciphers, those that were chosen (a list, or text between colons) or the good ones."""
    known = ciphers_available()
    if not chosen:
        usual = [name for name in known if name.startswith(_GOOD) and not name.endswith(_BAD)]
        if by_rsa:
            usual += [name for name in known if name.startswith(_BY_RSA[0]) and _BY_RSA[1] in name]
        return tuple(usual)
    names = chosen.replace(",", ":").split(":") if isinstance(chosen, str) else chosen
    try:
        names = tuple(names)
        if names and not set(names) - set(known):
            return names
    except TypeError:
        pass
    raise UsageError("bad_ciphers", got=chosen)


def _protocols(names):
    return tuple(name.encode() for name in names) if names else None


class ServerSide:
    """What the channels of a server share: whom it is, by name, and whom it believes."""

    def __init__(self, context, contexts, anchors):
        self._context = context
        self._contexts = contexts
        self._anchors = anchors
        self.is_judging = anchors is not None

    def buffers_for(self, name):
        """The library's buffers of one connection, for a client who asks for this name or None."""
        if name and self._contexts:
            context = self._contexts.get(name) or self._contexts.get("*." + name.partition(".")[2])
            if context is not None:
                return context.wrap_buffers()
        return self._context.wrap_buffers()

    def prepare_for(self, chain):
        """Nothing: whom it believes is known."""

    def judge(self, chain, host):
        """Judge of a client's chain that the library has verified what it passes over; raises TrustError."""
        try:
            judge_client(chain[0], path_above(chain, self._anchors))
        except (IndexError, ValueError) as error:
            raise TrustError("certificate_refused", cause=error)

    def told_apart(self, error, chain, host):
        """The error, told apart further by the chain that the client has shown."""
        if isinstance(error, TrustError) and error.code in ("untrusted_issuer", "certificate_refused") and chain:
            error.code = reason_of(chain, self._anchors, None) or error.code
            if error.code == "untrusted_issuer" and is_self_signed(chain[0]):
                error.code = "self_signed"
        return error


class ClientSide:
    """What the channels of a client share: who it is, and whom it believes."""

    is_judging = True

    def __init__(self, context, anchors):
        self._context = context
        self._anchors = anchors

    def buffers_to(self, host):
        """The library's buffers of one connection; raises UsageError("bad_host_name").

        An address is nobody's name: this Mbed TLS looks for it among the names, and RFC 6066 section 3 has it not sent.
        It is compared by `judge`.
        """
        try:
            return self._context.wrap_buffers(None if host is None or is_address(host) else host)
        except (TLSError, ValueError) as error:
            raise UsageError("bad_host_name", cause=error, host=host)

    def prepare_for(self, chain):
        """Have the roots at hand in which this chain may end."""
        if self._anchors is not None:
            self._anchors.add_for(chain)

    def judge(self, chain, host):
        """Judge of a chain that the library has verified what it passes over (see `strict`); raises TrustError."""
        try:
            judge(chain[0], path_above(chain, self._anchors), host)
        except (IndexError, ValueError) as error:
            raise TrustError("certificate_refused", cause=error, host=host)

    def told_apart(self, error, chain, host):
        """The error, told apart further by the chain that was shown."""
        if isinstance(error, TrustError) and chain:
            from ...wire.x509 import tell_apart

            if error.code == "untrusted_issuer" and self._anchors is not None:
                error.code = reason_of(chain, self._anchors, host) or error.code
            tell_apart(error, chain)
        return error
