"""Every scenario in this folder, played in the four pairings of CPython and MicroPython as server and client."""

import importlib
from pathlib import Path

import pytest

from harness.playing import start_client, start_server, stop_server
from harness.programs import free_port

SCENARIOS = sorted(path.stem for path in Path(__file__).parent.glob("*.py") if not path.stem.startswith(("_", "test_")))
# Those in which every kind of step is taken: handshakes good and bad, bodies, pieces, plain TCP, a graceful end.
STUTTERED = ("bare_stream", "bodies", "chunked_answers", "events", "expectations", "files", "graceful_stop",
             "insecure", "large_bodies", "mutual_tls", "mutual_tls_optional", "mutual_tls_seen_in_passing",
             "pipelining", "started_requests", "unread_bodies", "verification", "websocket_endings",
             "websocket_messages", "wrapped_sockets")


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_a_scenario_goes_the_same_way_in_every_pairing(scenario, pairing, programs, certificates, port):
    play_scenario(scenario, pairing, programs, certificates, port)


@pytest.mark.parametrize("scenario", STUTTERED)
def test_a_scenario_goes_the_same_way_when_every_step_would_block(scenario, pairing, programs, certificates, port):
    """Both sides stutter (see harness/stutter.py), which a network does only when nobody is looking."""
    play_scenario(scenario, pairing, programs, certificates, port, stutter=True)


def play_scenario(scenario, pairing, programs, certificates, port, engines=(None, None), instead=(), **more):
    """Both parts, each on its interpreter and by its engine (None: the interpreter's own), and what they have said.

    `instead` are pairs of words: what is expected, and what is right here.
    """
    text = importlib.import_module("scenarios." + scenario)
    options = {**options_of(text, programs), **more}
    module, heap = "scenarios." + scenario, getattr(text, "HEAP", None)
    server = start_server(programs, pairing[0], module, port, certificates, heap=heap, engine=engines[0],
                          may_complain=getattr(text, "MAY_COMPLAIN", False), **options)
    client = start_client(programs, pairing[1], module, port, certificates, heap=heap, engine=engines[1], **options)
    said = client.lines_until_end()
    if client.wait() != 0:
        client.fail("failed")
    assert stripped(said) == lines_of(text.EXPECTED, instead)
    of_server = stop_server(server)
    if hasattr(text, "EXPECTED_OF_SERVER"):
        assert stripped(of_server) == lines_of(text.EXPECTED_OF_SERVER, instead)


def options_of(text, programs):
    """What both parts of a scenario are given."""
    return {"spare_port": free_port(), "scratch": str(programs.new_file("scratch")), **getattr(text, "OPTIONS", {})}


def lines_of(transcript, instead=()):
    for expected, right in instead:
        transcript = transcript.replace(expected, right)
    return stripped(transcript.strip("\n").splitlines())


def stripped(lines):
    """Without the spaces at the ends of lines, which no editor keeps."""
    return [line.rstrip() for line in lines]


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_a_scenario_says_what_it_is_about(scenario):
    text = importlib.import_module("scenarios." + scenario)
    assert text.__doc__ and lines_of(text.EXPECTED)
