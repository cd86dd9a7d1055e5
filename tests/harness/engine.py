"""Another TLS engine than the interpreter's own for all that a process makes, whether it names one or not. CPython."""

from microhttps import sockets
from microhttps.client import client, stream
from microhttps.engines.finding import find_engine
from microhttps.server import server


def use_engine(name):
    """Call it before servers and clients are made."""
    for side in (server, client, stream, sockets):
        side.Settings.engine = find_engine(name)
