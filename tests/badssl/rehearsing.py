"""Rehearses chains (see engines/micropython/rehearsal) over TLS 1.2, the only one that firmware for boards has.

    rehearsing.py FOLDER SITE...        says of each site, its chain in order, what came of it

Debian's MicroPython has TLS 1.3, too, and no switch for it: what crosses the pipe is changed so that neither end hears
of it. The keys that come of it differ, and no rehearsal gets as far as to use them. Needs no asyncio, which the build
with a Pico W's TLS has not.
"""

import sys

from microhttps.engines.micropython import rehearsal
from microhttps.errors import MicrohttpsError
from microhttps.wire.x509 import der_of

CHANGES = ((b"\x00\x2b\x00\x05\x04\x03\x04\x03\x03", b"\x5a\x5a\x00\x05\x04\x03\x04\x03\x03"),  # supported_versions
           (b"DOWNGRD\x01", b"........"))  # RFC 8446 section 4.1.3


class End(rehearsal._End):
    def write(self, data):
        data = bytes(data)
        for before, behind in CHANGES:
            data = data.replace(before, behind)
        if data[:1] == b"\x16" and data[5:6] == b"\x02":
            assert b"\x00\x2b\x00\x02" not in data  # the ServerHello agrees on TLS 1.2
        return super().write(data)


class Root:
    """What of a Trust an engine asks for; the module itself needs the port."""

    kind, crl = "own", None

    def __init__(self, path):
        self._path = path

    def certificates(self):
        return chain_of(self._path)

    def is_by_authority(self):
        return True


def chain_of(path):
    with open(path, "rb") as file:
        return der_of(file.read())


def main(folder, *names):
    rehearsal._End = End
    for name in names:
        chain = chain_of(folder + "/" + name + ".crt")
        chain[1:] = list(reversed(chain[1:]))
        try:
            print(name, rehearsal.rehearse(chain, Root(folder + "/root.crt"), "localhost") or "here")
        except MicrohttpsError as error:
            print(name, error.code)


main(*sys.argv[1:])
