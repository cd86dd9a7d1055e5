"""Prints what each module of our server keeps by itself, without what it imports: one "bytes name" a line.

The import statement is replaced by one that looks at the heap before and after; what the modules imported meanwhile
have kept is taken off.
"""
# The heap is looked at before the imports.
# ruff: noqa: E402

import builtins
import gc
import sys

# Prepared beforehand, so that the bookkeeping itself moves the heap as little as possible.
names = [None] * 64
kept = [0] * 64
within = [0] * 32
state = [0, 0]
real_import = builtins.__import__


def measured_import(*arguments):
    count = len(sys.modules)
    state[1] += 1
    depth = state[1]
    within[depth] = 0
    gc.collect()
    before = gc.mem_alloc()
    module = real_import(*arguments)
    gc.collect()
    grown = gc.mem_alloc() - before
    state[1] -= 1
    if len(sys.modules) > count:
        names[state[0]] = str(arguments[0])
        kept[state[0]] = grown - within[depth]
        state[0] += 1
    within[depth - 1] += grown
    return module


builtins.__import__ = measured_import
import microhttps

for name in sys.argv[1:]:
    getattr(microhttps, name)
for place in range(state[0]):
    print(kept[place], names[place])
