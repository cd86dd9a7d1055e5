"""The public roots: the store, the two passes on MicroPython, the hashed directory on CPython."""
