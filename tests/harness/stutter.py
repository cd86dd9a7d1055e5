"""Channels that would block at every step: what a busy network does now and then, done always. Both interpreters.

Each call that could go on says first that it must wait, and for the other direction than one would think; what is
sent is taken in pieces of 1, 37 and 4096 bytes in turn. Everything must still go as it goes without.
"""

PIECES = (1, 37, 4096)


def stutter(name):
    """Make every channel of the engine of that name (None: the interpreter's), and plain ones, stutter from now on.

    Call it before servers and clients are made.
    """
    from microhttps.engines import engine
    from microhttps.port import system

    if name is not None:
        from microhttps.engines.finding import find_engine

        engine = find_engine(name)
    chosen = engine.channel_for
    chosen(None, {"alpn": ("http/1.1",)})  # what is made of the engine's channels is made before those are others
    kinds = [(name, getattr(engine, name)) for name in ("Channel", "ClientChannel")]
    for name, kind in kinds:
        setattr(engine, name, stuttering(kind, system.WRITE))
    engine.channel_for = lambda trust, choices: stuttering(chosen(trust, choices), system.WRITE)
    system.PlainChannel = stuttering(system.PlainChannel, system.WRITE)


def stuttering(kind, direction):
    """A channel of this kind that stutters, wanting `direction`."""
    if hasattr(kind, "must_wait"):
        return kind

    class Stuttering(kind):
        # How often each was called; every other time it goes through. A handshake may call receive.
        handshakes = receives = sends = 0
        piece = 0

        def handshake(self):
            self.handshakes += 1
            return False if self.must_wait(self.handshakes) else super().handshake()

        def receive(self):
            self.receives += 1
            return None if self.must_wait(self.receives) else super().receive()

        def send(self, data):
            self.sends += 1
            if self.must_wait(self.sends):
                return 0
            count = super().send(data[:PIECES[self.piece % 3]])
            if count:
                self.piece += 1  # else the same bytes must come again
            return count

        def must_wait(self, turn):
            if turn % 2 == 0:
                return False
            self.wants = direction
            return True

    return Stuttering
