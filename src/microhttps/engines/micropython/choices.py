"""MicroPython's `tls`: what an application may choose of its TLS there, beyond certificates. Layer 3."""

import tls

from ...errors import UsageError


def apply_choices(context, choices):
    """Set a context as the application chose (see tls_limits); raises UsageError."""
    if choices.get("client_certificate") == "optional":
        context.verify_mode = tls.CERT_OPTIONAL  # and then channels judge: see `optional`
    ciphers = choices.get("ciphers")
    if ciphers:
        names = ciphers
        try:
            names = ciphers.replace(",", ":").split(":") if isinstance(ciphers, str) else list(ciphers)
            context.set_ciphers(names)
        except (OSError, TypeError, ValueError) as error:
            raise UsageError("bad_ciphers", cause=error, got=names)


def exchange_by_rsa(context):
    """Have a client's context offer no cipher with which a server would sign by RSA under TLS 1.2."""
    context.set_ciphers([name for name in context.get_ciphers()
                         if name.startswith("TLS1-3-") or ("-GCM-" in name or "-CHACHA20-" in name)
                         and name.startswith(("TLS-ECDHE-ECDSA-WITH-", "TLS-RSA-WITH-"))])
