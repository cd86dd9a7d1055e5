"""A client with which nothing could be asked is not made; its clock is looked at as seldom as its limits allow."""

from pathlib import Path

EXPECTED = """
bad_choice recv_timeout None a number above 0
bad_choice recv_timeout '5' a number above 0
bad_choice connect_timeout 0 a number above 0
bad_choice total_timeout -1 a number, 0 or more
bad_choice max_connections 0 a number above 0
bad_choice max_body_length True a number, 0 or more
bad_choice websocket_max_queue 'many' a number, 0 or more
looks every 1.000 s
looks every 0.125 s
bad_choice recv_timeout 'long' a number above 0
"""


def test_numbers_that_are_none_are_named_and_a_limit_that_is_off_makes_no_haste(interpreter, programs):
    program = programs.run(interpreter, Path(__file__).with_name("unfit.py"))
    assert program.lines_until_end() == EXPECTED.strip().splitlines()
    assert program.wait() == 0
