"""Chains in the wrong order, which OpenSSL sorts and Mbed TLS does not: our client on MicroPython puts them in order.

Whom it believes then is whom CPython believes; an order is no way to be believed for anything that is wrong besides.
"""

import ssl
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import ExtendedKeyUsageOID

from badssl.making import make_certificates, permitted, sent
from badssl.sites import HERE
from harness.certificates import make, write
from harness.interpreters import find_or_fail
from harness.playing import start_client
from roots.two_faced import two_faced

VERDICTS = {
    "swapped": HERE, "scrambled": HERE, "rsa": HERE, "address": HERE,
    "expired": "expired TrustError", "wrong-name": "wrong_name TrustError", "stranger": "untrusted_issuer TrustError",
    "no-authority": "untrusted_issuer TrustError", "path-length": "untrusted_issuer TrustError",
    "for-clients": "wrong_usage TrustError", "usage": "wrong_usage TrustError", "gap": "untrusted_issuer TrustError",
    "constraints": HERE,
}  # fmt: skip
ON_A_BOARD = {
    # What an authority may vouch for is judged of one certificate, and the next connection may have another.
    "constraints": "untrusted_issuer TrustError",
    # With a certificate for clients no rehearsal can be held.
    "usage": "untrusted_issuer TrustError",
}
REHEARSED = {name: VERDICTS[name].split()[0] for name in (
    "swapped", "rsa", "expired", "wrong-name", "stranger", "no-authority", "path-length", "for-clients")}  # fmt: skip
PAIRS = [(circumstance, interpreter) for circumstance in ("own", "public")
         for interpreter in ("cpython", "micropython", "micropython32")]


def disordered(made):
    """{name: a site whose chain is sent in an order that Mbed TLS does not follow}"""
    def upper_and_lower(upper=None, **changes):
        upper = upper or made.authority("order upper", **changes)
        return upper, made.authority("order lower", upper)

    def swapped(upper=None, names=("localhost",), **changes):
        upper, lower = upper_and_lower(upper)
        return sent(made.leaf(names, lower, **changes), upper, lower)

    for_clients = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH])
    top, middle = upper_and_lower()
    bottom = made.authority("order bottom", middle)
    first, second = upper_and_lower()
    return {
        "swapped": swapped(),
        "scrambled": sent(made.leaf(issuer=bottom), made.stranger, top, made.root, bottom, middle),
        "rsa": swapped(key=rsa.generate_private_key(65537, 2048)),
        "address": swapped(names=("127.0.0.1",)),
        "expired": swapped(made.authority("order that ended", begins=-30, ends=-1)),
        "wrong-name": swapped(names=("elsewhere.test",)),
        "stranger": swapped(made.authority("order of a stranger", made.stranger)),
        "no-authority": swapped(made.leaf(("elsewhere.test",), common_name="order by a site")),
        "path-length": swapped(made.authority("order, none more", instead=[(x509.BasicConstraints(True, 0), True)])),
        "for-clients": swapped(made.authority("order for clients", instead=[(for_clients, False)])),
        "usage": swapped(usage=ExtendedKeyUsageOID.CLIENT_AUTH),
        "gap": sent(made.leaf(issuer=made.authority("order unsent", second)), first, second),
        "constraints": swapped(made.authority("order with limits", instead=permitted("localhost"))),
    }


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("order")
    made = make_certificates(folder)
    for name, site in disordered(made).items():
        write(folder, name, site)
    write(folder, "forged", make("localhost", ("localhost",), made.stranger))
    return folder


@pytest.fixture
def ask(programs, folder, port):
    """What a client says of a site, and the visits that it made: `faces` are shown one after the other."""
    def run(interpreter, circumstance, *faces, version=None, host="localhost"):
        site = {"name": faces[0], "host": host, "port": port, "trust": "root", "crl": False, "settings": {}}
        with two_faced(port, folder, faces, version) as server:
            client = start_client(programs, find_or_fail(interpreter), "badssl.asking", port, folder, sites=[site],
                                  environment={"MICROHTTPS_HOME": str(folder / "home")},
                                  store="store.bin" if circumstance == "public" else None)
            [said] = client.lines_until_end()
        return said.split(" ", 1)[1], server.visits

    return run


@pytest.mark.parametrize("circumstance, interpreter", PAIRS)
@pytest.mark.parametrize("name", VERDICTS)
def test_a_chain_in_the_wrong_order_is_judged_as_in_the_right_one(name, circumstance, interpreter, ask):
    expected = VERDICTS[name] if interpreter == "cpython" else ON_A_BOARD.get(name, VERDICTS[name])
    said, visits = ask(interpreter, circumstance, name, host="127.0.0.1" if name == "address" else "localhost")
    assert said == expected
    assert bool(visits[-1].said) == (expected == HERE) and not any(visit.said for visit in visits[:-1])


@pytest.mark.micropython
@pytest.mark.parametrize("circumstance", ["own", "public"])
@pytest.mark.parametrize("faces", [("swapped", "swapped", "forged"), ("swapped", "forged", "swapped"),
                                   ("forged", "swapped", "forged"), ("swapped", "swapped", "wrong-name")],
                         ids=lambda faces: "-".join(faces))
def test_who_shows_another_chain_each_time_is_told_nothing(faces, circumstance, ask):
    """What the look saw chooses what else is believed; the connection itself is verified like any other."""
    said, visits = ask("micropython", circumstance, *faces)
    assert said.endswith("TrustError")
    assert not any(visit.said for visit in visits)


@pytest.mark.micropython
@pytest.mark.parametrize("circumstance", ["own", "public"])
def test_a_server_of_tls_1_2_is_believed_too(circumstance, ask):
    assert ask("micropython", circumstance, "swapped", version=ssl.TLSVersion.TLSv1_2)[0] == HERE


@pytest.mark.micropython
@pytest.mark.parametrize("circumstance", ["own", "public"])
def test_a_server_of_tls_1_3_alone_shows_its_order_to_nobody(circumstance, ask):
    """Its certificates come encrypted; firmware for boards has no TLS 1.3, this MicroPython has."""
    assert ask("micropython", circumstance, "swapped", version=ssl.TLSVersion.TLSv1_3)[0] == VERDICTS["stranger"]


@pytest.mark.micropython
@pytest.mark.parametrize("interpreter", ["micropython", "micropython32"])
def test_the_rehearsal_says_the_same_over_tls_1_2(interpreter, programs, folder):
    assert rehearsed(find_or_fail(interpreter), programs, folder) == REHEARSED


def test_the_rehearsal_says_the_same_with_the_tls_of_a_pico_w(pico, programs, folder):
    assert rehearsed(pico, programs, folder) == REHEARSED


def rehearsed(interpreter, programs, folder):
    program = programs.run(interpreter, Path(__file__).with_name("rehearsing.py"), folder, *REHEARSED, name="rehearsal")
    return dict(line.split() for line in program.lines_until_end())
