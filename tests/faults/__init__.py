"""One fault, one code: what goes wrong is called the same on both interpreters, whichever side it is seen from."""
