"""A connection whose last words were sent while its peer may still be sending: read and forget. Layer 5."""

from ..port import system

SECONDS = 1.0  # nginx: 5 s


def stay(transport):
    """Linger, even where sockets cannot be shut down: the alert that refuses a certificate ends the connection.

    A client of TLS 1.3 has asked already when its certificate is judged, and closing over that takes the alert back.
    """
    system.shut_down(transport.channel.raw)
    Lingering(transport)


class Lingering:
    """Takes the transport over from its owner, who hears of the close."""

    __slots__ = ("_owner", "_transport")

    def __init__(self, transport):
        self._owner = transport.owner
        self._transport = transport
        transport.owner = self
        transport.set_deadline(SECONDS, "linger")
        transport.watcher.watch(0)
        transport.watcher = system.Watcher(transport.channel.raw, self.on_ready)
        transport.watcher.watch(system.READ)

    def on_ready(self):
        """More came, or the end."""
        if not system.discard(self._transport.channel.raw):
            self._transport.close()

    def on_deadline(self):
        """It was long enough."""
        self._transport.close()

    def on_closed(self):
        """Tell the owner."""
        if self._owner is not None:
            self._owner.on_closed()
