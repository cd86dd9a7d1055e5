"""Applications of the CPython peers; each is started as a program of its own and never imported here."""
