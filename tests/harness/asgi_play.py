"""A scenario's server as the ASGI application of a server that is not ours: `harness.asgi_play:application`.

What `play.py` takes from its command line comes in the environment, as JSON: module, port, folder, options.
"""

import json
import os

from harness.play import Play

VARIABLE = "MICROHTTPS_PLAY"

if VARIABLE in os.environ:
    module, port, folder, options = json.loads(os.environ[VARIABLE])
    application = __import__(module, None, None, ("make_server",)).make_server(Play(port, folder, options)).asgi
