"""`microhttps check --board` as it is called: what it shows, and the status with which it ends."""

import json
import re
import socket
from dataclasses import replace

import pytest

from check.boards import BY_NAME
from harness.programs import free_port
from microhttps_host.check.boards import check_boards
from microhttps_host.check.course import check
from microhttps_host.check.target import read_target
from microhttps_host.check.visit import Options

SERVER = """server {{
  listen 127.0.0.1:{port} ssl; ssl_protocols TLSv1.2 TLSv1.3; ssl_ecdh_curve {curve};
  ssl_certificate {folder}/{certificate}.crt; ssl_certificate_key {folder}/{certificate}.key;
  location / {{ return 200 "here"; }} }}"""


@pytest.fixture
def served(nginx, certificates):
    """nginx with these groups; gives what to check."""

    def start(curve="X25519:prime256v1", certificate="good"):
        port = free_port()
        nginx(SERVER.format(port=port, curve=curve, folder=certificates, certificate=certificate), port)
        return f"https://localhost:{port}/"

    return start


def test_a_board_that_would_connect(served, run, certificates):
    status, said, _ = run(served(), "--cacert", certificates / "ca.crt", "--board", "pico-w")
    assert status == 0
    assert "would connect  TLS 1.2, TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384, secp256r1" in said
    assert "this machine: TLS 1.3" in said
    assert "of 166 KB before the program begins" in said
    assert re.search(r"^records +up to \d+ bytes were seen; it holds any$", said, re.M)
    assert "looks not at whether the certificate was revoked" in said


def test_a_board_that_would_not_connect_though_this_machine_does(served, run, certificates):
    status, said, _ = run(served("X25519"), "--cacert", certificates / "ca.crt", "--board", "stm32")
    assert status == 1
    assert "connects\n" in said and "would not connect" in said
    assert "server: Allow secp256r1 there as well" in said and "[group]" in said


def test_what_a_board_does_not_look_at_is_said_whatever_the_verdict_is(served, run, certificates):
    target = served(certificate="rsa")
    _, said, _ = run(target, "--cacert", certificates / "ca.crt", "--board", "esp8266")
    assert "whoever answers is believed" in said and "it holds up to 5115" in said
    _, said, _ = run(target, "--cacert", certificates / "ca.crt", "--board", "esp-idf")
    assert "the dates of certificates" in said


def test_a_board_is_what_counts_for_the_status(served, run, certificates):
    """From here the certificate has ended; ESP-IDF, as it is configured at first, does not look."""
    target = served(certificate="expired")
    assert run(target, "--cacert", certificates / "ca.crt", "--board", "esp-idf")[0] == 0
    status, said, _ = run(target, "--cacert", certificates / "ca.crt", "--board", "esp32")
    assert status == 1 and "[expired]" in said.rpartition("would not connect")[2]


def test_all_boards_are_a_table(served, run, certificates):
    status, said, _ = run(served("X25519"), "--cacert", certificates / "ca.crt", "--board", "all")
    assert status == 1
    rows = {line.split()[0]: line.split()[1:3] for line in said.splitlines() if line.split()[:1] and line.split()[0]
            in BY_NAME}  # fmt: skip
    assert set(rows) == set(BY_NAME)
    assert rows["pico-w"] == ["no", "group"] and rows["esp-idf"][0] == "yes"
    assert re.search(r"^pico-w +no +group +\d\d KB ", said, re.M)


def test_a_program_is_told_all_of_it(served, run, certificates):
    status, said, _ = run(served("X25519"), "--cacert", certificates / "ca.crt", "--board", "all", "--json")
    told = json.loads(said)
    boards = {board["board"]: board for board in told["boards"]}
    assert status == 1 and told["verdict"] == "ok" and list(boards) == list(BY_NAME)
    assert told["this_machine"]["group"] == "x25519"
    assert (boards["pico-w"]["connects"], boards["pico-w"]["step"]) == (False, "group")
    assert boards["pico-w"]["reasons"][0]["facts"]["theirs"] == "x25519"
    assert boards["esp-idf"]["records"]["seen"] > 0 and boards["esp-idf"]["records"]["room"] == 2**14 + 256
    assert boards["arduino-esp32"]["connects"] and boards["arduino-esp32"]["agreed"]["version"] == "TLS 1.2"
    assert all(board["sources"] and board["unchecked"] and board["trust"] for board in boards.values())


def test_which_boards_there_are(run):
    status, said, _ = run("--board", "list")
    assert status == 0 and all(name in said for name in BY_NAME)
    assert [one["board"] for one in json.loads(run("--board", "list", "--json")[1])["boards"]] == list(BY_NAME)


@pytest.mark.parametrize("wrong", [
    ("localhost:1", "--board", "toaster"),
    ("localhost:1", "--board", "pico-w", "--pin", "00" * 32),
    ("localhost:1", "localhost:2", "--board", "pico-w"),
])
def test_what_makes_no_sense_is_refused(wrong, run):
    status, _, said = run(*wrong)
    assert "[bad_option]" in said


def test_nobody_there_is_no_verdict_on_a_board(run, port):
    status, said, _ = run(f"localhost:{port}", "--board", "pico-w", "--json")
    assert status == 1 and json.loads(said)["boards"] == []


def test_who_is_silent_is_not_waited_for_as_long_with_every_board(certificates):
    """Eleven boards ask twice each: a minute of patience would be twenty."""
    with socket.create_server(("127.0.0.1", 0), backlog=100) as silent:
        target = read_target(f"https://127.0.0.1:{silent.getsockname()[1]}/")
        options = Options(timeout=1.5)
        found = check_boards(check(target, options), replace(options, timeout=60), [BY_NAME["pico-w"]])
    assert [verdict.code for verdict in found.verdicts] == ["deadline"]
    assert "within 1 second" in found.ours.detail


def test_a_board_asks_behind_starttls(mail, run, certificates):
    status, said, _ = run(f"smtp://localhost:{mail()}", "--cacert", certificates / "ca.crt",
                          "--board", "all", "--json")  # fmt: skip
    boards = {board["board"]: board["code"] for board in json.loads(said)["boards"]}
    assert status == 1 and boards["pico-w"] is None and boards["esp8266"] == "key_kind"
