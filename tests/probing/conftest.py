"""Servers of others to be asked: `openssl s_server` with any options."""

import asyncio

import pytest

from harness.programs import free_port, is_listening, until
from microhttps_host.probing.asking import Asking


@pytest.fixture
def s_server(tool, programs, certificates):
    """Starts `openssl s_server` with a certificate of the range; gives its port."""

    def start(*options, certificate="good"):
        port = free_port()
        programs.start([tool("openssl"), "s_server", "-accept", f"127.0.0.1:{port}", "-quiet",
                        "-cert", certificates / f"{certificate}.crt", "-key", certificates / f"{certificate}.key",
                        *options], "s_server")
        until(lambda: is_listening(port))
        return port

    return start


@pytest.fixture
def ask():
    """Asks one question of the server at a port: ask(port, lambda asking: asking.suites(TLS_1_2))."""

    def ask(port, question, **settings):
        asking = Asking(lambda: asyncio.open_connection("127.0.0.1", port), "localhost", **settings)
        return asyncio.run(question(asking))

    return ask
