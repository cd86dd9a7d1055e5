"""Prints the bytes of heap that importing our client keeps."""
# The heap is looked at before the imports.
# ruff: noqa: E402

import gc

gc.collect()
before = gc.mem_alloc()
from microhttps import Client

used = (Client,)
gc.collect()
print(gc.mem_alloc() - before)
