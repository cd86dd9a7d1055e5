"""Cookies, redirects, downloads, dates: the same verdict on both interpreters; and dates against the library's."""

from email.utils import formatdate
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from files.conftest import LETTERS
from microhttps.messages.ranges import take_ranges
from microhttps.wire.http_dates import format_date, parse_date

HERE = Path(__file__).parent


def test_every_value_is_as_the_tables_say(programs, interpreter):
    program = programs.run(interpreter, HERE / "values.py")
    said = program.lines_until_end()
    assert (said[:-1], program.wait()) == ([], 0)
    assert int(said[-1].split()[0]) > 80


@settings(deadline=None)
@given(st.integers(0, 7_000_000_000))
def test_dates_are_those_of_the_library(seconds):
    text = format_date(seconds)
    assert text == formatdate(seconds, usegmt=True)
    assert parse_date(text.encode()) == seconds


@settings(deadline=None)
@given(st.binary(max_size=40))
def test_no_bytes_are_too_odd_for_a_date(data):
    found = parse_date(data)
    assert found is None or found >= -62_200_000_000


positions = st.one_of(st.none(), st.integers(0, 40))


@settings(deadline=None)
@given(st.lists(st.tuples(positions, positions), max_size=8), st.integers(0, 30))
def test_ranges_are_what_the_standard_makes_of_them(asked, size):
    """Against the definition: the positions that RFC 9110 section 14.1.2 names, one by one."""
    specs = [b"%s-%s" % tuple(b"" if one is None else b"%d" % one for one in pair) for pair in asked]
    value = b"bytes=" + b",".join(specs)
    found = take_ranges(value, size, 8)
    expected = []
    for first, last in asked:
        if first is None:
            wanted = [] if last is None else list(range(size))[max(0, size - last):]
        else:
            wanted = [at for at in range(size) if first <= at and (last is None or at <= last)]
        expected.append(wanted)
    is_malformed = not asked or any(pair == (None, None) or None not in pair and pair[1] < pair[0] for pair in asked)
    if is_malformed or sum(map(len, expected)) > size or not size:
        assert found is None
    else:
        data = (LETTERS * 2)[:size]
        assert [data[start:start + length] for start, length in found] == [
            bytes(data[at] for at in wanted) for wanted in expected if wanted]
