"""MicroPython's `tls`: contexts with our certificate and the authorities we believe; made, then forgotten. Layer 3."""

import tls

from ..errors import Unsupported, UsageError


def server_context(identity, trust, settings):
    """A context for the server's side; raises UsageError when certificate or key cannot be used."""
    if settings is not None:
        for name in ("session_tickets", "alpn"):
            if getattr(settings, name):
                raise Unsupported("unsupported", setting=name)
    context = tls.SSLContext(tls.PROTOCOL_TLS_SERVER)
    load_identity(context, identity)
    if trust is not None:
        load_trust(context, trust)
        context.verify_mode = tls.CERT_REQUIRED
    return context


def load_trust(context, trust):
    """Make a context believe the trust's authorities; raises UsageError."""
    for certificate in trust.certificates():
        try:
            context.load_verify_locations(certificate)
        except (OSError, ValueError) as error:
            raise UsageError("bad_certificate_file", cause=error)


def load_identity(context, identity):
    """Give a context our certificate and key; raises UsageError."""
    try:
        context.load_cert_chain(*identity.load("der"))
    except (OSError, ValueError) as error:
        raise UsageError("bad_certificate_file", cause=error, certificate=identity.name)


def authority_form(data):
    """A certificate authority as this engine loads it: PEM and DER alike are bytes."""
    return data
