"""A profile's hello is the one of a real MicroPython, field by field; and no certificate is too odd for a verdict.

Of the other boards nobody is here to be asked.
"""

import datetime
import json
import socket
import threading
from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from hypothesis import given, settings
from hypothesis import strategies as st

from check.boards import BY_NAME, TLS_ALONE
from harness.certificates import make
from harness.interpreters import find_or_fail
from harness.programs import PATIENCE
from microhttps_host.probing.hello import RENEGOTIATION_SUITE, write_hello
from microhttps_host.probing.numbers import RENEGOTIATION_INFO, SIGNATURE_ALGORITHMS, SUPPORTED_GROUPS
from microhttps_host.probing.reading import Reader
from microhttps_host.profiles.catalogue import PROFILES
from microhttps_host.profiles.judging import Asked, judge


def read(hello):
    """What stands in a hello, without what is made up; the request for secure renegotiation has two forms."""
    reader = Reader(hello[4:])
    version, _, session_id = reader.number(2), reader.take(32), reader.vector(1)
    suites, _ = reader.numbers(2), reader.vector(1)
    extensions = reader.extensions()
    is_safe = RENEGOTIATION_INFO in extensions or RENEGOTIATION_SUITE in suites
    lists = {number: Reader(extensions[number]).numbers(2) for number in (SUPPORTED_GROUPS, SIGNATURE_ALGORITHMS)
             if number in extensions}
    return {"version": version, "session_id": len(session_id), "is_safe": is_safe, "lists": lists,
            "suites": [suite for suite in suites if suite != RENEGOTIATION_SUITE],
            "extensions": set(extensions) - {RENEGOTIATION_INFO}}


def hello_of(interpreter, programs, certificates):
    """The handshake message that an interpreter's `tls` begins with."""
    caught = []

    def listen(listener):
        with listener, listener.accept()[0] as raw:
            raw.settimeout(PATIENCE)
            data = raw.recv(16384)
            while len(data) < 5 + int.from_bytes(data[3:5], "big"):
                data += raw.recv(16384)
            caught.append(data[5:])

    listener = socket.create_server(("127.0.0.1", 0))
    listener.settimeout(PATIENCE)
    thread = threading.Thread(target=listen, args=(listener,))
    thread.start()
    file = programs.new_file("site.json")
    file.write_text(json.dumps([{"name": "hello", "host": "localhost", "port": listener.getsockname()[1],
                                 "trust": str(certificates / "ca.crt.der")}]))
    programs.start(interpreter.command(TLS_ALONE, file), "board_tls").lines_until_end()
    thread.join(PATIENCE)
    return caught[0]


def offered(profile):
    offer = replace(profile.offer, server_name="localhost")
    return read(write_hello(offer, bytes(32), dict.fromkeys(offer.shares, bytes(32))))


@pytest.mark.micropython
def test_the_profile_of_debians_micropython_is_its_own_hello(programs, certificates):
    assert read(hello_of(find_or_fail("micropython"), programs, certificates)) == offered(BY_NAME["micropython-debian"])


def test_the_profile_of_a_pico_is_the_hello_of_what_is_built_for_it(programs, certificates, pico):
    assert read(hello_of(pico, programs, certificates)) == offered(BY_NAME["pico-w"])
    assert BY_NAME["stm32"].offer == BY_NAME["pico-w"].offer


def test_every_profile_offers_what_can_be_written():
    for profile in PROFILES:
        assert offered(profile)["suites"] == list(profile.offer.suites)


GOOD = make("localhost", ("localhost",))
DER = GOOD.certificate.public_bytes(Encoding.DER)
NOW = datetime.datetime.now(datetime.timezone.utc)


@settings(max_examples=400, deadline=None)
@given(st.lists(st.tuples(st.integers(0, len(DER) - 1), st.integers(0, 255)), min_size=1, max_size=4),
       st.sampled_from(PROFILES))  # fmt: skip
def test_any_certificate_gives_a_verdict(changes, profile):
    der = bytearray(DER)
    for place, value in changes:
        der[place] = value
    asked = Asked("localhost", "127.0.0.1", NOW)
    refusal = judge([bytes(der), DER], lambda chain: [GOOD.certificate], asked, profile.checks)
    assert refusal is None or refusal.code


@pytest.mark.parametrize("profile", PROFILES, ids=lambda profile: profile.name)
def test_a_name_of_a_kind_that_no_name_is_gives_a_verdict(profile):
    """`cryptography` says so by a TypeError, and when the name is first looked at."""
    odd = DER.replace(b"\x0c\x09localhost", b"\x03\x09\x00ocalhost")
    asked = Asked("localhost", "127.0.0.1", NOW)
    refusal = judge([odd], lambda chain: [GOOD.certificate], asked, profile.checks)
    assert odd != DER and (refusal is None or refusal.code in ("certificate_refused", "untrusted_issuer"))
