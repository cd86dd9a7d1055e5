"""Many targets at once: none is lost, little is open, and what is not needed yet is not read."""

import itertools
import json
import os
import resource
import signal
import socket
import subprocess
import threading
from collections import Counter

import pytest

from check.conftest import COMMAND
from check.serving import ManyPorts
from harness.programs import free_port, resident_kilobytes, until
from microhttps_host.check.many import check_many, row_of, targets_in
from microhttps_host.check.visit import Options
from microhttps_host.drawing.render_many import tabled

COUNT = 200


@pytest.fixture(scope="module")
def ports(tmp_path_factory, certificates):
    """{certificate: its ports}, served."""
    found = [free_port() for _ in range(COUNT)]
    ports = {"good": found[:100], "expired": found[100:150], "wrong-name": found[150:]}
    server = ManyPorts(tmp_path_factory.mktemp("many"), certificates, ports)
    yield ports
    server.stop()


def few_descriptors():
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, 64))


def test_two_hundred_are_checked_with_few_sockets_and_none_is_lost(ports, certificates, run, tmp_path):
    expected = {f"https://localhost:{port}/": name for name, numbers in ports.items() for port in numbers}
    (tmp_path / "hosts").write_text("# all of them\n\n" + "\n".join(expected) + "\n")
    status, said, complaint = run("--hosts", "hosts", "--json", "--parallel", 256, "--cacert", certificates / "ca.crt",
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


def test_a_list_is_read_as_editors_write_it(tmp_path, ports, certificates, run):
    good = ports["good"][0]
    lines = f"\ufefflocalhost:{good}/\r\n\r\n  # one\r\nlocalhost:{good}/#top\t# twice\r\n"
    (tmp_path / "hosts").write_bytes(lines.encode() + b"\xff.example")
    arguments = ("--json", "--cacert", certificates / "ca.crt")
    for more in ({}, {"stdin": (tmp_path / "hosts").open("rb")}):
        status, said, _ = run("--hosts", "-" if more else "hosts", *arguments, **more)
        rows = sorted((json.loads(line) for line in said.splitlines()), key=lambda row: row["target"])
        assert [row["target"] for row in rows] == [f"localhost:{good}/", f"localhost:{good}/#top", "\ufffd.example"]
        assert (status, [row["code"] for row in rows]) == (1, [None, None, "bad_url"])


def test_a_list_and_an_authority_may_be_pipes(tmp_path, ports, certificates, run):
    """As a shell gives it: microhttps check --hosts <(generate) --cacert <(curl ...)"""
    contents = {"hosts": f"localhost:{ports['good'][0]}/\n" * 2, "ca": (certificates / "ca.crt").read_text()}
    for name, content in contents.items():
        os.mkfifo(tmp_path / name)
        threading.Thread(target=(tmp_path / name).write_text, args=(content,), daemon=True).start()
    status, said, complaint = run("--hosts", "hosts", "--cacert", "ca")
    assert (status, complaint) == (0, "") and "2 checked: 2 ok" in said


def test_targets_beside_a_list_are_checked_too_and_no_password_is_told(tmp_path, ports, certificates, run):
    good = ports["good"][0]
    (tmp_path / "hosts").write_text(f"localhost:{good}/\n")
    status, said, _ = run(f"https://ann:secret@localhost:{good}/", "https://ann:secret@no host", "--hosts", "hosts",
                          "--json", "--cacert", certificates / "ca.crt")
    rows = [json.loads(line) for line in said.splitlines()]
    assert (status, sorted(row["verdict"] for row in rows)) == (1, ["failed", "ok", "ok"])
    assert "secret" not in said


def test_a_long_list_takes_no_more_memory_than_a_short_one(tmp_path, ports, certificates):
    """What one target left behind would be there a thousand times; what threads and libraries keep comes at first."""
    lines = "".join(f"https://localhost:{ports['good'][number % 100]}/\n" for number in range(1000))
    (tmp_path / "hosts").write_text(lines)
    command = [*COMMAND, "--hosts", tmp_path / "hosts", "--json", "--cacert", certificates / "ca.crt"]
    sizes = []
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        for number in range(1, 1001):
            assert json.loads(process.stdout.readline())["verdict"] == "ok"
            if number in (300, 900):
                sizes.append(resident_kilobytes(process.pid))
    assert process.returncode == 0
    assert sizes[1] - sizes[0] < 4096  # 7 KB a target would be more


def test_who_reads_the_first_rows_alone_hears_no_complaint(tmp_path, ports, certificates):
    (tmp_path / "hosts").write_text(f"localhost:{ports['good'][0]}/\n" * 200)
    command = [*COMMAND, "--hosts", tmp_path / "hosts", "--json", "--cacert", certificates / "ca.crt"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert json.loads(process.stdout.readline())["verdict"] == "ok"
        process.stdout.close()
        assert (process.stderr.read(), process.wait(60)) == ("", 1)


def test_who_loses_patience_is_shown_what_was_found(capsys):
    def rows():
        yield row_of("ftp://lamp.test", Options())
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        tabled(rows(), 2)
    assert "ftp://lamp.test" in capsys.readouterr().out


def test_a_list_can_be_broken_off(tmp_path):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        (tmp_path / "hosts").write_text(f"tls://127.0.0.1:{silent.getsockname()[1]}\n" * 9)
        command = [*COMMAND, "--hosts", tmp_path / "hosts", "--timeout", "60"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
            with silent.accept()[0]:
                process.send_signal(signal.SIGINT)
                assert process.communicate(timeout=60)[1] == ""
    assert process.returncode == 130


def test_what_is_not_needed_yet_is_not_read():
    """A list without an end takes no more memory than a short one."""
    taken = itertools.count()
    port, before = free_port(), threading.active_count()
    rows = check_many((f"tls://127.0.0.1:{port}/{next(taken)}" for _ in itertools.repeat(None)), Options(), 4)
    first = list(itertools.islice(rows, 50))
    rows.close()
    assert {row.code for row in first} == {"refused"}
    assert next(taken) < 50 + 8 * 4
    until(lambda: threading.active_count() <= before)


def test_who_wants_no_more_rows_leaves_nobody_working():
    port = free_port()
    before = threading.active_count()
    rows = check_many((f"tls://127.0.0.1:{port}" for _ in range(1000)), Options(), 8)
    next(rows)
    rows.close()
    until(lambda: threading.active_count() <= before)


def test_a_list_that_breaks_off_is_an_error_and_not_an_end():
    def lines():
        yield "tls://127.0.0.1:1"
        raise OSError("the disk is gone")

    with pytest.raises(OSError, match="the disk is gone"):
        list(check_many(targets_in(lines()), Options(), 2))
