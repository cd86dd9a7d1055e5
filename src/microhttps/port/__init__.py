"""The interpreter this runs on, as `system`: the one place of the package that asks which it is.

Everything above takes sockets, waiting, time and tasks from here, under the same names on both interpreters. Imports
the wire; knows no TLS. Layer 3.
"""

import sys

if sys.implementation.name == "micropython":
    from .micropython import system
else:
    from .cpython import system

__all__ = ["system"]
