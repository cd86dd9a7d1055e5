"""Many connections: beyond `max_open_sockets`, from one address, and what happens to those who were there."""

import resource
import socket
import time

import pytest

from harness.programs import open_files, until
from harness.wire import client_hello, open_raw, reset

GET = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"


def is_answered(line):
    line.sendall(GET)
    received = b""
    while not received.endswith(b"small"):
        data = line.recv(4096)
        if not data:
            return False
        received += data
    return received.startswith(b"HTTP/1.1 200")


def is_open(line):
    """Whether the server has not closed this connection (looked at without waiting)."""
    line.settimeout(0.05)
    try:
        return line.recv(1) != b""
    except TimeoutError:
        return True
    except OSError:
        return False
    finally:
        line.settimeout(10)


def test_the_least_recently_used_idle_connection_makes_room_for_a_newcomer(make_victim):
    victim = make_victim(settings={"max_open_sockets": 4, "max_sockets_per_address": 4, "keep_alive_timeout": 30})
    lines = [victim.open_tls() for _ in range(4)]
    for line in lines:
        assert is_answered(line)
    assert is_answered(lines[0])  # so that the second is now the one used longest ago
    newcomer = victim.open_tls()
    assert is_answered(newcomer)
    assert [is_open(line) for line in lines] == [True, False, True, True]
    for line in [*lines, newcomer]:
        line.close()


def test_without_purging_the_newcomer_waits_until_somebody_goes(make_victim):
    victim = make_victim(settings={"max_open_sockets": 2, "max_sockets_per_address": 2, "lru_purge": False,
                                   "keep_alive_timeout": 30})
    lines = [victim.open_tls() for _ in range(2)]
    assert all(is_answered(line) for line in lines)
    waiting = open_raw(victim.port)
    waiting.sendall(client_hello())
    waiting.settimeout(0.4)
    with pytest.raises(TimeoutError):
        waiting.recv(1)
    assert all(is_answered(line) for line in lines)
    lines[0].close()
    waiting.settimeout(5)
    assert waiting.recv(1)
    waiting.close()
    lines[1].close()


def test_a_request_in_progress_is_never_the_victim(make_victim):
    victim = make_victim(settings={"max_open_sockets": 3, "max_sockets_per_address": 3, "keep_alive_timeout": 30})
    busy = [victim.open_tls() for _ in range(2)]
    for line in busy:
        line.sendall(GET.replace(b"/ ", b"/slow "))
    newcomers = []
    for _ in range(6):
        newcomers.append(victim.open_tls())
        assert is_answered(newcomers[-1])
    for line in busy:
        received = line.recv(4096)
        assert received.endswith(b"slow"), received
    for line in [*busy, *newcomers]:
        line.close()


def test_a_handshake_in_progress_is_never_the_victim(make_victim):
    """Whoever only shakes hands holds a place until its own deadline; the one idle connection pays for newcomers."""
    victim = make_victim(settings={"max_open_sockets": 3, "max_sockets_per_address": 3, "keep_alive_timeout": 30,
                                   "handshake_timeout": 1.5})
    shaking = [open_raw(victim.port) for _ in range(2)]
    until(lambda: victim.sessions() == 2)
    for _ in range(4):
        with victim.open_tls() as newcomer:
            assert is_answered(newcomer)
    assert all(is_open(raw) for raw in shaking)
    for raw in shaking:
        raw.close()


def test_silent_connections_that_fill_every_place_keep_a_good_client_out_only_until_their_deadline(make_victim):
    victim = make_victim(settings={"max_open_sockets": 4, "max_sockets_per_address": 4})
    silent = [open_raw(victim.port) for _ in range(4)]
    started = time.monotonic()
    victim.is_good()
    assert time.monotonic() - started < 10
    for raw in silent:
        raw.close()


def test_a_flood_from_one_address_is_refused_and_does_not_push_the_others_out(make_victim):
    """The whole of 127/8 is this machine, so that a test can have several addresses (Linux)."""
    victim = make_victim(settings={"max_open_sockets": 20, "max_sockets_per_address": 5, "keep_alive_timeout": 30,
                                   "handshake_timeout": 10, "host": "0.0.0.0"})
    others = []
    for number in range(3):
        raw = socket.create_connection(("127.0.0.1", victim.port), 10, source_address=(f"127.0.0.{10 + number}", 0))
        others.append(raw)
    flood = [open_raw(victim.port) for _ in range(100)]
    until(lambda: victim.sessions() <= 3 + 5)
    open_ones = [raw for raw in flood if is_open(raw)]
    assert len(open_ones) <= 5
    assert all(is_open(raw) for raw in others)
    for raw in [*others, *flood]:
        raw.close()


def beyond(interpreter):
    """(max_open_sockets, connections beyond it): the issue's thousand on a computer, and as many on a board."""
    return (200, 1000) if interpreter.name == "cpython" else (4, 1000)


def test_a_thousand_connections_beyond_the_limit_wait_or_are_refused_and_the_server_lives(make_victim, interpreter):
    limit, more = beyond(interpreter)
    allow_files(limit + more + 200)
    victim = make_victim(settings={"max_open_sockets": limit, "max_sockets_per_address": limit,
                                   "handshake_timeout": 1.0})
    before = open_files(victim.program.pid)
    crowd = []
    for _ in range(limit + more):
        raw = socket.socket()
        raw.setblocking(False)
        raw.connect_ex(("127.0.0.1", victim.port))
        crowd.append(raw)
    until(lambda: victim.sessions() > 0)
    assert victim.sessions() <= limit
    assert open_files(victim.program.pid) <= before + limit + 5
    for raw in crowd:
        reset(raw)
    victim.is_good()


def test_who_is_served_goes_on_being_served_while_a_thousand_push(make_victim, interpreter):
    limit, more = beyond(interpreter)
    allow_files(limit + more + 200)
    victim = make_victim(settings={"max_open_sockets": limit, "max_sockets_per_address": limit,
                                   "handshake_timeout": 0.5, "lru_purge": False, "keep_alive_timeout": 30})
    with victim.open_tls() as line:
        assert is_answered(line)
        crowd = []
        for _ in range(limit + more):
            raw = socket.socket()
            raw.setblocking(False)
            raw.connect_ex(("127.0.0.1", victim.port))
            crowd.append(raw)
        for _ in range(20):
            started = time.monotonic()
            assert is_answered(line)
            assert time.monotonic() - started < 5
        for raw in crowd:
            reset(raw)


def test_a_storm_of_connects_and_resets_leaves_nothing_behind(victim, good_client):
    """Attack T3."""
    with good_client(victim):
        for _ in range(2000):
            reset(open_raw(victim.port))


def test_running_out_of_descriptors_stops_nobody_for_ever(make_victim, interpreter):
    """Attack T12: accept() fails; the server says so, goes on, and takes newcomers again once there is room."""
    victim = make_victim(settings={"max_open_sockets": 1000, "max_sockets_per_address": 1000, "backlog": 50},
                         may_complain=True)
    allowed = open_files(victim.program.pid) + 10
    resource.prlimit(victim.program.pid, resource.RLIMIT_NOFILE, (allowed, allowed))
    with victim.open_tls() as line:
        assert is_answered(line)
        crowd = [open_raw(victim.port) for _ in range(30)]
        victim.event_that(("fault", "refused"))
        assert is_answered(line)
        for raw in crowd:
            raw.close()
    victim.is_good()


def allow_files(count):
    """Raise this process's own limit of open files, which its children inherit."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < count:
        assert hard == resource.RLIM_INFINITY or hard >= count, f"this test needs {count} open files; `ulimit -n`"
        resource.setrlimit(resource.RLIMIT_NOFILE, (count, hard))
