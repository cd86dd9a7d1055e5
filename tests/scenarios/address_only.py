"""A certificate for an address is no certificate for a name."""

OPTIONS = {"certificate": "address-only"}

from .names import client, make_server  # noqa: F401

EXPECTED = """
localhost wrong_name
127.0.0.1 no error
LOCALHOST wrong_name
127.0.0.2 wrong_name
"""
