"""Starts the parts of `play.py` for a test and waits until they are ready."""

import json
from pathlib import Path

PLAY = Path(__file__).with_name("play.py")


def start_server(programs, interpreter, module, port, certificates, heap=None, environment=None, may_complain=False,
                 **options):
    """A server of `module` that listens on `port` when this returns."""
    program = programs.run(interpreter, PLAY, "server", module, port, certificates, json.dumps(options), heap=heap,
                           environment=environment, may_complain=may_complain, name=f"{module} server on {interpreter}")
    program.line_that("ready")
    return program


def start_client(programs, interpreter, module, port, certificates, heap=None, environment=None, may_complain=False,
                 **options):
    """A client of `module`, on its way."""
    return programs.run(interpreter, PLAY, "client", module, port, certificates, json.dumps(options), heap=heap,
                        environment=environment, may_complain=may_complain, name=f"{module} client on {interpreter}")


def stop_server(program):
    """Stop gracefully; returns the lines the server said that were not read yet."""
    program.tell("stop")
    lines = program.lines_until_end()
    assert lines and lines[-1] == "stopped", program.fail("did not stop gracefully")
    program.wait()
    return lines[:-1]
