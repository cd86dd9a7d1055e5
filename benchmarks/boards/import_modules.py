"""Prints what each module keeps of the heap: one "bytes name" a line.

The names of the modules come as arguments, each one after those it imports; what they loaded besides is counted with
the first that wants it.
"""

import gc
import sys

for name in sys.argv[1:]:
    gc.collect()
    before = gc.mem_alloc()
    __import__(name)
    gc.collect()
    print(gc.mem_alloc() - before, name)
