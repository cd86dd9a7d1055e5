"""MicroPython's `tls`: contexts with our certificate and the authorities we believe; made, then forgotten. Layer 3."""

import tls

from ...errors import Unsupported, UsageError


def server_context(identity, trust, settings, old=None):
    """A context for the server's side; raises UsageError when certificate or key cannot be used.

    One for a renewed identity is new, too: it has no tickets that could live on from the `old` one.
    """
    context = tls.SSLContext(tls.PROTOCOL_TLS_SERVER)
    load_identity(context, identity)
    if trust is not None:
        load_trust(context, trust)
        context.verify_mode = tls.CERT_REQUIRED
    if settings is not None and settings.choices:
        from .choices import apply_choices

        apply_choices(context, settings.choices)
    return context


def load_trust(context, trust):
    """Make a context believe the trust's authorities; raises UsageError, and Unsupported where a list comes along."""
    if trust.crl is not None:
        raise Unsupported("no_crl")
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
