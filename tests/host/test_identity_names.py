"""What may stand in a certificate, as a table."""

import sys
from pathlib import Path

import pytest

from microhttps.errors import UsageError
from microhttps_host.authority.identity_names import is_private, names_of_this_host, subject_name, text_of
from microhttps_host.interfaces import addresses_of_this_machine

GOOD = [
    ("lamp.local", "lamp.local"),
    ("LAMP.Local", "lamp.local"),
    ("localhost", "localhost"),
    ("lamp", "lamp"),
    ("example.org.", "example.org"),
    ("a-b.example.org", "a-b.example.org"),
    ("3com.example", "3com.example"),
    ("192.168.4.1", "192.168.4.1"),
    ("127.0.0.1", "127.0.0.1"),
    ("::1", "::1"),
    ("[::1]", "::1"),
    ("FD00::0:2", "fd00::2"),
    ("*.home.arpa", "*.home.arpa"),
    ("*.lamp.local", "*.lamp.local"),
    ("lämpchen.local", "xn--lmpchen-5wa.local"),
    ("straße.example", "xn--strae-oqa.example"),
    ("*.bücher.example", "*.xn--bcher-kva.example"),
    ("x" * 63 + ".example", "x" * 63 + ".example"),
]

NONSENSE = [
    "", ".", "*", "*.", "*.local", "lamp.*", "l*mp.local", "*.*.local", "a..b", ".local", "-lamp.local", "lamp-.local",
    "my_lamp.local", "lamp local", " lamp.local", "lamp.local ", "lamp.local\n", "lamp\x00.local", "https://lamp.local",
    "lamp.local/", "lamp.local:8443", "192.168.4.1:443", "192.168.4.300", "192.168.4", "1.2.3.4.5", "0x7f.1.2.3",
    "012.1.1.1", "0.0.0.0", "::", "224.0.0.1", "fe80::1%eth0", "[::1", "::1]", ":::", "192.168.4.0/24",
    "x" * 64 + ".example",
    ".".join(["x" * 60] * 5), "lamp.local,other.local", "DNS:lamp.local", "lamp;rm -rf", "💡..local", "a\u200b.local ",
]  # fmt: skip


@pytest.mark.parametrize(("text", "written"), GOOD)
def test_a_name_or_an_address_is_taken_as_it_will_be_compared(text, written):
    assert text_of(subject_name(text)) == written


@pytest.mark.parametrize("text", NONSENSE)
def test_nonsense_is_refused_by_name(text):
    with pytest.raises(UsageError) as caught:
        subject_name(text)
    assert caught.value.code == "bad_name"
    assert repr(text) in str(caught.value)


def test_addresses_and_names_become_different_kinds_of_entry():
    """A browser compares an address with iPAddress entries only (RFC 6125 section 1.7.2, RFC 9525)."""
    assert type(subject_name("127.0.0.1")).__name__ == "IPAddress"
    assert type(subject_name("localhost")).__name__ == "DNSName"


def test_this_host_is_known_under_all_its_names_and_addresses():
    names = names_of_this_host()
    assert names[0] == "localhost"
    assert {"127.0.0.1", "::1"} <= set(names)
    assert {str(address) for address in addresses_of_this_machine()} <= set(names)
    assert len(names) == len(set(names))


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="/proc/net/fib_trie is Linux's")
def test_every_address_of_every_interface_is_found():
    """The kernel's own list is the oracle: the routing table's local addresses."""
    lines = Path("/proc/net/fib_trie").read_text().splitlines()
    local = {before.split()[-1] for before, line in zip(lines, lines[1:]) if "/32 host LOCAL" in line}
    usable = {text for text in local if not text.startswith(("127.", "169.254."))}
    assert usable <= {str(address) for address in addresses_of_this_machine()}


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "lamp",
        "lamp.local",
        "Lamp.LOCAL.",
        "a.home.arpa",
        "x.localhost",
        "127.0.0.1",
        "192.168.4.1",
        "10.0.0.1",
        "::1",
        "[::1]",
        "fe80::1",
        "fd00::2",
        "169.254.1.1",
    ],
)
def test_names_that_nobody_public_vouches_for_are_private(host):
    assert is_private(host)


@pytest.mark.parametrize("host", ["example.org", "local.example.org", "mylocal", "9.9.9.9", "2620:fe::fe"])
def test_public_names_are_not_private_unless_they_have_no_dot(host):
    assert is_private(host) == ("." not in host and ":" not in host)
