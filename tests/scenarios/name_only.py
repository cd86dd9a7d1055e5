"""A certificate for a name is no certificate for its address."""

OPTIONS = {"certificate": "name-only"}

from .names import client, make_server  # noqa: F401

EXPECTED = """
localhost no error
127.0.0.1 wrong_name
LOCALHOST no error
127.0.0.2 wrong_name
"""
