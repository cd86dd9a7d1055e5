"""Attempt, want, wait, retry: a scripted channel says would-block at every step, for both directions."""

from pathlib import Path

EXPECTED = """
handshake deadline: deadline
handshake closed meanwhile: reset
receive deadline: deadline
receive closed meanwhile: reset
send deadline: deadline
send closed meanwhile: reset
handshake at once: None left 0 sent
handshake blocks both ways: None left 0 sent
handshake fails: reset left 0 sent
receive at once: b'data' left 0 sent
receive blocks both ways: b'data' left 0 sent
receive ends: b'' left 0 sent
receive fails: reset left 0 sent
send at once: None left 0 sent 0123456789
send blocks both ways: None left 0 sent 0123456789
send byte by byte: None left 0 sent 0123456789
send blocks between all bytes: None left 0 sent 0123456789
send in two: None left 0 sent 0123456789
send fails: reset left 0 sent 0123
"""


def test_whatever_the_tls_library_wants_at_each_step_the_bytes_arrive_or_an_error_does(interpreter, programs, port):
    program = programs.run(interpreter, Path(__file__).with_name("scripted.py"), port)
    said = [line.rstrip() for line in program.lines_until_end()]
    assert program.wait() == 0, program.complaints
    assert said == EXPECTED.strip().splitlines()
