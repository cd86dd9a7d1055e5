"""Servers of others to be asked: `openssl s_server` with any options."""

import asyncio

import pytest

from harness.s_server import start_s_server
from microhttps_host.probing.asking import Asking


@pytest.fixture
def s_server(programs, certificates):
    """Starts `openssl s_server` with a certificate of the range; gives its port."""

    def start(*options, certificate="good"):
        pair = certificates / f"{certificate}.crt", certificates / f"{certificate}.key"
        return start_s_server(programs, *pair, "-quiet", *options)

    return start


@pytest.fixture
def ask():
    """Asks one question of the server at a port: ask(port, lambda asking: asking.suites(TLS_1_2))."""

    def ask(port, question, **settings):
        asking = Asking(lambda: asyncio.open_connection("127.0.0.1", port), "localhost", **settings)
        return asyncio.run(question(asking))

    return ask
