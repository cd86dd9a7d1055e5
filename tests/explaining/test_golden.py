"""Faults made for real, and what is said of them: the same sentences on both interpreters, in all pairings."""

import datetime

import pytest

from explaining.golden import (
    ALONE,
    CERTIFICATES,
    CLIENTS,
    NO_CERTIFICATE,
    NOT_TLS,
    RUDE,
    STARTS,
    UNTRUSTING,
    UNTRUSTING_TO_A_BOARD,
)
from faults import test_codes
from faults.test_codes import Rude
from harness.certificates import DAY
from harness.certificates import TODAY as MADE_ON
from harness.playing import play, start_client, start_server, stop_server


def expected(facts, sentences, interpreter, port=0, folder=""):
    """The lines of a client or server, with what differs from run to run put in."""
    today = datetime.datetime.now(datetime.timezone.utc)
    words = {"MACHINE": "board" if interpreter.is_micropython else "computer", "PORT": str(port),
             "FOLDER": str(folder), "TODAY": f"{today:%Y-%m-%d}", "YESTERDAY": f"{MADE_ON - DAY:%Y-%m-%d}",
             "TOMORROW": f"{MADE_ON + DAY:%Y-%m-%d}"}
    lines = [f"facts {facts}".strip(), *sentences]
    for word, value in words.items():
        lines = [line.replace(word, value) if word != "TODAY" else line.replace("says TODAY", f"says {value}")
                 for line in lines]
    return lines


def explain_at(programs, interpreter, port, certificates, **options):
    return start_client(programs, interpreter, "faults.parts", port, certificates, explains=True, **options)


@pytest.mark.parametrize("fault", CERTIFICATES)
def test_a_certificate_that_is_refused_is_explained(fault, pairing, programs, certificates, port):
    options, facts, sentences = CERTIFICATES[fault]
    server_interpreter, client_interpreter = pairing
    start_server(programs, server_interpreter, "faults.parts", port, certificates, **options)
    client = explain_at(programs, client_interpreter, port, certificates, **options)
    said = client.lines_until_end()
    if fault == "a clock never set" and not client_interpreter.is_micropython:
        sentences = (sentences[0], "The clock was never set, or the battery that keeps it is empty.",
                     "Set the clock of this computer, or have it kept by NTP (timedatectl set-ntp true).")
    assert said == expected(facts, sentences, client_interpreter)


def test_a_server_explains_a_client_that_does_not_trust_it(pairing, programs, certificates, port):
    """Row 41 of what users suffer from. MicroPython does not tell which alert it was."""
    server_interpreter, client_interpreter = pairing
    server = start_server(programs, server_interpreter, "faults.parts", port, certificates, explains=True)
    client = start_client(programs, client_interpreter, "faults.parts", port, certificates, trust="stranger-ca")
    client.lines_until_end()
    said = [line for line in stop_server(server) if line][:4]
    if server_interpreter.is_micropython:
        assert said == ["facts", *UNTRUSTING_TO_A_BOARD]
    else:
        assert said == ["facts alert", *UNTRUSTING]


def test_a_server_explains_a_client_without_a_certificate(pairing, programs, certificates, port):
    server_interpreter, client_interpreter = pairing
    server = start_server(programs, server_interpreter, "faults.parts", port, certificates, explains=True,
                          server_trust="ca")
    start_client(programs, client_interpreter, "faults.parts", port, certificates).lines_until_end()
    assert stop_server(server)[:4] == ["facts", *NO_CERTIFICATE]


@pytest.mark.parametrize("rudeness", RUDE)
def test_a_server_that_breaks_off_is_explained(rudeness, interpreter, programs, certificates, port):
    act, settings, facts, sentences = RUDE[rudeness]
    with Rude(port, getattr(test_codes, act)):
        client = explain_at(programs, interpreter, port, certificates, client_settings=settings)
        assert client.lines_until_end() == expected(facts, sentences, interpreter)


def test_plain_http_on_the_port_of_tls_is_explained(interpreter, programs, certificates, port):
    with Rude(port, test_codes.answer_in_plain_http):
        client = explain_at(programs, interpreter, port, certificates)
        assert client.lines_until_end() == expected("host", NOT_TLS[interpreter.name], interpreter)


@pytest.mark.parametrize("fault", ALONE)
def test_a_fault_without_a_server_is_explained(fault, interpreter, programs, certificates, port):
    options, facts, sentences = ALONE[fault]
    client = explain_at(programs, interpreter, port, certificates, **options)
    assert client.lines_until_end() == expected(facts, sentences, interpreter, port, certificates)


@pytest.mark.parametrize("name", CLIENTS)
def test_a_certificate_of_a_client_that_is_refused_is_explained(name, pairing, programs, certificates, port):
    server_interpreter, client_interpreter = pairing
    server = start_server(programs, server_interpreter, "faults.parts", port, certificates, explains=True,
                          server_trust="ca")
    start_client(programs, client_interpreter, "faults.parts", port, certificates, shows=name).lines_until_end()
    assert stop_server(server)[1:4] == expected("", CLIENTS[name], server_interpreter)[1:]


@pytest.mark.parametrize("fault", STARTS)
def test_a_server_that_cannot_start_explains_why(fault, interpreter, programs, certificates, port):
    files, code, sentences = STARTS[fault]
    server = play(programs, "server", interpreter, "faults.checked", port, certificates,
                  {"expects_error": True, "explains": True, "files": files})
    said = expected("", [sentences], interpreter, port, certificates)[1:]
    assert server.lines_until_end() == [f"error {code}", *said]
