"""Every scenario in this folder, played in the four pairings of CPython and MicroPython as server and client."""

import importlib
from pathlib import Path

import pytest

from harness.programs import free_port
from harness.playing import start_client, start_server, stop_server

SCENARIOS = sorted(path.stem for path in Path(__file__).parent.glob("*.py") if not path.stem.startswith(("_", "test_")))


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_a_scenario_goes_the_same_way_in_every_pairing(scenario, pairing, programs, certificates, port):
    text = importlib.import_module("scenarios." + scenario)
    server_interpreter, client_interpreter = pairing
    options = {"spare_port": free_port(), **getattr(text, "OPTIONS", {})}
    may_complain = getattr(text, "MAY_COMPLAIN", False)
    heap = getattr(text, "HEAP", None)
    server = start_server(programs, server_interpreter, "scenarios." + scenario, port, certificates, heap=heap,
                          may_complain=may_complain, **options)
    client = start_client(programs, client_interpreter, "scenarios." + scenario, port, certificates, heap=heap,
                          **options)
    said = client.lines_until_end()
    if client.wait() != 0:
        client.fail("failed")
    assert stripped(said) == lines_of(text.EXPECTED)
    of_server = stop_server(server)
    if hasattr(text, "EXPECTED_OF_SERVER"):
        assert stripped(of_server) == lines_of(text.EXPECTED_OF_SERVER)


def lines_of(transcript):
    return stripped(transcript.strip("\n").splitlines())


def stripped(lines):
    """Without the spaces at the ends of lines, which no editor keeps."""
    return [line.rstrip() for line in lines]


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_a_scenario_says_what_it_is_about(scenario):
    text = importlib.import_module("scenarios." + scenario)
    assert text.__doc__ and lines_of(text.EXPECTED)
