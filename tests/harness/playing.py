"""Starts the parts of `play.py` for a test and waits until they are ready."""

import json
from pathlib import Path

PLAY = Path(__file__).with_name("play.py")


def start_server(programs, interpreter, module, port, certificates, heap=None, environment=None, may_complain=False,
                 **options):
    """A server of `module` that listens on `port` when this returns."""
    program = play(programs, "server", interpreter, module, port, certificates, options, heap=heap,
                   environment=environment, may_complain=may_complain)
    program.line_that("ready")
    return program


def start_client(programs, interpreter, module, port, certificates, heap=None, environment=None, may_complain=False,
                 **options):
    """A client of `module`, on its way."""
    return play(programs, "client", interpreter, module, port, certificates, options, heap=heap,
                environment=environment, may_complain=may_complain)


def play(programs, part, interpreter, module, port, certificates, options, **more):
    """One part of `play.py`, started."""
    file = programs.new_file("options.json")
    file.write_text(json.dumps(options))
    return programs.run(interpreter, PLAY, part, module, port, certificates, file,
                        name=f"{module} {part} on {interpreter}", **more)


def stop_server(program):
    """Stop gracefully; returns the lines the server said that were not read yet."""
    program.tell("stop")
    lines = program.lines_until_end()
    assert lines and lines[-1] == "stopped", program.fail("did not stop gracefully")
    program.wait()
    return lines[:-1]
