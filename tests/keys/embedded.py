"""A server that has its certificate and key within: the module `identity`, as `microhttps embed` wrote it.

Runs on both interpreters.
"""

import sys
from binascii import unhexlify

from microhttps import Identity


def make_server(play):
    sys.path.insert(0, play.options["folder"])
    from identity import CERTIFICATE, KEY

    secret = play.options.get("secret")
    identity = Identity(CERTIFICATE, KEY, sealed=unhexlify(secret)) if secret else Identity(CERTIFICATE, KEY)
    server = play.server(identity=identity)

    @server.get("/")
    def page(request):
        return "embedded"

    return server
