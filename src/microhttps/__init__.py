"""microhttps: HTTPS for small computers that run Python. The public names, each loaded when first used."""

__version__ = "0.1.0"

_ROOMS = {
    "Server": "server",
    "Response": "response",
    "Identity": "identity",
    "Trust": "trust",
    "Client": "client",
    "fetch": "client",
    "connect": "stream",
    "MicrohttpsError": "errors",
    "UsageError": "errors",
    "Unsupported": "errors",
    "PeerError": "errors",
    "TrustError": "errors",
    "ClockError": "errors",
    "NetworkError": "errors",
    "DeadlineError": "errors",
    "OutOfMemory": "errors",
}


def __getattr__(name):
    if name not in _ROOMS:
        raise AttributeError("microhttps has no " + name)
    module = __import__("microhttps." + _ROOMS[name], None, None, (name,))
    value = getattr(module, name)
    globals()[name] = value
    return value
