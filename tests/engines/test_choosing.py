"""An engine is named by whoever makes a server, a client or a stream; what cannot be had is refused by name."""

import asyncio
import socket

import pytest

from harness.interpreters import find_or_fail
from microhttps import Client, Server, Unsupported, UsageError, connect, fetch, wrap_socket
from microhttps.explain import explain

ASK = """
from microhttps import Client, Server, Unsupported, UsageError
for name in ("micropython", "openssl", "mbedtls", "bearssl", "gnutls"):
    for kind in (Server, Client):
        try:
            kind(engine=name)
            print(name, "taken")
        except UsageError as error:
            print(name, error.code, type(error).__name__)
"""


def test_a_name_that_is_no_engine_is_refused_and_told_which_there_are():
    with pytest.raises(UsageError) as caught:
        Server(engine="gnutls")
    assert caught.value.code == "unknown_engine"
    assert caught.value.facts["expected"] == "openssl, micropython, mbedtls, bearssl"


def test_an_engine_of_the_other_interpreter_is_unsupported():
    with pytest.raises(Unsupported) as caught:
        Client(engine="micropython")
    assert (caught.value.code, caught.value.facts["here"]) == ("engine_elsewhere", "openssl")


ENTRIES = {
    "Server": lambda: Server(engine="micropython"),
    "Client": lambda: Client(engine="micropython"),
    "fetch": lambda: fetch("https://localhost:1/", engine="micropython"),
    "connect": lambda: asyncio.run(connect("localhost", 1, engine="micropython")),
    "wrap_socket": lambda: wrap_socket(socket.socket(), server_hostname="localhost", engine="micropython"),
}


@pytest.mark.parametrize("entry", ENTRIES)
def test_everything_that_speaks_tls_takes_an_engine(entry):
    with pytest.raises(Unsupported) as caught:
        ENTRIES[entry]()
    assert caught.value.code == "engine_elsewhere"


def test_the_interpreter_s_own_may_be_named():
    assert Client(engine="openssl").settings.engine is Client().settings.engine is Server().settings.engine


@pytest.mark.micropython
def test_a_board_has_one_engine(programs):
    lines = programs.run(find_or_fail("micropython"), "-c", ASK, name="a program on micropython").lines_until_end()
    others = [f"{name} engine_elsewhere Unsupported" for name in ("openssl", "mbedtls", "bearssl") for _ in range(2)]
    assert lines == ["micropython taken"] * 2 + others + ["gnutls unknown_engine UsageError"] * 2


def test_a_library_that_is_not_installed_is_named_with_what_installs_it(monkeypatch):
    from microhttps.engines import finding

    monkeypatch.setitem(finding.LIBRARIES, "mbedtls", ("no_such_library", "pip install something"))
    with pytest.raises(Unsupported) as caught:
        Client(engine="mbedtls")
    assert caught.value.code == "engine_not_installed"
    assert explain(caught.value)[2] == "Install it: pip install something; docs/engines.md tells more."
