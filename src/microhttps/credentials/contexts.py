"""Contexts of the interpreter's own TLS library, for other people's clients and servers.

Whoever gets one verifies with it: what only our own connections can judge is refused here. Layer 4.
"""

from ..engines import engine
from ..errors import Unsupported, UsageError
from ..port import system


def client_context(trust, identity, host, port):
    """What `Trust.client_context` says."""
    if trust.kind in ("pinned", "first_use"):
        raise Unsupported("only_our_client", got=trust.kind)
    if trust.kind == "public" and "public_roots" not in engine.CAN:
        if host is None:
            raise Unsupported("roots_need_host")
        from ..client.root_finding import find_trust

        trust = system.run(find_trust(host, port, trust))
    return engine.client_context(trust, identity, None)


def server_context(identity, trust):
    """What `Identity.server_context` says."""
    if trust is not None and trust.kind != "own":
        raise UsageError("bad_client_trust", got=trust.kind)
    identity.check()
    return engine.server_context(identity, trust, None)
