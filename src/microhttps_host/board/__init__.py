"""The runtime made smaller for a board: merged by the stages of its life, names shortened, compiled. See `build`.

Layer 12.
"""
