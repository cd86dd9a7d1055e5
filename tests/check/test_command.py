"""The command itself: its lines, its JSON, the files it writes, and how it ends."""

import json
import os
import re
import sys

import pytest
from cryptography import x509

from harness.engine import ENGINES
from harness.programs import free_port


def test_each_step_is_a_line_with_its_verdict(run, pages, certificates):
    status, said, complaint = run(f"https://localhost:{pages[0]}/", "--cacert", certificates / "ca.crt")
    assert (status, complaint) == (0, "")
    names = re.findall(r"^(?:ok) +(name|TCP|TLS|chain|host name|clock|HTTP)\b", said, re.M)
    assert names == ["name", "TCP", "TLS", "chain", "host name", "clock", "HTTP"]
    assert "microhttps tests" in said and "└── localhost" in said
    assert said.splitlines()[-1] == f"localhost:{pages[0]} connects"


def test_a_failure_says_what_happened_why_and_what_next(run, pages):
    status, said, complaint = run(f"https://localhost:{pages[0]}/", "--pin", "00" * 32)
    assert (status, complaint) == (1, "")
    assert "[wrong_pin]" in said and "cause: " in said and "next:  " in said
    assert re.search(r"^not reached +HTTP", said, re.M)
    assert said.splitlines()[-1].startswith(f"localhost:{pages[0]} does not connect")


def test_json_is_one_object_with_everything(run, pages, certificates):
    status, said, _ = run(f"https://127.0.0.1:{pages[0]}/forbidden", "--cacert", certificates / "ca.crt", "--json",
                          "--servername", "localhost")  # fmt: skip
    told = json.loads(said)
    assert (status, told["verdict"], told["code"]) == (0, "warning", "http_forbidden")
    assert [step["step"] for step in told["steps"]] == ["name", "TCP", "TLS", "chain", "host name", "clock", "HTTP"]
    [finding] = told["steps"][-1]["findings"]
    assert set(finding) == {"verdict", "code", "class", "facts", "happened", "cause", "next"}
    [certificate] = told["steps"][3]["facts"]["certificates"]
    assert certificate["key"] == "P-256" and certificate["issuer"] == "microhttps tests"


def test_warnings_count_when_they_are_asked_for(run, pages, certificates):
    arguments = (f"https://localhost:{pages[0]}/forbidden", "--cacert", certificates / "ca.crt", "--json")
    assert run(*arguments)[0] == 0
    assert run(*arguments, "--strict")[0] == 3


@pytest.mark.parametrize("name", ["chain.pem", "chain.der"])
def test_what_the_server_sends_is_kept(name, run, pages, certificates, tmp_path):
    status, said, _ = run(f"localhost:{pages[0]}/", "--cacert", certificates / "ca.crt", "--save-chain", name)
    assert status == 0 and f"wrote  {name}" in said
    content = (tmp_path / name).read_bytes()
    load = x509.load_der_x509_certificate if name.endswith("der") else x509.load_pem_x509_certificate
    expected = x509.load_pem_x509_certificate((certificates / "good.crt").read_bytes())
    assert load(content) == expected


def test_files_that_do_not_do_are_told_before_anything_is_done(run, certificates):
    """They are no fault of the server's."""
    url = f"localhost:{free_port()}"
    for arguments, code in ((("--certificate", "nowhere.crt"), "bad_certificate_file"),
                            (("--certificate", certificates / "client.crt", "--key", certificates / "good.key"),
                             "key_does_not_match_certificate")):  # fmt: skip
        status, said, complaint = run(url, *arguments)
        assert (status, said) == (2, "") and f"[{code}]" in complaint
    for engine in ENGINES:
        authority = certificates / "ca.crt"
        status, said, complaint = run(url, "--engine", engine, "--cacert", authority, "--crl", authority)
        assert (status, said) == (2, "") and "[no_crl]" in complaint


def test_nothing_to_keep_is_told(run, tmp_path):
    status, said, complaint = run(f"localhost:{free_port()}", "--save-chain", "chain.pem")
    assert (status, complaint) == (1, "microhttps: chain.pem was not written: no certificate came\n")
    assert not (tmp_path / "chain.pem").exists() and "wrote" not in said


def test_a_next_command_is_one_that_a_shell_takes(run, pages):
    query = "?a=1&b=it" + "x" * 20
    for url, shown in ((f"https://localhost:{pages[0]}/{query}", f'"https://localhost:{pages[0]}/{query}"'),
                       (f"https://localhost:{pages[0]}/$x", f"https://localhost:{pages[0]}"),
                       (f"https://localhost:{pages[0]}/{'x' * 200}", f"https://localhost:{pages[0]}")):
        assert run(url, "--pin", "00" * 32)[1].count(f"microhttps check --pin SHA256 {shown}\n") == 1


def test_a_terminal_of_ascii_alone_is_shown_everything(run, pages, certificates, monkeypatch):
    monkeypatch.setenv("PYTHONIOENCODING", "ascii")
    status, said, complaint = run(f"https://localhost:{pages[0]}/first", "--cacert", certificates / "ca.crt")
    assert (status, complaint) == (0, "") and said.isascii() and "/second" in said


@pytest.mark.parametrize("arguments", [
    ["gopher://localhost"], ["https://"], ["--cacert", "no-such-file", "localhost"], [],
    ["--pin", "12", "localhost"], ["--hosts", "no-such-file"], ["--crl", "x", "localhost"],
    ["--key", "x", "localhost"], ["a", "b", "--servername", "c"], ["--timeout", "0", "localhost"],
    ["--no-such-option"], ["--board", "", "localhost"], ["--board", "esp32", "http://localhost"],
    ["--grade", "localhost:80"], ["localhost", "--board", "esp32", "--hosts", "-"],
    ["--engine", "gnutls", "localhost"], ["--engine", "micropython", "localhost"],
])  # fmt: skip
def test_a_command_that_is_none_ends_with_status_2_and_says_why(arguments, run):
    status, said, complaint = run(*arguments)
    assert (status, said) == (2, "")
    is_of_typer = "Usage: " in complaint  # which has sentences of its own
    assert is_of_typer or re.fullmatch(r"error: .{10,}\ncause: .{10,}\nnext:  .{10,}\n", complaint), complaint


@pytest.mark.parametrize("engine", ["openssl", *ENGINES])
def test_another_tls_library_decides_when_it_is_named(engine, run, pages, certificates, monkeypatch):
    arguments = (f"https://localhost:{pages[0]}/", "--cacert", certificates / "ca.crt", "--json")
    monkeypatch.setenv("MICROHTTPS_ENGINE", engine)
    status, said, complaint = run(*arguments)
    tls = json.loads(said)["steps"][2]["facts"]
    assert (status, complaint) == (0, "")
    assert (tls["engine"], tls["version"]) == (engine, "TLSv1.3" if engine == "openssl" else "TLSv1.2")
    status, said, _ = run(f"https://localhost:{pages[0]}/", "--json", "--engine", engine)
    assert (status, json.loads(said)["code"]) == (1, "untrusted_issuer")


def test_what_serve_serves_is_believed_and_has_an_a(run, programs, tmp_path):
    environment = {**os.environ, "MICROHTTPS_HOME": str(tmp_path / "home")}  # that of `run`
    command = [sys.executable, "-m", "microhttps_host", "serve", "--port", "0", "--host", "127.0.0.1", "--no-ca-page",
               "--json"]  # fmt: skip
    program = programs.start(command, "serve", environment=environment)
    url = json.loads(program.line())["urls"][0]
    status, said, complaint = run(url, "--grade", "--json", "--strict")
    steps = {step["step"]: step for step in json.loads(said)["steps"]}
    assert (status, complaint) == (0, "")
    assert steps["chain"]["facts"]["believed_in"] == "own"
    assert steps["chain"]["facts"]["root"]["subject"].startswith("microhttps local CA")
    assert steps["grade"]["facts"]["grade"] == "A"


def test_nobody_there_ends_with_status_1(run):
    status, said, _ = run(f"localhost:{free_port()}", "--json")
    assert (status, json.loads(said)["code"]) == (1, "refused")


def test_what_a_peer_says_cannot_colour_the_terminal(run, certificates):
    from check.imap import imap_server

    with imap_server(certificates, greeting=b"* OK \x1b[31mred\x07\r\n") as port:
        status, said, _ = run(f"imap://localhost:{port}", "--cacert", certificates / "ca.crt")
        assert status == 0
        assert "\x1b" not in said and "\x07" not in said and "\\x1b[31mred" in said
        assert "\x1b" not in run(f"imap://localhost:{port}", "--json")[1]


def test_help_begins_with_examples(run):
    status, said, _ = run("--help")
    assert status == 0 and "Examples:" in said and "--save-chain" in said


@pytest.mark.parametrize("made", ["absent", "folder", "text"])
def test_a_certificate_of_ours_that_is_none_is_said_before_anybody_is_asked(run, tmp_path, made):
    (tmp_path / "folder").mkdir()
    (tmp_path / "text").write_text("text")
    status, said, _ = run("https://localhost:1/", "--certificate", tmp_path / made, "--json")
    assert (status, json.loads(said)["code"]) == (2, "bad_certificate_file")
