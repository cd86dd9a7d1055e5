"""The moment before which no clock is right. Apart from `limits`, which a board needs only to make a server.

Layer 1: imports nothing.
"""

# A clock before this moment (2026-11-20, seconds since 1970) was never set: this file is younger.
BUILD_DATE = 1795132800
