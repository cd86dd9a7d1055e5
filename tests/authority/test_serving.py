"""`microhttps serve` with an authority that was made before: under a passphrase, without its key, for other names."""

import json
import os
import socket
import subprocess

import pytest

from microhttps_host.authority.identity_names import names_of_this_host

from .conftest import COMMAND


@pytest.fixture
def serve(programs, home, port):
    """Starts it; gives the program, and what it tells programs when it serves."""

    def start(*arguments, **environment):
        command = [*COMMAND, "serve", "--port", str(port), "--json", *arguments]
        variables = {**os.environ, "MICROHTTPS_HOME": str(home.folder), **environment}
        program = programs.start(command, environment=variables,
                                 name="microhttps serve")
        return program, json.loads(program.line_that('{"event": "serving"'))

    return start


def fails(home, *arguments):
    environment = {**os.environ, "MICROHTTPS_HOME": str(home.folder)}
    done = subprocess.run([*COMMAND, "serve", "--port", "0", *arguments], env=environment, capture_output=True,
                          text=True, timeout=60, stdin=subprocess.DEVNULL)
    assert (done.returncode, done.stdout) == (1, "")
    return done.stderr


def is_believed(tool, facts):
    command = [tool("curl"), "-sS", "--cacert", facts["authority"], "--crlfile", facts["authority"][:-4] + ".crl",
               facts["urls"][0]]
    return "<title>Lamp</title>" in subprocess.run(command, capture_output=True, text=True, timeout=60).stdout


@pytest.fixture
def secret(tmp_path):
    (tmp_path / "secret").write_text("correct horse battery staple")
    return str(tmp_path / "secret")


def test_with_a_passphrase_that_the_environment_names(home, serve, secret, tool):
    home.ca("init", "--passphrase-file", secret)
    assert "[passphrase_needed]" in fails(home)
    _, facts = serve(MICROHTTPS_PASSPHRASE_FILE=secret)
    assert is_believed(tool, facts)


def test_with_a_certificate_there_nobody_is_asked(home, serve, secret, tool):
    home.ca("init", "--passphrase-file", secret)
    program, _ = serve("--passphrase-file", secret)
    program.process.terminate()
    program.lines_until_end()
    program.wait()
    _, facts = serve()
    assert not facts["is_new"] and is_believed(tool, facts)


def test_without_the_key_it_goes_on_and_a_new_name_is_refused(home, serve, tool):
    program, _ = serve()
    program.process.terminate()
    program.lines_until_end()
    program.wait()
    home.path("ca.key").unlink()
    assert "[no_authority_key]" in fails(home, "--host", "lamp.home.arpa")
    _, facts = serve()
    assert is_believed(tool, facts)


def test_names_that_the_authority_may_not_vouch_for_are_left_out_and_said(home, serve, tool):
    """It was made on another machine, or before this one was renamed."""
    home.ca("init")
    program, facts = serve()
    bare = {name for name in names_of_this_host() if "." not in name and ":" not in name} - {"localhost"}
    assert bare <= set(facts["left_out"]) and "localhost" in facts["names"]
    assert is_believed(tool, facts)


def test_a_host_that_was_chosen_and_may_not_be_is_refused(home):
    home.ca("init")
    complaint = fails(home, "--host", "www.example.org")
    assert "[not_permitted]" in complaint and "--keep-key --for NAME" in complaint


def test_the_first_authority_is_for_this_machine_and_its_constraints_hold(home, serve, tool):
    _, facts = serve()
    assert facts["is_new_authority"] and is_believed(tool, facts)
    vouches = home.ca("show")["may_vouch_for"]
    assert "local" in vouches and "every name there is" not in vouches
    host = socket.gethostname()
    assert host in vouches or any(host.endswith("." + end) for end in ("local", "lan", "home.arpa", "internal"))
