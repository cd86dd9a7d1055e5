"""Prints the bytes of heap that importing microdot keeps."""
# The heap is looked at before the imports.
# ruff: noqa: E402

import gc

gc.collect()
before = gc.mem_alloc()
from microdot import Microdot

used = (Microdot,)
gc.collect()
print(gc.mem_alloc() - before)
