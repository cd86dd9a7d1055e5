"""The attacks on handshakes (tests/hostile), on a server that speaks through BearSSL.

Not among them: what only TLS 1.3 has, and a record of data that is damaged, which BearSSL ends without an alert.
"""

import ssl

import pytest

from harness.interpreters import find
from harness.playing import start_server, stop_server
from harness.programs import open_files, until
from hostile import conftest, test_client_certificates, test_handshakes
from hostile.conftest import Victim

ATTACKS = (
    "what_is_not_tls_is_turned_away_and_named", "an_alert_instead_of_a_hello_ends_the_connection",
    "an_alert_is_heard_though_a_reset_has_overtaken_it", "a_hello_damaged_at_any_byte_never_harms_the_server",
    "a_hello_with_a_thousand_extensions_is_answered_or_refused",
    "a_version_that_is_broken_is_refused_with_protocol_version", "an_sslv2_hello_is_turned_away",
    "no_common_cipher_is_answered_with_handshake_failure",
    "a_damaged_finished_is_answered_with_an_alert_and_the_context_stays_usable",
    "who_connects_and_says_nothing_is_let_go_after_the_deadline", "half_a_hello_is_let_go_after_the_deadline",
    "a_handshake_of_one_byte_at_a_time_ends_at_the_deadline_of_the_whole",
    "a_reset_during_the_handshake_ends_only_that_connection",
    "a_client_that_leaves_during_the_handshake_is_named_reset",
    "a_storm_of_handshakes_leaves_the_established_connection_served",
    "empty_and_tiny_records_are_bounded_or_served", "renegotiation_is_refused",
    "a_client_that_speaks_only_http_2_is_served_http_1_1_or_refused",
    "an_unknown_server_name_gets_the_certificate_there_is",
    "a_thousand_failed_handshakes_leave_no_descriptor_behind",
)
globals().update({f"test_{name}": getattr(test_handshakes, f"test_{name}") for name in ATTACKS})
good_client, s_client = conftest.good_client, test_handshakes.s_client
monsters = test_client_certificates.monsters


@pytest.fixture
def victim(programs, certificates, port):
    victim = Victim(programs, find("cpython"), certificates, port, engine="bearssl")
    yield victim
    victim.is_unharmed()
    victim.stop()


# name: what a client sends, how the server answers; the first is waited for until the deadline.
ANSWERS = {
    "records of length zero": [], "an unknown content type": ["unexpected_message"],
    "data instead of a hello": ["unexpected_message"], "a record too long": ["record_overflow"],
    "a handshake message of an unknown kind": ["unexpected_message"],
}  # fmt: skip


@pytest.mark.parametrize("kind", ANSWERS)
def test_a_malformed_hello_is_answered(kind, victim, good_client):
    with good_client(victim):
        raw = test_handshakes.open_raw(victim.port)
        raw.sendall(test_handshakes.ALERTING[kind][0])
        answer, _ = test_handshakes.read_until_end(raw)
        raw.close()
        assert test_handshakes.plain_alerts(answer) == ANSWERS[kind]
        assert victim.event_that("session_error")


@pytest.mark.parametrize("choice", ["required", "optional"])
def test_a_monstrous_certificate_harms_nobody(choice, monsters, programs, port):
    server = start_server(programs, find("cpython"), "third_party.mutual", port, monsters, trust="ca", engine="bearssl",
                          settings={"client_certificate": choice, "max_sockets_per_address": 4})

    def ask(name):
        return test_client_certificates.ask(port, monsters, name, ssl.TLSVersion.TLSv1_2)

    assert ask("client") == b"HTTP/1.1 200 OK"
    files = open_files(server.pid)
    for name in test_client_certificates.MONSTERS:
        said = ask(name)
        assert said in (b"", b"HTTP/1.1 200 OK"), said
        assert not (said and "strange" in name), f"{name} was let in"
        assert ask("client") == b"HTTP/1.1 200 OK"
    until(lambda: open_files(server.pid) <= files)
    assert not [line for line in stop_server(server) if not line.startswith("error ")]
