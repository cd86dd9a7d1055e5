"""An application goes onto a board: MicroPython with a littlefs behind a pseudo-terminal, which speaks the raw REPL."""

import contextlib
import functools
import http.server
import json
import subprocess
import sys
import threading

import pytest
import serial

from harness.programs import until
from microhttps.errors import UsageError
from microhttps_host.push.boards import Board

from .standin import StandIn
from .test_staging import ask

THEIRS = "with open('main.py', 'w') as file:\n file.write('print(1)')"
pytestmark = [pytest.mark.micropython, pytest.mark.slow, pytest.mark.timeout(600)]  # each push compiles the runtime


@pytest.fixture
def board(tmp_path):
    board = StandIn(tmp_path / "flash.img")
    yield board
    board.unplug()


def pushed(push, board, *arguments, **options):
    return push.does(board.plug(**options), "app.py", "--for", "localhost", "--with", "port.txt", *arguments)


def test_a_pushed_server_answers_curl_that_believes_the_authority(push, board, port, programs):
    told = pushed(push, board)
    assert "clock (20" in board.complaints and told["is_clock_set"]
    files = board.files()
    assert {":" + path: size for path, size in files.items()} == {
        file["file"]: file["size"] for file in told["files"]}
    assert told["written"][-1] == "main.py" and "lights.mpy" in told["written"]
    assert told["flash"] >= sum(files.values()) and 0 < told["heap"] < 40 * 1024
    programs.start(board.command("boot"), "the board at its start")
    assert json.loads(until(lambda: ask(push, port))) == {"led": "red", "on": True}


def test_what_is_there_already_is_not_sent_again_and_what_is_left_over_is_removed(push, tmp_path):
    board = StandIn(tmp_path / "large.img", kilobytes=1024)
    before = set(pushed(push, board)["written"])
    assert pushed(push, board)["written"] == []
    push.write("app.py", "from microhttps import Client\nprint('hello')\n")
    after = push.does(board.plug(), "app.py")
    assert "main.py" in after["written"] and "lib/microhttps/client.mpy" in after["written"]
    there = set(board.files())
    assert "lib/microhttps/server.mpy" in before - there
    assert {path for path in there if path.startswith("lib/")} == {
        file["file"][1:] for file in after["files"] if file["file"].startswith(":lib/")}


def test_an_application_of_somebody_elses_is_kept(push, board):
    board.run(THEIRS)
    assert pushed(push, board)["kept"] == "main.before.py"
    assert board.read("main.before.py") == b"print(1)"


@pytest.mark.parametrize("moment", [12, 60, 400])
def test_a_board_that_goes_away_half_way_has_what_it_had_and_is_whole_after_the_next_push(push, board, moment):
    board.run(THEIRS)
    said = push.fails(board.plug(unplugged=moment), "app.py", "--for", "localhost", "--with", "port.txt")
    assert "[board_lost]" in said
    assert board.read("main.py") == b"print(1)"
    assert not [path for path in board.files() if path.endswith((".mpy", ".crt", ".key"))], "under its own name"
    told = pushed(push, board)
    assert {":" + path for path in board.files()} - {":main.before.py"} == {file["file"] for file in told["files"]}


def test_a_flash_without_room_is_told_before_anything_is_written(push, tmp_path):
    board = StandIn(tmp_path / "small.img", kilobytes=128)
    said = push.fails(board.plug(), "app.py", "--for", "localhost", "--with", "port.txt")
    assert "[board_full]" in said and "needed=" in said
    assert board.files() == {}


def test_a_mistake_in_the_application_is_said_before_the_board_is_asked(push, board):
    push.write("app.py", "def f(:\n")
    assert "[bad_application]" in push.fails(board.plug(unplugged=1), "app.py", "--for", "localhost")


@pytest.mark.parametrize("options, code", [
    ({"version": "1.22.2"}, "board_too_old"),
    ({"name": "circuitpython"}, "not_micropython"),
])
def test_what_the_runtime_would_not_run_on_is_refused(push, board, options, code):
    assert f"[{code}]" in push.fails(board.plug(**options), "app.py", "--for", "localhost")
    assert board.files() == {}


def test_what_does_not_answer_is_no_board(push, board):
    silent = [sys.executable, "-c", "import sys; sys.stdin.read()"]
    assert "[not_micropython]" in push.fails(board.plug(silent), "app.py", "--for", "localhost")


def test_a_boot_program_that_does_not_end_is_stopped(push, board):
    told = pushed(push, board, hangs="yes")
    assert told["heap"] and "main.py" in board.files()


def test_a_port_that_another_program_holds_is_busy(push, board):
    port = board.plug()
    with serial.Serial(port, exclusive=True):
        assert "[board_busy]" in push.fails(port, "app.py", "--for", "localhost")


def test_a_port_that_is_not_there_is_named(push):
    said = push.fails("/dev/ttyNOTHING0", "app.py", "--for", "localhost")
    assert "[no_board]" in said and "/dev/ttyNOTHING0" in said


def test_for_people_it_says_sizes_files_ends_and_the_next_command(push, board):
    status, said, complained = push.run(board.plug(), "app.py", "--for", "localhost", "--with", "port.txt")
    assert (status, complained) == (0, "")
    assert "wrote  :device.crt" in said and "expires 20" in said and "KB kept by the import" in said
    assert said.splitlines()[-1].startswith("next:  mpremote connect /dev/pts/")


@contextlib.contextmanager
def serving(folder):
    """The files of a folder over HTTP; gives the URL."""
    handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=folder)
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_address[1]}"
        server.shutdown()


def mpremote(port, *arguments):
    command = [sys.executable, "-m", "mpremote", "connect", port, *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_the_next_step_after_staging_makes_the_same_board(push, board):
    told = push.does("--to", "stage", "app.py", "--for", "localhost", "--with", "port.txt")
    mpremote(board.plug(), "cp", "-r", *sorted((push.folder / "stage").iterdir()), ":")
    assert board.files() == {file["file"].removeprefix("stage/"): file["size"] for file in told["files"]}


def test_mip_installs_the_package_that_was_staged(push, tmp_path):
    board = StandIn(tmp_path / "large.img", kilobytes=1024)
    push.does("--to", "package", "--profile", "client")
    with serving(push.folder / "package") as url:
        mpremote(board.plug(), "mip", "install", f"{url}/package.json")
    assert board.run("from microhttps import Client\nprint(Client.__name__)") == "Client\n"


@pytest.mark.parametrize("program", ["print('a timer of boot.py')", "import sys\nsys.stdout.buffer.write(b'\\xff')"])
def test_what_something_else_prints_there_is_no_answer(board, program):
    with Board(board.plug()) as plugged, pytest.raises(UsageError) as caught:
        plugged.ask(program)
    assert caught.value.code == "board_failed" and "it printed" in caught.value.facts["reason"]
