"""`microhttps serve --workers N`: real processes on one port, killed, stopped and renewed from the outside."""

import json
import os
import re
import resource
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import time

import pytest

from harness.programs import until
from microhttps import Server
from microhttps.errors import Unsupported

COMMAND = [sys.executable, "-m", "microhttps_host"]
APPLICATION = """
import asyncio, os, time
from microhttps import Identity, Server

server = Server(identity=Identity("own.crt", "own.key"), host="127.0.0.1", stop_timeout=1, identity_check_interval=%s)
if os.path.exists("crash-at-once"):
    os.register_at_fork(after_in_child=lambda: os._exit(5))
os.register_at_fork(after_in_child=lambda: os.path.exists("crash-later") and os._exit(6))

@server.get("/")
def page(request):
    return {"pid": os.getpid(), "resumed": request.session.tls.resumed}

@server.get("/slow")
async def slow(request):
    open("asked", "w").close()
    await asyncio.sleep(0.7)
    return "slow"

@server.get("/stuck")
def stuck(request):
    open("asked", "w").close()
    time.sleep(60)
"""


@pytest.fixture
def folder(tmp_path, certificates):
    """Where the application is, with its certificate."""
    (tmp_path / "app.py").write_text(APPLICATION % 0.2)
    use_identity(tmp_path, certificates, "good")
    return tmp_path


def use_identity(folder, certificates, name):
    shutil.copy(certificates / f"{name}.crt", folder / "own.crt")
    shutil.copy(certificates / f"{name}.key", folder / "own.key")


@pytest.fixture
def serve(programs, folder, port):
    """Starts it with so many workers; gives the supervisor."""

    def start(count=3):
        command = [*COMMAND, "serve", "app.py", "--port", str(port), "--workers", str(count), "--json"]
        program = programs.start(command, cwd=folder, name="the supervisor")
        facts = json.loads(program.line_that('{"event": "serving"'))
        assert facts["workers"] == count
        return program

    return start


@pytest.fixture
def ask(certificates, port):
    """Asks on a new connection; gives the JSON, or the text."""

    def get(path="/", authority="ca"):
        done = subprocess.run(["curl", "-sS", "--max-time", "10", "--cacert", certificates / f"{authority}.crt",
                               f"https://127.0.0.1:{port}{path}"], capture_output=True, text=True, timeout=30)
        return json.loads(done.stdout) if done.stdout.startswith("{") else done.stdout or done.stderr

    return get


def workers_of(program):
    done = subprocess.run(["ps", "-o", "pid=", "--ppid", str(program.pid)], capture_output=True, text=True)
    return {int(pid) for pid in done.stdout.split() if is_alive(int(pid))}


def is_alive(pid):
    done = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True)
    return bool(done.stdout.strip()) and not done.stdout.startswith("Z")


def told(program, name):
    return json.loads(program.line_that(f'{{"event": "{name}"'))


def stop(program, number=signal.SIGTERM):
    workers = workers_of(program)
    program.process.send_signal(number)
    program.lines_until_end()
    assert not [pid for pid in workers if is_alive(pid)]
    return program.wait()


def test_every_worker_answers_on_the_one_port(serve, ask):
    program = serve(3)
    workers = workers_of(program)
    seen = set()
    until(lambda: seen.add(ask()["pid"]) or seen == workers)
    assert len(workers) == 3
    assert stop(program) == 0


def test_a_worker_that_was_killed_is_replaced_and_it_is_said(serve, ask):
    program = serve(2)
    victim, other = workers_of(program)
    os.kill(victim, signal.SIGKILL)
    assert told(program, "worker_ended").items() >= {"pid": victim, "how": "killed by SIGKILL"}.items()
    newcomer = told(program, "worker_started")["pid"]
    assert workers_of(program) == {other, newcomer}
    seen = set()
    until(lambda: seen.add(ask()["pid"]) or seen == {other, newcomer})
    assert stop(program) == 0


def test_a_worker_that_dies_again_and_again_comes_back_later_and_later(serve, folder, ask):
    program = serve(2)
    (folder / "crash-later").touch()
    victim = workers_of(program).pop()
    os.kill(victim, signal.SIGKILL)
    pauses = [float(re.search(r"in ([\d.]+) s", told(program, "worker_ended")["then"]).group(1)) for _ in range(4)]
    assert pauses == [0.1, 0.2, 0.4, 0.8]
    assert ask()["pid"] in workers_of(program)
    (folder / "crash-later").unlink()
    until(lambda: len(workers_of(program)) == 2)
    assert stop(program) == 0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_lets_the_request_in_progress_end(serve, folder, port, certificates, number):
    program = serve(2)
    asking = subprocess.Popen(["curl", "-sS", "--cacert", certificates / "ca.crt", f"https://127.0.0.1:{port}/slow"],
                              stdout=subprocess.PIPE, text=True)
    until(lambda: (folder / "asked").exists())
    assert stop(program, number) == 0
    assert asking.communicate(timeout=20)[0] == "slow"


def test_ctrl_c_reaches_all_of_them_and_the_request_in_progress_ends_all_the_same(serve, folder, port, certificates):
    """A terminal sends SIGINT to the workers, too."""
    program = serve(2)
    asking = subprocess.Popen(["curl", "-sS", "--cacert", certificates / "ca.crt", f"https://127.0.0.1:{port}/slow"],
                              stdout=subprocess.PIPE, text=True)
    until(lambda: (folder / "asked").exists())
    os.killpg(program.pid, signal.SIGINT)
    assert asking.communicate(timeout=20)[0] == "slow"
    program.lines_until_end()
    assert program.wait() == 0


@pytest.mark.parametrize("signals", [1, 2])
def test_a_worker_that_does_not_end_is_killed_and_the_status_says_so(serve, folder, port, certificates, signals):
    """At a second signal at once, however long it might have taken."""
    patience = 1 if signals == 1 else 600
    (folder / "app.py").write_text((APPLICATION % 0.2).replace("stop_timeout=1", f"stop_timeout={patience}"))
    program = serve(2)
    asking = subprocess.Popen(["curl", "-sS", "--cacert", certificates / "ca.crt", f"https://127.0.0.1:{port}/stuck"],
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    until(lambda: (folder / "asked").exists())
    program.process.send_signal(signal.SIGTERM)
    told(program, "stopping")
    if signals == 2:
        program.process.send_signal(signal.SIGTERM)
    told(program, "worker_killed")
    assert program.wait() == 1
    asking.wait(20)


def test_workers_end_when_their_supervisor_is_killed(serve, port):
    program = serve(2)
    workers = workers_of(program)
    program.process.kill()
    program.wait()
    until(lambda: not [pid for pid in workers if is_alive(pid)])
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", port)) != 0


def run(folder, port, *more):
    done = subprocess.run([*COMMAND, "serve", "app.py", "--port", str(port), "--workers", "3", *more], cwd=folder,
                          capture_output=True, text=True, timeout=60)
    assert "Traceback" not in done.stderr + done.stdout
    return done.returncode, done.stdout, done.stderr


def test_a_port_in_use_is_one_sentence_even_if_it_is_a_shared_one(folder, port):
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEPORT, 1)
        taken.bind(("127.0.0.1", port))
        taken.listen()
        status, said, complaint = run(folder, port)
    assert (status, said, complaint.count("error:")) == (1, "", 1)
    assert "[port_in_use]" in complaint


def test_a_bad_certificate_is_one_sentence(folder, port, certificates):
    use_identity(folder, certificates, "mismatch")
    status, said, complaint = run(folder, port)
    assert (status, said, complaint.count("error:")) == (1, "", 1)
    assert "[key_does_not_match_certificate]" in complaint


def test_what_only_a_worker_can_know_is_one_sentence_too(folder, port):
    text = (folder / "app.py").read_text().replace("stop_timeout=1", "redirect_port=80, transport='insecure'")
    (folder / "app.py").write_text(text)
    status, said, complaint = run(folder, port)
    assert (status, said, complaint.count("error:")) == (1, "", 1)
    assert "[redirect_to_nothing]" in complaint


def test_workers_that_all_die_at_once_are_no_loop(folder, port):
    (folder / "crash-at-once").touch()
    status, said, complaint = run(folder, port)
    assert (status, said, complaint.count("error:")) == (1, "", 1)
    assert "a worker did not begin." in complaint and "how=status 5" in complaint


@pytest.mark.parametrize("version", ["tls1_2", "tls1_3"])
def test_a_ticket_of_one_worker_is_good_for_the_others(serve, folder, port, certificates, tool, version):
    """They share the keys of tickets, because the context was made before they were forked."""
    program = serve(3)
    command = [tool("openssl"), "s_client", "-connect", f"127.0.0.1:{port}", "-CAfile", certificates / "ca.crt",
               "-" + version, "-ign_eof"]
    request = "GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"

    def connect(*options):
        done = subprocess.run([*command, *options], input=request, capture_output=True, text=True, timeout=30)
        return json.loads(re.search(r"\{.*\}", done.stdout).group())

    first = connect("-sess_out", folder / "session")
    assert first["resumed"] is False
    later = [connect("-sess_in", folder / "session") for _ in range(16)]
    assert [answer["resumed"] for answer in later] == [True] * 16
    assert {answer["pid"] for answer in later} - {first["pid"]}
    os.kill(first["pid"], signal.SIGKILL)
    newcomer = told(program, "worker_started")["pid"]
    answers = []
    until(lambda: answers.append(connect("-sess_in", folder / "session")) or answers[-1]["pid"] == newcomer)
    assert all(answer["resumed"] for answer in answers)


def shown(port, certificates):
    """The certificate that a new connection meets."""
    context = ssl.create_default_context(cafile=str(certificates / "ca.crt"))
    raw = socket.create_connection(("127.0.0.1", port), timeout=10)
    with context.wrap_socket(raw, server_hostname="localhost") as tls:
        return tls.getpeercert(True)


@pytest.mark.parametrize("is_watched", [True, False])
def test_a_renewed_identity_is_taken_up_by_all_workers(serve, folder, port, certificates, is_watched):
    """By the watch over the files; without it at SIGHUP. Who comes later has it, too."""
    (folder / "app.py").write_text(APPLICATION % (0.2 if is_watched else 0))
    program = serve(3)
    old, new = ((certificates / f"{name}.crt.der").read_bytes() for name in ("good", "rsa"))
    assert {shown(port, certificates) for _ in range(12)} == {old}
    use_identity(folder, certificates, "rsa")
    if not is_watched:
        time.sleep(0.5)
        assert {shown(port, certificates) for _ in range(12)} == {old}
        program.process.send_signal(signal.SIGHUP)
    for _ in range(3):
        told(program, "identity_renewed")
    assert {shown(port, certificates) for _ in range(12)} == {new}
    os.kill(workers_of(program).pop(), signal.SIGKILL)
    told(program, "worker_started")
    until(lambda: len(workers_of(program)) == 3)
    assert {shown(port, certificates) for _ in range(16)} == {new}
    assert stop(program) == 0


def test_a_system_without_shared_ports_is_told_so(monkeypatch, certificates):
    from microhttps.port import system

    monkeypatch.delattr(socket, "SO_REUSEPORT")
    server = Server(transport="insecure", host="127.0.0.1", port=0, reuse_port=True)
    with pytest.raises(Unsupported, match="SO_REUSEPORT"):
        system.run(server.start())


def test_the_help_shows_workers():
    done = subprocess.run([*COMMAND, "serve", "--help"], capture_output=True, text=True, env={**os.environ,
                                                                                             "COLUMNS": "110"})
    assert "--workers" in done.stdout and "microhttps serve app.py --workers 4" in done.stdout


def test_what_the_system_has_no_room_for_is_said(folder, port):
    command = f"ulimit -n 48; {sys.executable} -m microhttps_host serve app.py --port {port} --workers 64 --json"
    done = subprocess.run(["bash", "-c", command], cwd=folder, capture_output=True, text=True, timeout=60)
    assert (done.returncode, done.stderr) == (1, "")
    error = json.loads(done.stdout)
    assert error["code"] == "worker_failed" and "too many open files" in error["happened"]


@pytest.mark.skipif(not hasattr(resource, "prlimit"), reason="limits of another process are Linux's")
def test_who_serves_goes_on_while_there_is_no_room_for_another(serve, ask):
    program = serve(2)
    victim, other = workers_of(program)
    limits = resource.prlimit(program.pid, resource.RLIMIT_NOFILE)
    # No number is free below this one; a worker that has ended gives one back, and another needs two.
    taken = {int(name) for name in os.listdir(f"/proc/{program.pid}/fd")}
    resource.prlimit(program.pid, resource.RLIMIT_NOFILE, (min(set(range(1000)) - taken), limits[1]))
    os.kill(victim, signal.SIGKILL)
    assert told(program, "worker_not_started")["why"] == "too many open files"
    assert ask()["pid"] == other
    resource.prlimit(program.pid, resource.RLIMIT_NOFILE, limits)
    assert told(program, "worker_started")["pid"] in workers_of(program)
    assert stop(program) == 0


@pytest.mark.parametrize("workers", [(), ("--workers", "2")])
@pytest.mark.parametrize("form", [(), ("--json",)])
def test_who_stops_reading_what_is_told_stops_no_server(folder, port, ask, workers, form):
    command = [*COMMAND, "serve", "app.py", "--port", str(port), *workers, *form]
    program = subprocess.Popen(command, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        assert program.stdout.readline()
        until(lambda: "pid" in ask())
        program.stdout.close()
        assert all("pid" in ask() for _ in range(4))
        program.terminate()
        program.wait(30)
        assert program.stderr.read() == ""
    finally:
        program.kill()
        program.wait()
        program.stderr.close()


def test_a_full_disk_behind_what_is_told_stops_no_server(folder, port, ask):
    with open("/dev/full", "w") as full:
        program = subprocess.Popen([*COMMAND, "serve", "app.py", "--port", str(port), "--json"], cwd=folder,
                                   stdout=full, stderr=subprocess.PIPE, text=True)
    try:
        until(lambda: "pid" in ask())
        assert "pid" in ask()
        program.terminate()
        program.wait(30)
        assert "Traceback" not in program.stderr.read()
    finally:
        program.kill()
        program.wait()
        program.stderr.close()
