"""Runs an example as `python EXAMPLE` does, some names changed: run_example.py NAME CHANGES. Both interpreters.

CHANGES is a file of JSON: {"server.port": 20000, "mqtt_broker.HOST": "localhost", ...}, of names in the example or in
a module beside it; {"trust": FILE} in it is an authority, {"identity": [FILE, FILE]} a certificate and its key,
{"exists": FILE} a function that tells whether there is such a file, {"hex": TEXT} are bytes. `path` are folders from
which is imported, `before` what is imported first, `arguments` those of the example's `main`; what has none is a
server, and is run.
"""

import json
import os
import sys
from binascii import unhexlify

from microhttps import Identity, Trust


class Wlan:
    """Stands for a board's interface, which is connected while there is such a file."""

    def __init__(self, file):
        self._file = file

    def isconnected(self):
        try:
            return bool(os.stat(self._file))
        except OSError:
            return False


# what JSON cannot say
KINDS = {"trust": Trust.load, "identity": lambda pair: Identity(*pair), "hex": unhexlify, "wlan": Wlan}


def value_of(given):
    if isinstance(given, dict):
        for kind in KINDS:
            if kind in given:
                return KINDS[kind](given[kind])
    return given


def change(example, name, given):
    *owners, last = name.split(".")
    owner = example
    if owners and not hasattr(example, owners[0]):
        owner = __import__(owners.pop(0))
    for each in owners:
        owner = getattr(owner, each)
    setattr(owner, last, value_of(given))


def main(name, file):
    with open(file) as opened:
        changes = json.load(opened)
    sys.path[:0] = changes.pop("path")
    arguments = [value_of(given) for given in changes.pop("arguments", [])]
    for each in changes.pop("before", []):
        __import__(each)
    example = __import__(name)
    for each in changes:
        change(example, each, changes[each])
    if hasattr(example, "main"):
        example.main(*arguments)
    else:
        example.server.run()


main(*sys.argv[1:])
