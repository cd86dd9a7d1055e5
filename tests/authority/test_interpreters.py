"""Every kind of certificate that is issued, between CPython and both MicroPythons, as server and as client."""

import pytest

from harness.interpreters import find_or_fail
from harness.playing import start_client, start_server, stop_server

PAIRS = [("cpython", "micropython"), ("cpython", "micropython32"), ("micropython", "cpython"),
         ("micropython32", "cpython"), ("micropython", "micropython32"), ("cpython", "cpython")]  # fmt: skip
HERE = ("localhost", "127.0.0.1")
MODULE = "authority.shown"


@pytest.fixture
def shake(programs, home, port):
    """Has a client ask a server of those interpreters; what it said."""

    def run(pair, server, client, hosts=HERE):
        interpreters = [find_or_fail(name) for name in pair]
        options = {"server": server, "client": client, "hosts": list(hosts)}
        serving = start_server(programs, interpreters[0], MODULE, port, home.folder, **options)
        asking = start_client(programs, interpreters[1], MODULE, port, home.folder, **options)
        lines = asking.lines_until_end()
        asking.wait()
        stop_server(serving)
        return lines

    return run


def files(label, form="pem"):
    """The names within the home of an identity's certificate and key."""
    if form == "der":
        return [f"der/{label}.crt.der", f"der/{label}.key.der"]
    return [f"issued/{label}.crt", f"issued/{label}.key"]


@pytest.mark.parametrize("pair", PAIRS, ids="-".join)
@pytest.mark.parametrize("kind", ["p256", "rsa-2048"])
def test_both_show_certificates_and_both_believe(shake, home, pair, kind):
    home.ca("init")
    home.ca("issue", *HERE, "--label", "lamp", "--key", kind)
    home.ca("issue", "alice", "--client", "--key", kind)
    assert shake(pair, files("lamp"), files("alice")) == ["localhost 200 ['alice']", "127.0.0.1 200 ['alice']"]


@pytest.mark.parametrize("pair", PAIRS[:4], ids="-".join)
def test_the_forms_for_boards_and_one_certificate_for_both_uses(shake, home, pair):
    home.ca("init", "--key", "rsa-2048")
    home.ca("issue", *HERE, "hub.local", "--label", "hub", "--both")
    home.ca("export", "hub", "--form", "der", "--to", home.path("der"))
    shown = ["localhost", "hub.local", "127.0.0.1"]  # host names first
    assert shake(pair, files("hub", "der"), files("hub", "der")) == [f"{host} 200 {shown}" for host in HERE]


@pytest.mark.parametrize("pair", PAIRS[:4], ids="-".join)
def test_an_address_alone_and_a_wildcard_are_what_they_say(shake, home, pair):
    home.ca("init")
    home.ca("issue", "127.0.0.1", "--label", "address")
    home.ca("issue", "*.lamp.local", "localhost", "--label", "wild")
    assert shake(pair, files("address"), None) == ["localhost wrong_name", "127.0.0.1 200 None"]
    assert shake(pair, files("wild"), None) == ["localhost 200 None", "127.0.0.1 wrong_name"]


@pytest.mark.parametrize("pair", PAIRS[:4], ids="-".join)
def test_a_client_is_not_a_server_nor_the_other_way_round(shake, home, pair):
    home.ca("init")
    home.ca("issue", *HERE, "--label", "lamp")
    home.ca("issue", "alice", "--client")
    refused = shake(pair, files("lamp"), files("lamp"), HERE[:1])
    assert refused and "200" not in refused[0]


@pytest.mark.parametrize("name", ["micropython", "micropython32"])
def test_ed25519_is_for_computers_as_the_warning_says(shake, home, name):
    home.ca("init")
    facts = home.ca("issue", *HERE, "--label", "lamp", "--key", "ed25519")
    assert "Mbed TLS" in facts["warnings"][0]
    assert shake(("cpython", "cpython"), files("lamp"), None) == ["localhost 200 None", "127.0.0.1 200 None"]
    assert "200" not in " ".join(shake(("cpython", name), files("lamp"), None))
