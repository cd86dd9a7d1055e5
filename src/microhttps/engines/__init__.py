"""The TLS libraries: the one that the interpreter brings, as `engine`, chosen here and nowhere else. Layer 3.

Who speaks TLS asks the `engine` of its settings, which is that one unless another was named (`choosing`). On a board
there is one alone. Engines know no HTTP and no port. What every one of them has is docs/architecture.md's table:

    NAME, CAN, REASONS      what it is called, what it is able to do beyond the rest, why not what is not in there
    server_context(identity, trust, settings, old=None), client_context(trust, identity, settings)
    Channel(context, raw), channel_for(trust, choices)                  the server's side of a connection; which class
    ClientChannel(context, raw, host, trust, ticket=None)               the client's side

and, where "public_roots" is not in CAN, `blank_context` and `ScoutChannel`, where "handshake_end" is not, `patient`.
Each translates its library's errors, so that a fault has the same class and code whatever the engine.
"""

import sys

if sys.implementation.name == "micropython":
    from .micropython import engine
else:
    from .openssl import engine

__all__ = ["engine"]
