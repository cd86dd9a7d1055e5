"""OpenSSL's contexts: our certificate and key, the authorities we believe, what an application chose. Layer 3."""

import contextlib
import os
import ssl

from ...errors import UsageError


def server_context(identity, trust, settings, old=None):
    """A context for the server's side; raises UsageError when certificate or key cannot be used.

    The `old` one, whose identity was renewed, is given the new identity and goes on with its tickets where that can be:
    it must have one identity, and a key of the same kind, because OpenSSL keeps one certificate for each kind.
    """
    from .suites import context_with_suites

    choices = settings.choices if settings is not None and settings.choices else {}
    context = context_with_suites(lambda: _new_context(ssl.PROTOCOL_TLS_SERVER), choices.get("ciphers"))
    context.options |= ssl.OP_NO_RENEGOTIATION
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
        from .choices import apply_choices

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
            at = certificate.find(b"-----BEGIN ")
            text = certificate[at:].decode("ascii", "ignore") if at >= 0 else certificate
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
        raise _identity_error(error, identity, b"ENCRYPTED" in key)


def _key_kind(identity):
    """The algorithm of an identity's public key, as its object identifier in DER (RFC 5280 section 4.1.2.7)."""
    from ...wire.der import OBJECT, SEQUENCE, Reader
    from ...wire.x509 import certificate_facts, der_of

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


def _identity_error(error, identity, is_encrypted):
    reason = getattr(error, "reason", None) or str(error)
    code = "bad_certificate_file"
    if reason in ("KEY_VALUES_MISMATCH", "NO_CERTIFICATE_ASSIGNED"):  # none of this kind of key
        code = "key_does_not_match_certificate"
    elif is_encrypted and "_TOO_" not in reason:  # of PKCS#8 OpenSSL says no more than that it cannot be read
        code = "wrong_password"
    elif reason in ("EE_KEY_TOO_SMALL", "CA_KEY_TOO_SMALL", "CA_MD_TOO_WEAK"):
        code = "weak_certificate"
    return UsageError(code, cause=error, certificate=identity.name, reason=reason)
