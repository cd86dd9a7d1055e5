"""A machine that is renamed or moves to another network is believed there, with nothing restarted."""

import asyncio
import datetime
import os
import shutil
import subprocess
import sys

import pytest

from authority import moving
from microhttps_host.authority.machine import server_identity
from microhttps_host.watching import Watch

OWN_NAMESPACES = ["unshare", "--user", "--map-root-user", "--net", "--uts"]


def may_have_namespaces():
    """Linux, and not in a container that forbids it: there the tests below stand for it."""
    asked = [*OWN_NAMESPACES, "true"]
    return bool(shutil.which("unshare")) and subprocess.run(asked, capture_output=True).returncode == 0


@pytest.mark.skipif(not may_have_namespaces(), reason="this system lets nobody have a network of his own")
@pytest.mark.parametrize("workers", ["0", "2"])
def test_a_real_move_while_it_serves(tmp_path, workers):
    environment = {**os.environ, "MICROHTTPS_HOME": str(tmp_path / "home")}
    command = [*OWN_NAMESPACES, sys.executable, moving.__file__, workers]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=115)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.splitlines() == [
        "before [True, False, False]",
        "after [True, True, True]",
        "who stood HTTP/1.1 200 OK",
        "same authority True",
        "status 0",
    ]
    assert done.stderr.count('"certificate_issued"') == 1, done.stderr
    assert "kitchen" in done.stderr and "192.168.77.7" in done.stderr
    assert '"identity_renewed"' in done.stderr


class Moving:
    """A machine that has the names it is given, with a real authority and a real certificate."""

    def __init__(self, vault):
        self.names = ["localhost", "192.168.4.1"]
        self.vault = vault
        self.told = []
        self.calls = 0
        self.watch = Watch(self.issue(), lambda: list(self.names), self.issue, lambda *told: self.told.append(told))

    def issue(self):
        self.calls += 1
        return server_identity(self.vault, self.names)

    def look(self, *names):
        self.names = list(names)
        asyncio.run(self.watch.look())
        return [name for name, _ in self.told]


def test_names_count_when_they_are_seen_twice(home):
    machine = Moving(home.vault)
    assert machine.look("localhost", "192.168.4.1") == []
    assert machine.look("localhost", "10.0.0.9") == []
    assert machine.look("localhost", "192.168.4.1") == []
    assert machine.look("localhost", "10.0.0.9") == []
    assert machine.look("localhost", "10.0.0.9") == ["certificate_issued"]
    assert machine.told[0][1]["gained"] == ["10.0.0.9"]
    assert machine.look("localhost", "10.0.0.9") == ["certificate_issued"]


def test_what_is_lost_needs_no_other_certificate(home):
    machine = Moving(home.vault)
    for _ in range(3):
        assert machine.look("localhost") == []
    assert machine.calls == 1


def test_what_the_authority_may_not_vouch_for_is_left_out_and_told_once(home):
    machine = Moving(home.vault)
    for _ in range(4):
        machine.look("localhost", "2001:db8::1", "lamp.example.org")
    assert [name for name, _ in machine.told] == ["certificate_issued"]
    assert machine.told[0][1]["left_out"] == ["2001:db8::1", "lamp.example.org"]
    assert machine.calls == 2


def test_without_the_authoritys_key_the_old_one_stays_and_it_is_told_once(home):
    machine = Moving(home.vault)
    before = home.path("server.crt").read_bytes()
    (home.path("ca.key")).rename(home.elsewhere / "ca.key")
    for _ in range(4):
        machine.look("localhost", "10.0.0.9")
    assert [name for name, _ in machine.told] == ["certificate_not_renewed"]
    assert machine.told[0][1]["error"].code == "no_authority_key"
    assert home.path("server.crt").read_bytes() == before
    (home.elsewhere / "ca.key").rename(home.path("ca.key"))
    assert machine.look("localhost", "10.0.0.9") == ["certificate_not_renewed", "certificate_issued"]


def test_one_that_ends_soon_is_renewed_though_nothing_has_changed(home):
    machine = Moving(home.vault)
    soon = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=29)
    object.__setattr__(machine.watch._issued, "expires", soon)
    home.path("server.crt").unlink()
    assert machine.look("localhost", "192.168.4.1") == ["certificate_issued"]
