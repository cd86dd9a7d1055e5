"""The range of bad certificates and worse manners: one verdict on every interpreter, and curl's beside it."""

import socket
import ssl

import pytest

from badssl import page
from badssl.engines import BY_ENGINE, verdict_of
from badssl.rude import SITES as RUDE
from badssl.sites import FINE, HERE, SITES
from badssl.walking import Walker, sites
from client.proxying import proxy
from harness.engine import ENGINES
from harness.interpreters import find_or_fail
from harness.playing import start_client
from microhttps import Trust
from roots.two_faced import two_faced


@pytest.fixture
def names():
    """The URL of a proxy for which every name is this machine's."""
    with proxy(leads_to="127.0.0.1") as between:
        yield f"http://127.0.0.1:{between.server_address[1]}"


@pytest.mark.parametrize("circumstances", [(), ("public",)], ids=["own", "public"])
@pytest.mark.parametrize("interpreter", ["cpython", "micropython", "micropython32"])
def test_every_site_has_its_verdict(interpreter, circumstances, served, names):
    expected = {site.name: site.verdict_on(interpreter, *circumstances) for site in sites(circumstances)}
    assert Walker(*served, names).walk(interpreter, circumstances) == expected


@pytest.mark.parametrize("circumstances", [("1.2",), ("1.2", "public")], ids=["own", "public"])
@pytest.mark.parametrize("interpreter", ["cpython", "micropython"])
def test_every_site_has_its_verdict_over_tls_1_2(interpreter, circumstances, served_old, names):
    expected = {site.name: site.verdict_on(interpreter, *circumstances) for site in sites(circumstances)}
    assert Walker(*served_old, names).walk(interpreter, circumstances) == expected


@pytest.mark.parametrize("circumstances", [(), ("public",)], ids=["own", "public"])
@pytest.mark.parametrize("engine", ENGINES)
def test_every_site_has_its_verdict_by_every_engine(engine, circumstances, served, names):
    expected = {site.name: verdict_of(engine, site, *circumstances) for site in sites(circumstances)}
    assert Walker(*served, names).walk("cpython", circumstances, engine) == expected


@pytest.mark.parametrize("engine", BY_ENGINE)
def test_what_an_engine_says_otherwise_has_a_reason(engine):
    known = {site.name: site for site in SITES}
    for name, (code, why) in BY_ENGINE[engine].VERDICTS.items():
        assert why and code != known[name].verdict, name


# Mbed TLS has shaken hands with these by the time that our client looks itself.
BELIEVED_BY_MBEDTLS = ("common-name-only", "usage-any", "issuer-for-clients", "constraints-broken-soft")


BY_MBEDTLS = [("micropython", None, ssl.TLSVersion.TLSv1_2), ("micropython", None, ssl.TLSVersion.TLSv1_3)]
BY_MBEDTLS += [("cpython", engine, ssl.TLSVersion.TLSv1_2) for engine in ENGINES if engine == "mbedtls"]


@pytest.mark.parametrize(("interpreter", "engine", "version"), BY_MBEDTLS)
@pytest.mark.parametrize("name", BELIEVED_BY_MBEDTLS)
def test_nothing_is_said_to_whom_mbedtls_alone_would_believe(name, interpreter, engine, version, served, programs,
                                                              port):
    folder = served[0]
    site = {"name": name, "host": "localhost", "port": port, "trust": "root", "crl": False, "settings": {}}
    with two_faced(port, folder, [name], version) as server:
        client = start_client(programs, find_or_fail(interpreter), "badssl.asking", port, folder, sites=[site],
                              engine=engine)
        [said] = client.lines_until_end()
    [expected] = [site.verdict_on("micropython") for site in SITES if site.name == name]
    assert said == f"{name} {expected}"
    [visit] = server.visits
    assert not visit.said and visit.is_shaken == (engine is None)  # on CPython it ends before


def test_curl_thinks_what_the_table_says(served, names, tool):
    assert Walker(*served, names).curl(tool("curl")) == {site.name: site.curl for site in SITES}


def test_nobody_is_believed_whom_curl_refuses_and_no_difference_is_without_a_reason():
    for site in SITES:
        verdicts = {site.verdict_on("cpython"), site.verdict_on("micropython")}
        are_believed = {verdict == HERE for verdict in verdicts}
        assert site.curl == FINE or are_believed == {False}, site.name
        assert site.why or len(verdicts) == 1 and are_believed == {site.curl == FINE}, site.name


def test_openssl_agrees_when_it_is_as_strict_as_by_default_since_python_3_13(served):
    folder, ports = served
    for site in [site for site in SITES if site.host == "localhost" and not site.crl and site.name not in RUDE]:
        context = Trust.load(str(folder / f"{site.trust}.crt")).client_context()
        context.verify_flags |= ssl.VERIFY_X509_STRICT | ssl.VERIFY_X509_PARTIAL_CHAIN
        assert is_believed(context, ports[site.name]) == (site.verdict == HERE), site.name


def is_believed(context, port):
    with socket.create_connection(("127.0.0.1", port)) as raw:
        try:
            context.wrap_socket(raw, server_hostname="localhost").close()
        except ssl.SSLError:
            return False
    return True


def test_the_page_is_what_the_table_says():
    assert page.PAGE.read_text() == page.text(), "PYTHONPATH=tests python -m badssl.page"
