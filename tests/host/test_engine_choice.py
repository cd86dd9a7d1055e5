"""$MICROHTTPS_ENGINE: the command line speaks by the engine it names; the runtime never asks."""

import pytest

from harness.engine import ENGINES
from microhttps import Client
from microhttps.engines import engine

TELLS = """
from microhttps import Server
server = Server()

@server.get("/")
def page(request):
    return "by " + request.session.tls.cipher + "\\n"
"""


@pytest.mark.parametrize("name", ENGINES)
def test_the_command_serves_and_asks_by_the_engine_of_the_environment(name, serve, run, environment, tmp_path):
    (tmp_path / "app.py").write_text(TELLS)
    environment["MICROHTTPS_ENGINE"] = name
    with serve("app.py") as (_, facts):
        status, by_both, complaint = run("get", facts["urls"][0])
        assert (status, complaint) == (0, "")
        del environment["MICROHTTPS_ENGINE"]
        _, by_server, _ = run("get", facts["urls"][0])
    with serve("app.py") as (_, facts):
        _, by_none, _ = run("get", facts["urls"][0])
    assert "TLS_" in by_none and "TLS_" not in by_both + by_server


def test_an_engine_that_is_none_is_named_before_anything_begins(run, environment):
    environment["MICROHTTPS_ENGINE"] = "gnutls"
    for command in (("serve",), ("get", "https://localhost:1/")):
        status, _, complaint = run(*command)
        assert status == 1 and "unknown_engine" in complaint


@pytest.mark.parametrize("name", [name for name in ENGINES if name == "mbedtls"])
def test_processes_that_would_share_their_random_numbers_are_refused(name, run, environment):
    environment["MICROHTTPS_ENGINE"] = name
    status, _, complaint = run("serve", "--workers", "2", "--port", "0")
    assert status == 1 and "unsupported" in complaint and "random" in complaint


def test_the_runtime_does_not_ask_the_environment(monkeypatch):
    monkeypatch.setenv("MICROHTTPS_ENGINE", "gnutls")
    assert Client().settings.engine is engine
