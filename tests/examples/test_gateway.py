"""examples/gateway.py with ten boards (gateway_board.py), each a process of its own, most of them MicroPython."""

import json
import signal
import subprocess

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from cryptography.x509.oid import ExtendedKeyUsageOID

from examples.conftest import EXAMPLES, RUN, press_ctrl_c
from examples.visiting import shows
from harness.certificates import HERE, Made, make, write
from harness.interpreters import find_or_fail
from harness.programs import free_port, is_listening, until

NAMES = [f"board-{number}.local" for number in range(1, 11)]
KINDS = ["micropython"] * 6 + ["micropython32"] * 2 + ["cpython"] * 2
BOTH = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH])


class Fleet:
    """The boards by name: `port` and `start`; each has a folder with certificate, key and authority."""

    def __init__(self, programs, folder, made):
        self.programs = programs
        self.folder = folder
        self.ports = {name: free_port() for name in NAMES}
        self.running = {}
        self.authority = Made(x509.load_pem_x509_certificate((made / "ca.crt").read_bytes()),
                              load_pem_private_key((made / "ca.key").read_bytes(), None))
        write(folder, "ca", self.authority)
        self.issue(folder, "gateway", "gateway.local", instead=[(BOTH, False)])
        self.issue(folder, "stranger", "stranger.local", instead=[(BOTH, False)])
        for name in NAMES:
            (folder / name).mkdir()
            write(folder / name, "ca", self.authority)
            self.issue(folder / name, "device", name)

    def issue(self, folder, file, name, **more):
        write(folder, file, make(name, (name, *HERE), self.authority, **more))

    def start(self, *names):
        for name in names:
            kind = KINDS[NAMES.index(name)]
            changes = self.programs.new_file("changes.json")
            changes.write_text(json.dumps({"path": [str(EXAMPLES)], "server.host": "127.0.0.1",
                                           "server.port": self.ports[name]}))
            self.running[name] = self.programs.run(find_or_fail(kind), RUN, "gateway_board", changes,
                                                   cwd=self.folder / name, name=f"{name} on {kind}")
        for name in names:
            until(lambda: is_listening(self.ports[name]))  # noqa: B023, asked at once

    def kill(self, name):
        self.running[name].reap()


@pytest.fixture
def fleet(programs, tmp_path, certificates):
    fleet = Fleet(programs, tmp_path, certificates)
    fleet.start(*NAMES)
    return fleet


@pytest.fixture
def gateway(fleet, programs, interpreter, port):
    """Starts the gateway on each interpreter in turn."""

    def start(**changes):
        file = programs.new_file("changes.json")
        file.write_text(json.dumps({
            "path": [str(EXAMPLES)], "server.host": "127.0.0.1", "server.port": port, "EVERY": 0.3, "LONGEST": 1,
            "PATIENCE": 20, "BOARDS": [[name, f"https://127.0.0.1:{fleet.ports[name]}/reading"] for name in NAMES],
            **changes}))
        program = programs.run(interpreter, RUN, "gateway", file, cwd=fleet.folder, name=f"gateway on {interpreter}")
        until(lambda: is_listening(port) or not program.is_running())
        return program

    return start


@pytest.fixture
def ask(tool, fleet, port):
    """Asks by curl, the gateway where no other port is named: what came, a blank, the status."""

    def curl(path, *options, port=port):
        command = [tool("curl"), "--silent", "--max-time", "20", "--cacert", "ca.crt", *options, "--write-out",
                   " %{http_code}", f"https://localhost:{port}{path}"]
        return subprocess.run(command, cwd=fleet.folder, capture_output=True, text=True, timeout=30).stdout

    return curl


@pytest.fixture
def boards(ask):
    """What the gateway shows, by the board's name."""
    return lambda: {board["name"]: board for board in json.loads(ask("/readings").rpartition(" ")[0])}


def asked(boards, *but):
    """How often each board was asked over its connection, of all but these."""
    return {name: board["reading"] and board["reading"]["asked"] for name, board in boards.items() if name not in but}


def all_are_heard(boards, more_than, *but):
    """Whether every board, but these, was asked more often than that, and none of them failed last."""
    seen = boards()
    return len(seen) == 10 and all((times or 0) > more_than and not seen[name]["failures"]
                                   for name, times in asked(seen, *but).items())


def test_ten_boards_are_heard_at_once_each_over_one_connection_that_is_kept(gateway, boards, ask):
    program = gateway()
    until(lambda: all_are_heard(boards, 3))
    assert all(15 < board["reading"]["temperature"] < 30 for board in boards().values())
    page = ask("/")
    assert "<title>Fleet</title>" in page and page.endswith(" 200")
    assert press_ctrl_c(program) == []


def test_a_dead_board_and_one_that_hangs_hold_nobody_and_are_heard_again_when_they_are_back(gateway, boards, fleet):
    gateway(PATIENCE=2)
    until(lambda: all_are_heard(boards, 1))
    dead, hanging = NAMES[2], NAMES[8]
    fleet.kill(dead)
    fleet.running[hanging].process.send_signal(signal.SIGSTOP)
    until(lambda: boards()[dead]["failures"] > 1 and boards()[hanging]["failures"] > 0)
    lost = boards()
    assert lost[dead]["why"] and lost[hanging]["why"] and lost[dead]["reading"], "the last reading stays"
    most = max(asked(lost, dead, hanging).values())
    until(lambda: all_are_heard(boards, most, dead, hanging))
    until(lambda: boards()[dead]["failures"] > lost[dead]["failures"])

    fleet.start(dead)
    fleet.running[hanging].process.send_signal(signal.SIGCONT)
    until(lambda: all_are_heard(boards, 1) and boards()[dead]["why"] is None)


def test_boards_that_are_not_there_when_the_gateway_starts_are_heard_when_they_come(gateway, boards, fleet):
    late = NAMES[5]
    fleet.kill(late)
    gateway()
    until(lambda: all_are_heard(boards, 1, late))
    assert boards()[late]["reading"] is None and boards()[late]["age"] is None
    fleet.start(late)
    until(lambda: all_are_heard(boards, 1))


def test_a_board_with_the_certificate_of_another_is_not_taken_for_it(gateway, boards, fleet):
    one, other = NAMES[0], NAMES[1]
    swapped = [[name, f"https://127.0.0.1:{fleet.ports[other if name == one else name]}/reading"] for name in NAMES]
    gateway(BOARDS=swapped)
    until(lambda: all_are_heard(boards, 1, one))
    until(lambda: boards()[one]["failures"])
    assert boards()[one]["reading"] is None
    assert boards()[one]["why"].startswith("who answers there is board-2.local")


@pytest.mark.parametrize("name", [NAMES[0], NAMES[9]])
def test_a_board_answers_the_gateway_and_nobody_else(fleet, ask, name):
    def reading(*shown):
        return ask("/reading", *shown, port=fleet.ports[name])

    assert reading("--cert", "gateway.crt", "--key", "gateway.key").endswith(" 200")
    assert reading("--cert", "stranger.crt", "--key", "stranger.key").endswith(" 403")
    assert reading() == " 000"


def test_its_page_shows_who_is_silent_and_why(gateway, fleet, visit, look, port):
    gateway()
    page = visit(f"https://localhost:{port}/")
    shows(page, "All 10 boards answer.")
    fleet.kill(NAMES[3])
    shows(page, "1 of 10 boards does not answer.")
    assert page.run("document.querySelectorAll('tbody tr').length") == 10
    assert page.run("document.querySelectorAll('.failing').length") == 1
    look(page, "gateway")
    fleet.start(NAMES[3])
    shows(page, "All 10 boards answer.")
