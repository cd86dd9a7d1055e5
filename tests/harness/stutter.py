"""Channels that would block at every step: what a busy network does now and then, done always. Both interpreters.

Each call that could go on says first that it must wait, and for the other direction than one would think; what is
sent is taken in pieces of 1, 37 and 4096 bytes in turn. Everything must still go as it goes without.
"""

PIECES = (1, 37, 4096)


def stutter():
    """Make every channel of this process stutter from now on; call it before servers and clients are made."""
    from microhttps.engines import engine
    from microhttps.port import system

    names = ["Channel", "ClientChannel", "ChoosingChannel" if "identities" in engine.CAN else "MutualChannel"]
    kinds = [getattr(engine, name) for name in names]  # taken first: one is made from the other when it is asked for
    for name, kind in zip(names, kinds):
        setattr(engine, name, stuttering(kind, system.WRITE))
    system.PlainChannel = stuttering(system.PlainChannel, system.WRITE)


def stuttering(kind, direction):
    """A channel of this kind that stutters, wanting `direction`."""

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
