"""`microhttps roots` from the outside: stores built, listed and shown; the root of a site found, and saved."""

import datetime
import json
import socket

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding

from harness.certificates import make
from harness.s_server import start_s_server
from microhttps.roots import RootStore
from microhttps_host.commands.roots_commands import _save


@pytest.fixture
def site(serve, tmp_path):
    """A served site, and a store that holds its authority."""
    with serve() as (_, facts):
        yield facts["urls"][0], facts["authority"]


def test_the_roots_of_a_name_are_a_store_of_their_own(run, tmp_path):
    status, said, complaint = run("roots", "build", "--to", "few.bin", "--name", "isrg root")
    assert (status, complaint) == (0, "")
    assert "few.bin" in said and "expires" in said and "next:" in said
    assert RootStore(str(tmp_path / "few.bin")).count == 2


def test_the_roots_that_a_site_needs_are_a_store_of_their_own(run, site, tmp_path):
    url, authority = site
    status, _, complaint = run("roots", "build", "--to", "own.bin", "--from", authority, "--site", url)
    assert (status, complaint) == (0, "")
    assert RootStore(str(tmp_path / "own.bin")).count == 1
    status, _, complaint = run("roots", "build", "--to", "none.bin", "--site", url)
    assert status == 1 and "no_such_root" in complaint
    assert not (tmp_path / "none.bin").exists()


def test_all_are_listed_for_people_and_for_programs(run):
    status, said, _ = run("roots", "list")
    assert status == 0 and "ISRG Root X1" in said
    status, said, _ = run("roots", "list", "--json")
    facts = json.loads(said)
    assert {"name", "key", "expires", "spki_sha256"} == set(facts["roots"][0])
    assert len(facts["roots"]) > 100


def test_one_is_shown_with_its_certificate(run):
    status, said, _ = run("roots", "show", "isrg root x1")
    shown = x509.load_pem_x509_certificate(said[said.index("-----BEGIN"):].encode())
    assert status == 0
    assert shown.subject.rfc4514_string() == "CN=ISRG Root X1,O=Internet Security Research Group,C=US"
    status, _, complaint = run("roots", "show", "nobody of this name")
    assert status == 1 and "no_such_root" in complaint


def test_a_name_that_nobody_has_is_told_even_beside_others(run, tmp_path):
    for name in ("nobody of this name", ""):
        status, _, complaint = run("roots", "build", "--to", "few.bin", "--name", "isrg", "--name", name)
        assert status == 1 and "no_such_root" in complaint
    assert not (tmp_path / "few.bin").exists()


def test_a_store_is_made_of_a_certificate_in_der_too(run, certificates, tmp_path):
    status, _, complaint = run("roots", "build", "--to", "own.bin", "--from", certificates / "ca.crt.der")
    assert (status, complaint) == (0, "")
    assert RootStore(str(tmp_path / "own.bin")).count == 1
    for name in ("text", "empty", "cut"):
        status, _, complaint = run("roots", "build", "--to", "none.bin", "--from", certificates / f"{name}.crt")
        assert status == 1 and "is not a certificate" in complaint


def test_what_programs_are_told_of_a_saved_root_is_one_object(run, site, tmp_path):
    url, authority = site
    assert run("roots", "build", "--to", "own.bin", "--from", authority)[0] == 0
    status, said, _ = run("roots", "find", url, "--store", "own.bin", "--save", "root.pem", "--json")
    assert status == 0 and json.loads(said)["saved"] == "root.pem"
    assert x509.load_pem_x509_certificate((tmp_path / "root.pem").read_bytes())
    status, said, _ = run("roots", "find", url, "--save", "none.pem", "--json")
    assert status == 1 and json.loads(said)["saved"] is None
    assert not (tmp_path / "none.pem").exists()


@pytest.mark.parametrize("version", ["-tls1_2", "-tls1_3"])
def test_the_chain_of_a_broker_that_wants_certificates_of_its_clients_is_shown(version, run, programs, certificates):
    """Under TLS 1.2 the handshake fails over ours, when the chain has been seen."""
    chain = certificates / "chain.crt"
    port = start_s_server(programs, chain, certificates / "chain.key", "-cert_chain", chain, "-Verify", "2",
                          "-verify_return_error", "-quiet", version, may_complain=True)
    assert run("roots", "build", "--to", "own.bin", "--from", certificates / "ca.crt")[0] == 0
    status, said, _ = run("roots", "find", f"localhost:{port}", "--store", "own.bin", "--json")
    found = json.loads(said)
    assert (status, found["root"]["name"]) == (0, "microhttps tests")
    assert found["chain"][-1]["name"] == "microhttps tests, intermediate"


def test_a_name_in_a_saved_module_is_a_comment_whatever_it_holds(tmp_path):
    certificate = make('"""\nraise SystemExit(3)', is_authority=True)
    _save(tmp_path / "root.py", certificate.certificate)
    found = {}
    exec((tmp_path / "root.py").read_text(), found)
    assert found["DER"] == certificate.certificate.public_bytes(Encoding.DER)


@pytest.mark.parametrize("name", ["root.pem", "root.der", "root.py"])
def test_the_chain_of_a_site_is_shown_and_its_root_saved(name, run, site, tmp_path):
    url, authority = site
    assert run("roots", "build", "--to", "own.bin", "--from", authority)[0] == 0
    status, said, complaint = run("roots", "find", url, "--store", "own.bin", "--save", name)
    assert (status, complaint) == (0, "")
    assert "trust this one" in said and name in said
    content = (tmp_path / name).read_bytes()
    if name.endswith(".py"):
        found = {}
        exec(content, found)
        content = found["DER"]
    load = x509.load_pem_x509_certificate if name.endswith(".pem") else x509.load_der_x509_certificate
    expected = x509.load_pem_x509_certificate(open(authority, "rb").read())
    assert load(content).public_key() == expected.public_key()
    assert load(content).subject == expected.subject


def test_a_site_that_leads_to_no_root_says_why(run, site):
    status, said, _ = run("roots", "find", site[0])
    assert status == 1 and "not among the roots" in said and "private" in said
    status, said, _ = run("roots", "find", site[0], "--json")
    assert status == 1 and json.loads(said)["root"] is None


@pytest.mark.parametrize(("arguments", "code"), [
    (("roots", "find", "localhost:1"), "refused"),
    (("roots", "find", "no-such-host.invalid"), "no_such_host"),
    (("roots", "list", "--store", "nowhere.bin"), "bad_root_store"),
    (("roots", "build", "--to", "/nowhere/x.bin", "--name", "ISRG"), "cannot_write"),
    (("roots", "build", "--to", "x.bin", "--from", "/nowhere.pem"), "bad_certificate_file"),
])
def test_what_cannot_be_done_is_a_sentence_and_a_status(arguments, code, run):
    status, _, complaint = run(*arguments)
    assert status == 1 and code in complaint


def test_a_failure_is_one_object_for_programs(run):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    status, said, complaint = run("roots", "find", f"localhost:{port}", "--json")
    told = json.loads(said)
    assert (status, complaint) == (1, "")
    assert (told["event"], told["code"], told["class"]) == ("error", "refused", "NetworkError")
    assert told["facts"] == {"host": "localhost", "port": port}
    assert told["happened"] == f"localhost is there, and nothing listens on port {port}."
    assert told["cause"].startswith("The server is not running") and told["next"].startswith("Start it")


@pytest.mark.parametrize("host", ["a" * 70 + ".example", ".example", "a..example"])
def test_a_name_that_no_resolver_takes_is_no_host(run, host):
    status, said, _ = run("roots", "find", host, "--json")
    assert (status, json.loads(said)["code"]) == (1, "no_such_host")


def test_a_name_in_a_certificate_moves_no_cursor_and_is_no_markup(run, tmp_path):
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "\x1b[2Jred [/bold] root")])
    now = datetime.datetime.now(datetime.timezone.utc)
    builder = x509.CertificateBuilder(name, name, key.public_key(), 7, now, now + datetime.timedelta(days=9))
    made = builder.add_extension(x509.BasicConstraints(True, None), True).sign(key, hashes.SHA256())
    (tmp_path / "[one].pem").write_bytes(made.public_bytes(Encoding.PEM))
    assert run("roots", "build", "--to", "[b]roots.bin", "--from", "[one].pem")[0] == 0
    for command in (["roots", "list", "--store", "[b]roots.bin"], ["roots", "show", "red", "--store", "[b]roots.bin"],
                    ["ca", "lint", "[one].pem"]):  # fmt: skip
        _, said, _ = run(*command)
        assert "\x1b" not in said and r"\x1b[2Jred [/bold]" in said
