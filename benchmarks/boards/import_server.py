"""Prints the bytes of heap that importing our server keeps."""
# The heap is looked at before the imports.
# ruff: noqa: E402

import gc

gc.collect()
before = gc.mem_alloc()
from microhttps import Identity, Server

# The names are loaded on first use, so use them.
used = (Identity, Server)
gc.collect()
print(gc.mem_alloc() - before)
