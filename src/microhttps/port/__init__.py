"""The interpreter this runs on: the one place of the package that asks which it is.

Everything above takes sockets, waiting, time and tasks from here, under the same names on both interpreters, and the
head parser that is fastest there. Imports the wire; knows no TLS. Layer 3.
"""

import sys

if sys.implementation.name == "micropython":
    from ..heads_by_split import take_request_head, take_response_head
    from . import micropython as system
else:
    from ..heads_by_expression import take_request_head, take_response_head
    from . import cpython as system

__all__ = ["system", "take_request_head", "take_response_head"]
