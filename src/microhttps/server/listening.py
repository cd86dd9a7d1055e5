"""A listening server: its socket, its pool of connections, its clock; newcomers let in as the pool decides. Layer 9."""

from ..connections.transport import Sweeper, has_room
from ..errors import MicrohttpsError
from ..port import system
from .connection import Connection, is_resting
from .pool import ADMIT, REFUSE, WAIT, Pool

NEWCOMERS = 16  # accepted in one turn of the loop, so that a flood does not stop those who are there


class Listening:
    """What a Server is between start and stop; `opened` is what `starting.open_listener` gave."""

    __slots__ = ("_channel", "beside", "context", "crowd", "listener", "look_at", "looked", "server", "sweeper",
                 "watcher")

    def __init__(self, server, opened):
        settings = server.settings
        self.server = server
        self.context, self._channel, self.listener, tick, beside = opened
        server.pool = Pool(settings.max_open_sockets, settings.max_sockets_per_address, settings.lru_purge)
        self.watcher = server.newcomers = system.Watcher(self.listener, self._on_newcomers)
        self.beside = beside and Listening(*beside)
        self.look_at = self.context and system.now()  # the next look at the files of the identity
        self.looked = None
        self.crowd = None  # the task that looks after newcomers for whom there is no place
        self.sweeper = Sweeper(tick, self._on_tick)
        self.sweeper.start()
        self._on_tick()

    async def stop(self):
        """End as Server.stop says; waits for requests in progress, at most `stop_timeout` seconds."""
        from .stopping import stop

        await stop(self)

    def _on_tick(self):
        server = self.server
        # Loaded by a failure and not needed for the next request: after a port scan a board is as empty as before.
        system.drop("routing.misses", "server.endings", "server.failures", "server.refusing", "wire.reasons",
                    "wire.diagnose", "engines.micropython.faults", "engines.final_alert", "port.micropython.faults")
        server.idle_deadline = system.after(server.settings.keep_alive_timeout)
        server.date_line = date_line() if system.is_clock_set() else b""
        if server.newcomers is self.watcher:  # else it stops, and nobody may look at a closed socket
            # After a fault of accepting, or for those who waited while nobody could go.
            self.watcher.watch(system.READ)
        for connection in server.pool.members:
            if is_resting(connection):
                from .leaving import look_after

                look_after(server)
                break
        if self.look_at is not None and system.is_past(self.look_at, system.now()):
            from .renewal import look

            look(self)
            system.drop("server.renewal")

    def _on_newcomers(self):
        pool = self.server.pool
        system.make_room()
        try:
            for turn in range(NEWCOMERS):
                if pool.judge(None) is WAIT:
                    if not turn:  # else it is not known whether another one is there
                        from .crowd import wait_for_place

                        wait_for_place(self)
                    return
                newcomer = system.accept(self.listener)
                if newcomer is None:
                    return
                self._admit(*newcomer)
        except Exception as error:
            self.watcher.watch(0)  # out of descriptors, most likely: the next tick tries again
            self.server.report(error, "accepting failed")

    def _admit(self, raw, address):
        server = self.server
        verdict = server.pool.judge(address[0])
        try:
            if verdict is not ADMIT and verdict is not REFUSE:
                server.pool.purged += 1
                verdict.transport.close()  # the connection whose place it takes
            if verdict is REFUSE or not has_memory(server):
                from .refusing import refuse

                refuse(server, verdict is REFUSE)
            system.make_room()
            channel = self._channel(raw) if self.context is None else self._channel(self.context, raw)
        except MicrohttpsError as error:
            from .refusing import turn_away

            turn_away(server, raw, address, error)
            return
        except MemoryError:
            raw.close()
            server.refused += 1
            server.tell_no_memory("refused", None)
            return
        connection = Connection(server, channel, address)
        server.pool.add(connection)
        transport = connection.transport
        self.sweeper.watch(transport)
        transport.set_deadline(server.settings.handshake_timeout, "handshake_timeout")
        if channel.is_established:
            connection.on_ready()
        else:
            transport.watcher.watch(system.READ)  # until the client has spoken it is one of the silent


def has_memory(server):
    """Whether there is memory, in one piece, for a connection and its first request; idle ones give theirs.

    Here, because there may be none to load a module that looks after it.
    """
    while not has_room(server.settings):
        victim = server.pool.find_victim()
        if victim is None:
            return False
        server.pool.purged += 1
        try:
            victim.transport.close()
        except MemoryError:
            pass  # it has closed, and what is to be told of it is lost
        victim = None  # which holds what it kept
    return True


def date_line():
    """The Date field line of now, in IMF-fixdate (RFC 9110 section 5.6.7)."""
    year, month, day, hour, minute, second, weekday = system.utc()
    return ("Date: %s, %02d %s %d %02d:%02d:%02d GMT\r\n" % (
        "MonTueWedThuFriSatSun"[3 * weekday:3 * weekday + 3], day,
        "JanFebMarAprMayJunJulAugSepOctNovDec"[3 * month - 3:3 * month], year, hour, minute, second)).encode()
