"""Connections on BearSSL between two channels of one process, with what somebody in between does to the bytes.

    bearssl_rounds.py flat FOLDER COUNT     what is left of COUNT rounds of every kind: KB resident, objects
    bearssl_rounds.py fuzz FOLDER COUNT     how COUNT rounds ended in which bytes were changed, lost and added
"""

import gc
import os
import random
import socket
import sys
import time

from harness.programs import open_files, resident_kilobytes
from microhttps import Identity, MicrohttpsError, Trust
from microhttps.engines.bearssl import engine as bearssl
from microhttps.engines.bearssl.believing import Authorities, Certificate, believe
from microhttps.wire.x509 import der_of

TURNS = 60


class Settings:
    """What contexts are made with."""

    def __init__(self, **choices):
        self.choices = choices


class Pair:
    """A client and a server, each over a socket of its own, whose other ends are ours."""

    def __init__(self, client_context, server_context, trust):
        ours, self._left = socket.socketpair()
        theirs, self._right = socket.socketpair()
        for end in (ours, self._left, theirs, self._right):
            end.setblocking(False)
        self.channels = [bearssl.ClientChannel(client_context, ours, "localhost", trust),
                         bearssl.Channel(server_context, theirs)]
        self.ends = [None, None]

    def play(self, tamper):
        for turn in range(TURNS):
            for number, channel in enumerate(self.channels):
                self._step(number, channel)
            moved = [self._move(*ends, tamper) for ends in ((self._left, self._right), (self._right, self._left))]
            if not any(moved) and turn > 3:
                break
        for channel in self.channels:
            channel.close_notify()
            channel.close()
            channel.close()
        self._left.close()
        self._right.close()
        return tuple(self.ends)

    def _step(self, number, channel):
        try:
            if self.ends[number] is None and channel.handshake():
                self.ends[number] = "shaken"
                channel.facts()
                channel.send(b"a few words" * 1000)
            elif self.ends[number] == "shaken" and channel.receive() == b"":
                self.ends[number] = "ended"
        except MicrohttpsError as error:
            self.ends[number] = error.code

    def _move(self, source, sink, tamper):
        try:
            data = source.recv(65536)
            if data:
                sink.sendall(tamper(data))
            return bool(data)
        except OSError:
            return False


def identity(folder, name):
    return Identity(f"{folder}/{name}.crt", f"{folder}/{name}.key")


def sides(folder):
    """(contexts of clients, of servers, the trust of the clients)."""
    trust = Trust.load(f"{folder}/ca.crt")
    servers = [bearssl.server_context(identity(folder, "good"), None, Settings()),
               bearssl.server_context(identity(folder, "wrong-name"), None, Settings()),
               bearssl.server_context(identity(folder, "unknown"), None, Settings()),
               bearssl.server_context(identity(folder, "rsa"), trust, Settings()),
               bearssl.server_context(identity(folder, "chain"), trust, Settings(client_certificate="optional"))]
    clients = [bearssl.client_context(trust, shown, Settings()) for shown in (
        None, identity(folder, "client"), identity(folder, "client-chain"), identity(folder, "client-forged"))]
    return clients, servers, trust


def whole(data):
    return data


def flat(folder, count):
    clients, servers, trust = sides(folder)
    kinds = [(client, server, tamper) for client in clients for server in servers
             for tamper in (whole, lambda data: data[: len(data) // 2], lambda data: b"\x16\x03\x03\xff" + data)]
    for number in range(count):
        Pair(kinds[number % len(kinds)][0], kinds[number % len(kinds)][1], trust).play(kinds[number % len(kinds)][2])
    left = len(gc.get_objects())
    gc.collect()
    return resident_kilobytes(os.getpid()), left, open_files(os.getpid())


def fuzz(folder, count):
    generator = random.Random(count)
    clients, servers, trust = sides(folder)

    def tamper(data):
        return changed(data, generator) if generator.random() < 0.3 else data

    ends = set()
    for _ in range(count):
        ends |= {*Pair(generator.choice(clients), generator.choice(servers), trust).play(tamper)}
    return ends


def fuzz_chains(folder, count):
    """How many chains in which a few bytes were changed are believed, and what is said of the others."""
    generator = random.Random(count)
    with open(f"{folder}/chain.crt", "rb") as file:
        good = der_of(file.read())
    with open(f"{folder}/ca.crt", "rb") as file:
        authorities = Authorities([Certificate(der_of(file.read())[0], is_own=True)])
    codes = set()
    for _ in range(count):
        at = generator.randrange(len(good))
        chain = [changed(der, generator) if number == at else der for number, der in enumerate(good)]
        if chain == good:
            continue
        try:
            believe(chain, authorities, "localhost", int(time.time()))
            codes.add("believed")
        except MicrohttpsError as error:
            codes.add(error.code)
    return codes


def changed(data, generator):
    data = bytearray(data)
    at = generator.randrange(len(data))
    kind = generator.randrange(4)
    if kind == 0:
        data[at] ^= 1 << generator.randrange(8)
    elif kind == 1:
        data[at:at + generator.randrange(1, 20)] = b""
    elif kind == 2:
        data[at:at] = generator.randbytes(generator.randrange(1, 20))
    else:
        data = data[:at]
    return bytes(data)


def main(what, folder, count):
    count = int(count)
    if what == "flat":
        flat(folder, count // 4)
        print(*flat(folder, 60))
        print(*flat(folder, count))
    else:
        print(*sorted(map(str, fuzz(folder, count))))
        print(*sorted(fuzz_chains(folder, 4 * count)))


if __name__ == "__main__":
    main(*sys.argv[1:])
