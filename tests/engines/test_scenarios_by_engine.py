"""Every scenario by an engine that was named: those in which TLS has a part on either side alone, the others on both.

Some of the first beside MicroPython, too.
"""

import pytest

from harness.engine import ENGINES
from harness.interpreters import find_or_fail
from scenarios.test_scenarios import SCENARIOS as ALL
from scenarios.test_scenarios import play_scenario

SCENARIOS = (
    "answers", "bare_stream", "blocking_fetch", "bodies", "client_deadlines", "client_streams", "events",
    "expectations", "graceful_stop", "identity_renewed", "insecure", "key_pins", "kinds_of_certificates",
    "large_bodies", "mutual_tls", "mutual_tls_optional", "mutual_tls_routes", "mutual_tls_seen_in_passing",
    "mutual_tls_wrapped_sockets", "names", "pins", "pipelining", "redirect_listener", "requests_seen", "sealed_key",
    "self_signed", "session_callbacks", "session_endings", "session_facts", "two_servers", "verification",
    "websocket_messages", "wrapped_sockets",
)
STUTTERED = ("bodies", "large_bodies", "mutual_tls", "wrapped_sockets")
WITH_MICROPYTHON = ("answers", "bodies", "mutual_tls", "verification", "websocket_messages", "wrapped_sockets")
# What is said otherwise by an engine: pairs of words, and the reason.
INSTEAD = {"mbedtls": (("TLSv1.3", "TLSv1.2"),), "bearssl": (("TLSv1.3", "TLSv1.2"),)}  # neither has TLS 1.3

each_side = pytest.mark.parametrize("side", ["server", "client"])
each_engine = pytest.mark.parametrize("engine", ENGINES)


@each_side
@pytest.mark.parametrize("scenario", SCENARIOS)
@each_engine
def test_a_scenario_goes_the_same_way(engine, scenario, side, programs, certificates, port):
    play_by(engine, side, "cpython", scenario, programs, certificates, port)


@pytest.mark.parametrize("scenario", sorted(set(ALL) - set(SCENARIOS)))
@each_engine
def test_a_scenario_above_tls_goes_the_same_way_by_it_on_both_sides(engine, scenario, programs, certificates, port):
    here = find_or_fail("cpython")
    play_scenario(scenario, (here, here), programs, certificates, port, (engine, engine), INSTEAD[engine])


@each_side
@pytest.mark.parametrize("scenario", STUTTERED)
@each_engine
def test_a_scenario_goes_the_same_way_when_every_step_would_block(engine, scenario, side, programs, certificates,
                                                                  port):
    play_by(engine, side, "cpython", scenario, programs, certificates, port, stutter=True)


@pytest.mark.micropython
@each_side
@pytest.mark.parametrize("scenario", WITH_MICROPYTHON)
@each_engine
def test_a_scenario_goes_the_same_way_beside_micropython(engine, scenario, side, programs, certificates, port):
    play_by(engine, side, "micropython", scenario, programs, certificates, port)


def play_by(engine, side, other, scenario, programs, certificates, port, **more):
    """The scenario with that side on CPython by the engine, and the other by the own one of its interpreter."""
    pair = [(find_or_fail("cpython"), engine), (find_or_fail(other), None)]
    interpreters, engines = zip(*(pair if side == "server" else pair[::-1]))
    play_scenario(scenario, interpreters, programs, certificates, port, engines, INSTEAD.get(engine, ()), **more)
