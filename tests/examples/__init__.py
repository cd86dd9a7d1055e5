"""The programs in examples/, as they stand, on both interpreters, beside clients and servers of other people."""
