"""Cookies for a whole domain (RFC 6265 section 5.3): never for one that many share, as far as that can be known."""

from pathlib import Path

EXPECTED = """
www.example.org example.org a=1 a=1
www.example.org .example.org a=1 a=1
example.org example.org a=1 a=1
www.example.org EXAMPLE.org a=1 a=1
www.example.co.uk example.co.uk a=1 a=1
www.t.co t.co a=1 a=1
www.example.org org None None
www.example.co.uk co.uk None None
www.example.com.au .com.au None None
co.uk co.uk a=1 None
uk uk a=1 None
example.org www.example.org None None
badexample.org example.org None None
example.org other.org None None
127.0.0.1 0.0.1 None None
127.0.0.1 127.0.0.1 a=1 None
[::1] ::1 a=1 None
example.org  a=1 None
"""


def test_a_domain_is_the_host_s_own_or_its_parent_s_and_shared_by_nobody_else(interpreter, programs):
    program = programs.run(interpreter, Path(__file__).with_name("cookies_of_domains.py"))
    assert program.lines_until_end() == EXPECTED.strip().splitlines()
    assert program.wait() == 0
