"""MicroPython's `tls`: which class of channels a server needs; asked at its start, and then forgotten. Layer 3."""

from .engine import Channel


def channel_for(trust, choices):
    """The class of the channels of a server with this trust (or None) and these choices (see tls_limits)."""
    if trust is None:
        return Channel
    if choices.get("client_certificate") == "optional":
        from .optional import channel_of

        return channel_of(trust)
    from .mutual import MutualChannel

    return MutualChannel
