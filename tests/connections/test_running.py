"""`server.run()`: serves until Ctrl-C or SIGTERM, ends what is in progress, and leaves without a traceback."""

import http.client
import signal
import subprocess
from pathlib import Path

import pytest

from harness.interpreters import find_or_fail
from harness.programs import until

SOURCE = Path(__file__).parents[2] / "src"


def ask(port, path, method="GET"):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request(method, path)
    return connection


def is_served(port):
    try:
        return ask(port, "/").getresponse().read() == b"page"
    except OSError:
        return False


@pytest.fixture
def start(programs, port):
    def run(interpreter):
        program = programs.run(interpreter, Path(__file__).with_name("run_forever.py"), port)
        until(lambda: is_served(port))
        return program

    return run


def test_ctrl_c_ends_a_server(interpreter, start):
    program = start(interpreter)
    program.process.send_signal(signal.SIGINT)
    assert program.lines_until_end() == ["stopped"]
    assert program.wait() == 0


def test_run_returns_when_the_application_stops_the_server(interpreter, start, port):
    program = start(interpreter)
    assert ask(port, "/stop").getresponse().read() == b"stopping"
    assert program.lines_until_end() == ["stopped"]
    assert program.wait() == 0


def test_run_goes_on_when_the_application_starts_it_again_at_once(interpreter, start, port):
    program = start(interpreter)
    for _ in range(2):
        assert ask(port, "/restart").getresponse().read() == b"restarting"
        assert program.line() == "started again"
    assert is_served(port)
    assert ask(port, "/stop").getresponse().read() == b"stopping"
    assert program.lines_until_end() == ["stopped"]
    assert program.wait() == 0


def test_a_handler_that_stops_its_own_server_is_answered_and_so_are_those_in_progress(interpreter, start, port):
    """Waited for, it would wait for itself until `stop_timeout` ends it."""
    program = start(interpreter)
    for path, method, words in (("/restart", "POST", b"started again, and answered"),
                                ("/stop", "POST", b"stopped, and answered")):
        slow = ask(port, "/slow")
        assert program.line() == "asked"
        assert ask(port, path, method).getresponse().read() == words
        assert slow.getresponse().read() == b"slow"
        assert path == "/stop" or is_served(port)
    assert program.lines_until_end() == ["stopped"]
    assert program.wait() == 0


def test_sigterm_lets_a_request_in_progress_end(start, port):
    """MicroPython has no signals; there SIGTERM ends the process as it ends any."""
    program = start(find_or_fail("cpython"))
    connection = ask(port, "/slow")
    assert program.line() == "asked"
    program.process.send_signal(signal.SIGTERM)
    assert connection.getresponse().read() == b"slow"
    assert program.lines_until_end() == ["stopped"]
    assert program.wait() == 0


@pytest.mark.micropython
def test_a_module_that_a_firmware_lacks_is_named_and_not_ours_that_asked_for_it():
    """Here `asyncio`, which is hidden by a path that does not name what is built in."""
    interpreter = find_or_fail("micropython")
    told = subprocess.run(interpreter.command("-c", "from microhttps import Server"), capture_output=True, text=True,
                          env={**interpreter.environment, "MICROPYPATH": str(SOURCE)}, timeout=60, check=False).stderr
    assert told.splitlines()[-1] == "ImportError: no module named 'asyncio'"


def test_who_pressed_ctrl_c_may_run_it_again(interpreter, programs, port):
    """A board's prompt knows no other way; and an application that cannot hear what happens keeps nobody waiting."""
    program = programs.run(interpreter, Path(__file__).with_name("run_again.py"), port)
    program.may_complain = True  # of each event that nobody heard
    for times in ("once", "twice"):
        until(lambda: is_served(port))
        slow = ask(port, "/slow")
        assert program.line() == "asked"
        program.process.send_signal(signal.SIGINT)
        assert slow.getresponse().read() == b"slow"
        assert program.line() == times
    assert program.lines_until_end() == ["loop_is_running", "the loop goes on"]
    assert program.wait() == 0
