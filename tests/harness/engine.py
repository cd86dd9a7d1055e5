"""Another TLS engine than the interpreter's own for all that a process makes, whether it names one or not. CPython."""

import sys

from microhttps import sockets
from microhttps.client import client, stream
from microhttps.engines.finding import find_engine
from microhttps.server import server

# name: the first Python for which its library is not to be had. What is here is tested, and fails where it is missing.
TESTED = {"mbedtls": (3, 13), "bearssl": (4,)}
ENGINES = [name for name, too_new in TESTED.items() if sys.version_info < too_new]


def use_engine(name):
    """Call it before servers and clients are made."""
    for side in (server, client, stream, sockets):
        side.Settings.engine = find_engine(name)
