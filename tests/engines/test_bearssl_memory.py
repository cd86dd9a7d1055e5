"""Nothing is left of connections on BearSSL, however they end; and no bytes of a peer do harm."""

from pathlib import Path

import pytest

from endurance.test_flat import Gauge, abort, fail_handshakes
from harness.interpreters import find
from harness.playing import start_server, stop_server

ROUNDS = Path(__file__).with_name("bearssl_rounds.py")
KNOWN = {
    "None", "shaken", "ended", "handshake_failed", "handshake_refused", "bad_record", "reset", "peer_is_not_tls",
    "no_common_version", "no_common_cipher", "no_client_certificate", "certificate_refused", "untrusted_issuer",
    "self_signed", "wrong_name", "wrong_usage", "chain_too_large", "missing_intermediate", "too_weak", "expired",
    "not_yet_valid", "name_not_permitted",
}  # fmt: skip
MOST_RESIDENT_KB, MOST_OBJECTS = 1024, 100  # one lost connection is 40 KB


@pytest.mark.slow
def test_thousands_of_connections_leave_memory_flat(programs, certificates):
    """Both roles in one process: shaken hands, refused, cut, garbage, by half a dozen kinds of certificates."""
    said = programs.run(find("cpython"), ROUNDS, "flat", certificates, 3000).lines_until_end(patience=110)
    (resident, objects, files), (resident_after, objects_after, files_after) = [map(int, line.split()) for line in said]
    assert resident_after - resident <= MOST_RESIDENT_KB, said
    assert objects_after - objects <= MOST_OBJECTS, said
    assert files_after == files, said


def test_nothing_that_is_done_to_the_bytes_does_harm(programs, certificates):
    ends, chains = programs.run(find("cpython"), ROUNDS, "fuzz", certificates, 300).lines_until_end(patience=110)
    assert {*ends.split()} <= KNOWN
    assert "believed" not in chains.split() and "untrusted_issuer" in chains.split()


@pytest.mark.slow
@pytest.mark.timeout(180)
def test_a_server_stays_as_it_was(programs, certificates, port):
    server = start_server(programs, find("cpython"), "harness.everyday", port, certificates, quiet=True,
                          engine="bearssl",
                          settings={"max_open_sockets": 20, "max_sockets_per_address": 20, "handshake_timeout": 1,
                                    "backlog": 512})
    gauge = Gauge(server, find("cpython"))
    fail_handshakes(300, port, certificates)
    abort(120, port, certificates)
    before = gauge.read()
    fail_handshakes(1500, port, certificates)
    abort(600, port, certificates)
    gauge.assert_flat(before, gauge.read())
    stop_server(server)


def test_what_fails_does_not_wait_for_the_collector(programs, certificates, port):
    server = start_server(programs, find("cpython"), "harness.everyday", port, certificates, quiet=True,
                          engine="bearssl", settings={"max_sockets_per_address": 20, "handshake_timeout": 1})
    gauge = Gauge(server, find("cpython"))

    def circles():
        gauge.read()
        return gauge.ask("circles")

    fail_handshakes(10, port, certificates)
    abort(12, port, certificates)
    circles()
    fail_handshakes(20, port, certificates)
    abort(24, port, certificates)
    assert circles() == 0
    stop_server(server)
