"""Suites of TLS 1.3 by OpenSSL's own call: of our context alone, and what happens where there is no such call."""

import importlib.util
import os
import ssl
import subprocess
import sys
import threading

import pytest

from harness.wire import trusting
from microhttps import Identity, Server, Unsupported, UsageError
from microhttps.engines.openssl.suites import context_with_suites

AES_128, AES_256 = "TLS_AES_128_GCM_SHA256", "TLS_AES_256_GCM_SHA384"


def make():
    return ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)


def first_of(context):
    return context.get_ciphers()[0]["name"]


def test_contexts_of_others_stay_as_they_are():
    """Also those that another thread makes in the same moment, and those made later."""
    others = []

    def make_with_others():
        threads = [threading.Thread(target=lambda: others.append(make())) for _ in range(8)]
        for thread in threads:
            thread.start()
        context = make()
        for thread in threads:
            thread.join()
        return context

    for _ in range(20):
        assert first_of(context_with_suites(make_with_others, None)) == AES_128
    assert len(others) == 160
    assert {first_of(context) for context in (*others, make())} == {AES_256}


def test_the_older_suites_are_the_librarys_own_in_another_order():
    def older(context):
        return [cipher["name"] for cipher in context.get_ciphers() if not cipher["name"].startswith("TLS_")]

    ours, theirs = older(context_with_suites(make, None)), older(make())
    assert sorted(ours) == sorted(theirs)
    assert ours[:2] == ["ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-RSA-AES128-GCM-SHA256"]
    assert ours[2:] == [name for name in theirs if name not in ours[:2]]


def test_what_the_library_refused_is_not_told_of_the_next_connection(certificates):
    """OpenSSL's list of errors is the thread's: what stays in it is taken for a fault of whatever comes next."""
    server = established(certificates)
    with pytest.raises(UsageError):
        context_with_suites(make, "TLS_" + "NONSENSE" * 20)
    with pytest.raises(ssl.SSLWantReadError):
        server.read(1)


def established(certificates):
    """The server's side of a connection in memory."""
    context = make()
    context.load_cert_chain(certificates / "good.crt", certificates / "good.key")
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    server = context.wrap_bio(to_server, to_client, server_side=True)
    client = trusting(certificates).wrap_bio(to_client, to_server, server_hostname="localhost")
    for side in (client, server, client, server):
        try:
            side.do_handshake()
        except ssl.SSLWantReadError:
            continue
    return server


def test_what_this_machine_does_not_allow_is_not_allowed_by_the_order(tmp_path):
    """An administrator's openssl.cnf stands, for both versions."""
    file = tmp_path / "openssl.cnf"
    file.write_text(STRICT)
    done = subprocess.run([sys.executable, "-c", SHOW], env={**os.environ, "OPENSSL_CONF": str(file)},
                          capture_output=True, text=True, timeout=60)
    assert done.stdout.split() == [AES_256, "ECDHE-ECDSA-AES256-GCM-SHA384"], done.stderr


STRICT = """
openssl_conf = all
[all]
ssl_conf = modules
[modules]
system_default = strict
[strict]
Ciphersuites = TLS_AES_256_GCM_SHA384
CipherString = ECDHE-ECDSA-AES256-GCM-SHA384
"""
SHOW = """
import ssl
from microhttps.engines.openssl.suites import context_with_suites

def make():  # Python's own list for TLS 1.2 would go over that of the file
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_ciphers("ECDHE-ECDSA-AES256-GCM-SHA384")
    return context

print(*[cipher["name"] for cipher in context_with_suites(make, None).get_ciphers()])
"""
WITHOUT = {
    "LibreSSL": (ssl, "OPENSSL_VERSION", "LibreSSL 3.9.2"),
    "a Python without ctypes": (importlib.util, "find_spec", lambda name: None),
}


@pytest.mark.parametrize("where", WITHOUT)
def test_where_there_is_no_such_call_the_library_decides(where, monkeypatch):
    monkeypatch.setattr(*WITHOUT[where])
    assert first_of(context_with_suites(make, None)) == AES_256
    with pytest.raises(Unsupported) as caught:
        context_with_suites(make, AES_128)
    assert caught.value.facts["setting"] == "ciphers"


def test_ciphers_of_tls_1_3_alone_and_an_older_version_at_most_is_no_choice(certificates):
    identity = Identity(str(certificates / "good.crt"), str(certificates / "good.key"))
    server = Server(identity, port=0, ciphers=AES_128, maximum_tls="1.2")
    with pytest.raises(UsageError) as caught:
        server.run()
    assert (caught.value.code, caught.value.facts["setting"]) == ("bad_choice", "maximum_tls")
