"""Event loops that a client meets: a kept connection is no trap in the next one, and nothing blocks inside one."""

from pathlib import Path

from harness.interpreters import find_or_fail
from harness.playing import start_server, stop_server


def test_a_client_goes_on_in_another_loop_and_nothing_blocks_inside_one(interpreter, programs, certificates, port):
    """What rests is over with its loop, where that ends what runs in it; on MicroPython there is one for all."""
    server = start_server(programs, find_or_fail("cpython"), "harness.everyday", port, certificates)
    client = programs.run(interpreter, Path(__file__).parent / "in_loops.py", port, certificates)
    assert client.lines_until_end() == ["POST 200", "GET 405"] * 2 + [
        "loop_is_running", "and the loop goes on", "Ctrl-C, and 405"]
    assert client.wait() == 0
    stop_server(server)
