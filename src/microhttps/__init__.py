"""microhttps: HTTPS for small computers that run Python. The public names, each loaded when first used. Layer 10."""

__version__ = "0.1.0"

_ROOMS = {
    "Server": "server.server",
    "Request": "messages.request",
    "Response": "messages.response",
    "Session": "connections.session",
    "Identity": "identity",
    "Trust": "trust",
    "Client": "client.client",
    "fetch": "client.client",
    "connect": "client.stream",
    "wrap_socket": "sockets",
}
_ERRORS = (
    "MicrohttpsError", "UsageError", "Unsupported", "PeerError", "TrustError", "ClockError", "NetworkError",
    "DeadlineError", "OutOfMemory",
)  # fmt: skip


def __getattr__(name):
    room = "errors" if name in _ERRORS else _ROOMS.get(name)
    try:
        # MicroPython asks here before it looks for a submodule: `from microhttps import errors`.
        module = __import__("microhttps." + (room or name), None, None, (name,))
    except ImportError:
        if room:
            raise  # ours is there, and what it needs is not
        raise AttributeError("microhttps has no " + name)
    value = getattr(module, name) if room else module
    globals()[name] = value
    return value
