"""Prints what each module keeps of the heap: one "bytes name" a line.

The names of the modules come as arguments, each one after those it imports; what they loaded besides (asyncio, say)
is counted with the first that wants it. Without arguments: prints which modules our server loads, one a line.
"""

import gc
import sys


def print_names():
    from microhttps import Identity, Server

    for name in (Identity, Server) and sys.modules:
        print(name)


def print_kept(names):
    for name in names:
        gc.collect()
        before = gc.mem_alloc()
        __import__(name)
        gc.collect()
        print(gc.mem_alloc() - before, name)


if len(sys.argv) > 1:
    print_kept(sys.argv[1:])
else:
    print_names()
