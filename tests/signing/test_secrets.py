"""Signatures, nonces, parameters and counts of guesses, by themselves, on each interpreter."""

import hashlib
import hmac
import os
import statistics
import time
from pathlib import Path

import pytest

from harness.interpreters import find_or_fail
from microhttps.wire.signing import Key, is_same

CHECKS = Path(__file__).with_name("checks.py")


@pytest.mark.parametrize("name", ["cpython", "micropython", "micropython32"])
def test_what_secrets_are_made_of_holds_on_every_interpreter(name, programs):
    program = programs.run(find_or_fail(name), CHECKS)
    assert program.lines_until_end() == ["good"], program.complaints
    assert program.wait() == 0


def test_signatures_are_those_of_the_standard_library():
    for length in (0, 1, 31, 32, 55, 63, 64, 65, 127, 128, 200):
        key, data = os.urandom(length), os.urandom(3 * length)
        assert Key(key).sign(data) == hmac.digest(key, data, hashlib.sha256)


def test_the_time_of_a_comparison_does_not_tell_where_two_secrets_differ():
    """A comparison byte by byte would take twice as long for the one as for the other: half a megabyte is equal."""
    secret = b"x" * 500_000
    early, late = b"y" + secret[1:], secret[:-1] + b"y"

    def time_of(guess):
        begin = time.perf_counter()
        assert not is_same(secret, guess)
        return time.perf_counter() - begin

    pairs = [(time_of(early), time_of(late)) for _ in range(60)]
    ratio = min(pair[0] for pair in pairs) / min(pair[1] for pair in pairs)
    assert 0.8 < ratio < 1.25, statistics.median(pair[0] / pair[1] for pair in pairs)
