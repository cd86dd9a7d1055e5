"""Many targets at once: none is lost, little is open, and what is not needed yet is not read."""

import itertools
import json
import resource
import threading
from collections import Counter

import pytest

from check.serving import ManyPorts, free_ports
from harness.programs import free_port, until
from microhttps_host.check.many import check_many, targets_in
from microhttps_host.check.visit import Options

COUNT = 200


@pytest.fixture(scope="module")
def ports(tmp_path_factory, certificates):
    """{certificate: its ports}, served."""
    found = free_ports(COUNT)
    ports = {"good": found[:100], "expired": found[100:150], "wrong-name": found[150:]}
    server = ManyPorts(tmp_path_factory.mktemp("many"), certificates, ports)
    yield ports
    server.stop()


def few_descriptors():
    resource.setrlimit(resource.RLIMIT_NOFILE, (100, 100))


def test_two_hundred_are_checked_with_few_sockets_and_none_is_lost(ports, certificates, run, tmp_path):
    expected = {f"https://localhost:{port}/": name for name, numbers in ports.items() for port in numbers}
    (tmp_path / "hosts").write_text("# all of them\n\n" + "\n".join(expected) + "\n")
    status, said, complaint = run("--hosts", "hosts", "--json", "--parallel", 16, "--cacert", certificates / "ca.crt",
                                  preexec_fn=few_descriptors)
    rows = [json.loads(line) for line in said.splitlines()]
    assert (status, complaint) == (1, "")
    assert Counter(row["target"] for row in rows) == Counter(list(expected))
    codes = {"good": None, "expired": "expired", "wrong-name": "wrong_name"}
    assert {row["target"]: row["code"] for row in rows} == {url: codes[name] for url, name in expected.items()}
    assert all(row["happened"] and row["next"] for row in rows if row["code"])


def test_several_arguments_are_a_table(ports, certificates, run):
    good, expired = (f"localhost:{ports[name][0]}/" for name in ("good", "expired"))
    status, said, complaint = run(good, expired, "no scheme://x", "--cacert", certificates / "ca.crt")
    assert (status, complaint) == (1, "")
    lines = said.splitlines()
    assert lines[0].split() == ["target", "verdict", "why", "TLS", "expires", "ms"]
    assert [line.split()[0] for line in lines[1:4]] == ["no", expired, good] or lines[3].split()[0] == good
    assert "3 checked: 2 failed, 1 ok" in said and "next:  microhttps check" in said


def test_they_come_from_standard_input_too_and_good_ones_end_with_0(ports, certificates, run):
    text = "".join(f"localhost:{port}/\n" for port in ports["good"][:5])
    status, said, _ = run("-", "--json", "--cacert", certificates / "ca.crt", input=text)
    assert (status, len(said.splitlines())) == (0, 5)


def test_what_is_not_needed_yet_is_not_read():
    """A list without an end takes no more memory than a short one."""
    taken = itertools.count()
    port, before = free_port(), threading.active_count()
    rows = check_many((f"tls://127.0.0.1:{port}/{next(taken)}" for _ in itertools.repeat(None)), Options(timeout=2), 4)
    first = list(itertools.islice(rows, 50))
    rows.close()
    assert {row.code for row in first} == {"refused"}
    assert next(taken) < 50 + 8 * 4
    until(lambda: threading.active_count() <= before)


def test_who_wants_no_more_rows_leaves_nobody_working():
    port = free_port()
    before = threading.active_count()
    rows = check_many((f"tls://127.0.0.1:{port}" for _ in range(1000)), Options(timeout=2), 8)
    next(rows)
    rows.close()
    until(lambda: threading.active_count() <= before)


def test_a_list_that_breaks_off_is_an_error_and_not_an_end():
    def lines():
        yield "tls://127.0.0.1:1"
        raise OSError("the disk is gone")

    with pytest.raises(OSError, match="the disk is gone"):
        list(check_many(targets_in(lines()), Options(timeout=2), 2))
