"""The TLS library this runs on, chosen here and nowhere else.

Every engine has the same outside: `server_context`, `client_context`, `Channel`, `classify`, and `CAN`, the set of what
it is able to do beyond that. Asking for more raises Unsupported. Engines know no HTTP and no port. Layer 3.
"""

import sys

if sys.implementation.name == "micropython":
    from . import micropython as engine
else:
    from . import openssl as engine

__all__ = ["engine"]
