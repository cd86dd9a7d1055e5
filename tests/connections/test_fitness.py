"""A server that nobody could be served by does not start, and says which setting it is."""

from pathlib import Path

EXPECTED = """
none would be let in: bad_choice max_open_sockets 0 a number above 0
text for a number: bad_choice max_open_sockets '4' a number above 0
yes for a number: bad_choice max_headers True a number, 0 or more
less than nothing: bad_choice header_timeout -1 a number above 0
a deadline that is over: bad_choice handshake_timeout 0 a number above 0
no deadline: bad_choice keep_alive_timeout None a number above 0
a queue of nobody knows how many: bad_choice websocket_max_queue 'many' a number, 0 or more
a port as text: bad_choice port '8443' a number up to 65535
a port beyond all: bad_choice port 99999 a number up to 65535
a second port beyond all: bad_choice redirect_port -1 a number up to 65535
good: started
good: started
no identity: no_identity
a path: no_identity str
a trust, too: no_identity Trust
a file of something else: bad_certificate_file FILE
"""
PROGRAM = Path(__file__).with_name("unfit.py")


def test_settings_ports_and_identities_that_are_none_are_named_before_anything_listens(interpreter, programs):
    program = programs.run(interpreter, PROGRAM)
    assert program.lines_until_end() == EXPECTED.strip().replace("FILE", str(PROGRAM)).splitlines()
    assert program.wait() == 0
