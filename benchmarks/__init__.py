"""Benchmarks: our speed and our memory beside those of the peers, measured in the same run.

Absolute figures belong to one machine on one day; what counts is the ratio between two servers that were measured
by turns a minute apart. Run `python -m benchmarks`, or `python -m benchmarks --quick` while you work.
"""
