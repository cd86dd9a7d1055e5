"""examples/portal.py on a computer, whose Wi-Fis are imaginary; the phone is curl and a socket that asks for names."""

import json
import socket
import struct
import subprocess

import pytest

from examples.conftest import press_ctrl_c
from harness.programs import free_port, is_listening, until

PASSWORD = "a password of this test"
HOME = ("--data", "name=home", "--data", "passphrase=correct horse")
ASKED_BY_SYSTEMS = [
    ("connectivitycheck.gstatic.com", "/generate_204"), ("www.google.com", "/gen_204"),
    ("captive.apple.com", "/hotspot-detect.html"), ("www.apple.com", "/library/test/success.html"),
    ("www.msftconnecttest.com", "/connecttest.txt"), ("www.msftncsi.com", "/ncsi.txt"),
    ("detectportal.firefox.com", "/canonical.html"), ("detectportal.firefox.com", "/success.txt"),
]


@pytest.fixture
def start(run_example, here, port):
    """Starts the device; gives what it says of itself first: "portal" or "serving"."""
    (here / "password.txt").write_text(PASSWORD)
    ports = {"HTTP": free_port(), "HTTPS": port, "DNS": free_port()}

    def begin(**changes):
        program = run_example("portal", **ports, **{
            "portal.host": "127.0.0.1", "portal.port": ports["HTTP"], "site.host": "127.0.0.1", "site.port": port,
            "site.settings.redirect_port": ports["HTTP"], **changes})
        begin.program, begin.ports = program, ports
        return program.line()

    return begin


@pytest.fixture
def plain(start, tool, here):
    """Asks over plain HTTP: (status, where it leads, body)."""

    def ask(path="/", *options):
        command = [tool("curl"), "--silent", "--show-error", "--max-time", "20", "--write-out",
                   "\n%{http_code} %{redirect_url}", *options, f"http://127.0.0.1:{start.ports['HTTP']}{path}"]
        done = subprocess.run(command, cwd=here, capture_output=True, text=True, timeout=30)
        assert done.returncode == 0, done.stderr
        body, _, told = done.stdout.rpartition("\n")
        status, _, url = told.partition(" ")
        return int(status), url, body

    return ask


def name_query(name, kind=1, number=0x1234):
    """A question for a name (RFC 1035 section 4.1), as resolvers write it."""
    labels = b"".join(bytes([len(label)]) + label.encode() for label in name.split("."))
    return struct.pack(">HHHHHH", number, 0x0100, 1, 0, 0, 0) + labels + b"\0" + struct.pack(">HH", kind, 1)


def ask_name(port, message, patience=20):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asker:
        asker.settimeout(patience)
        asker.sendto(message, ("127.0.0.1", port))
        return asker.recv(512)


def test_what_every_system_asks_to_see_whether_there_is_internet_leads_to_the_form(start, plain):
    assert start() == "portal"
    for host, path in ASKED_BY_SYSTEMS:
        assert plain(path, "--header", "Host: " + host)[:2] == (302, f"http://127.0.0.1:{start.ports['HTTP']}/")
    status, _, page = plain()
    assert status == 200 and '<form method="post" action="/network">' in page
    assert "a &lt;neighbour>" in page and "<neighbour" not in page
    assert press_ctrl_c(start.program) == []


def test_every_name_leads_to_the_device_and_nonsense_is_not_answered(start):
    start()
    port = start.ports["DNS"]
    query = name_query("captive.apple.com")
    for nonsense in (b"", b"x", b"\0" * 12, query[:20], query[:2] + b"\x81" + query[3:], b"\xff" * 512):
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asker:
            asker.sendto(nonsense, ("127.0.0.1", port))
    answer = ask_name(port, query)
    assert answer[:2] == query[:2]
    flags, questions, answers, authorities, more = struct.unpack(">HHHHH", answer[2:12])
    assert flags & 0x800F == 0x8000 and (questions, answers, authorities, more) == (1, 1, 0, 0)
    assert answer[12:len(query)] == query[12:]
    name, kind, kind_class, life, length = struct.unpack(">HHHIH", answer[len(query):len(query) + 12])
    assert (name, kind, kind_class, life, length) == (0xC00C, 1, 1, 0, 4)
    assert socket.inet_ntoa(answer[len(query) + 12:]) == "127.0.0.1"
    ipv6 = ask_name(port, name_query("captive.apple.com", kind=28))
    assert struct.unpack(">HHHH", ipv6[4:12]) == (1, 0, 0, 0)
    with_options = query[:11] + b"\1" + query[12:] + b"\0\0\x29\x10\0\0\0\0\0\0\0"  # EDNS0, as systems ask today
    assert struct.unpack(">HHHH", ask_name(port, with_options)[4:12]) == (1, 1, 0, 0)


def test_once_it_is_told_the_wifi_it_moves_to_https_and_plain_http_leads_there(start, plain, curl, port):
    assert start() == "portal"
    status, _, page = plain("/network", *HOME)
    assert status == 200 and "joins home" in page
    assert start.program.line() == "serving"
    assert plain("/some?where")[:2] == (301, f"https://127.0.0.1:{port}/some?where")
    assert curl("/", "--output", "/dev/null", "--write-out", "%{http_code}") == (0, "401")
    status, page = curl("/", "-u", "admin:" + PASSWORD)
    assert status == 0 and "The lamp is in home." in page and "correct horse" not in page
    assert press_ctrl_c(start.program) == []


def test_it_finds_its_wifi_again_after_a_restart(start, plain, here, interpreter):
    assert start() == "portal"
    plain("/network", *HOME)
    assert start.program.line() == "serving"
    press_ctrl_c(start.program)
    assert json.loads((here / "wifi.json").read_text()) == {"name": "home", "passphrase": "correct horse"}
    if not interpreter.is_micropython:
        assert (here / "wifi.json").stat().st_mode & 0o777 == 0o600
    assert start() == "serving"


def test_a_wifi_that_does_not_let_it_in_brings_the_portal_back_which_says_so(start, plain):
    start()
    plain("/network", "--data", "name=<b>elsewhere", "--data", "passphrase=wrong passphrase")
    assert start.program.line() == "portal"
    page = plain()[2]
    assert "could not join &lt;b>elsewhere." in page and "wrong passphrase" not in page


@pytest.mark.parametrize("fields", ["name=home&passphrase=short", "name=&passphrase=correct horse", "name=home",
                                    "name=" + "x" * 33 + "&passphrase=correct horse", ""])
def test_what_is_no_wifi_is_not_taken(start, plain, here, fields):
    start()
    status, url, _ = plain("/network", "--data", fields)
    assert (status, url) == (303, f"http://127.0.0.1:{start.ports['HTTP']}/")
    assert "of 8 to 63, please" in plain()[2]
    assert not (here / "wifi.json").exists()


def test_a_wifi_that_was_only_away_is_tried_again(start, plain, here, interpreter):
    """A router that is off when the device starts, and comes back later: nobody has to do anything."""
    (here / "wifi.json").write_text('{"name": "elsewhere", "passphrase": "correct horse"}')
    assert start(LATER=1) == "portal"
    (here / "wifi.json").write_text('{"name": "home", "passphrase": "correct horse"}')
    assert start.program.line_that("serving")


def test_a_page_of_another_site_cannot_move_it_to_another_wifi(start, plain, curl, here):
    start()
    plain("/network", *HOME)
    assert start.program.line() == "serving"
    of_another = ("--header", "Origin: https://elsewhere.example", "--header", "Sec-Fetch-Site: cross-site")
    form = ("--data", "name=theirs", "--data", "passphrase=their passphrase", "-u", "admin:" + PASSWORD)
    assert "403" in curl("/network", *form, *of_another)[1]
    assert json.loads((here / "wifi.json").read_text())["name"] == "home"
    assert "joins theirs" in curl("/network", *form)[1]
    assert start.program.line() == "portal", "there is no such Wi-Fi"
    until(lambda: not is_listening(start.ports["HTTPS"]))
