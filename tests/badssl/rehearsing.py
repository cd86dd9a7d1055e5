"""Rehearses chains (see engines/micropython_rehearsal) over TLS 1.2, the only one that firmware for boards has.

This MicroPython has TLS 1.3, too, and no switch for it: what crosses the pipe is changed so that neither end hears of
it. The keys that come of it differ, and no rehearsal gets as far as to use them. Says of each site what came of it.
"""

from microhttps import MicrohttpsError
from microhttps.engines import micropython_rehearsal
from microhttps.wire.x509 import der_of

CHANGES = ((b"\x00\x2b\x00\x05\x04\x03\x04\x03\x03", b"\x5a\x5a\x00\x05\x04\x03\x04\x03\x03"),  # supported_versions
           (b"DOWNGRD\x01", b"........"))  # RFC 8446 section 4.1.3


class End(micropython_rehearsal._End):
    def write(self, data):
        data = bytes(data)
        for before, behind in CHANGES:
            data = data.replace(before, behind)
        if data[:1] == b"\x16" and data[5:6] == b"\x02":
            assert b"\x00\x2b\x00\x02" not in data  # the ServerHello agrees on TLS 1.2
        return super().write(data)


micropython_rehearsal._End = End


async def client(play):
    for name in play.options["sites"]:
        with open(play.path(name + ".crt"), "rb") as file:
            chain = der_of(file.read())
        chain[1:] = list(reversed(chain[1:]))
        try:
            play.say(name, micropython_rehearsal.rehearse(chain, play.trust("root"), "localhost") or "here")
        except MicrohttpsError as error:
            play.say(name, error.code, error.facts)
