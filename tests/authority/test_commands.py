"""`microhttps ca` from the outside: what it says, what it writes, and what openssl and Python make of it."""

import datetime
import os
import pty
import socket
import ssl
import stat
import subprocess
import threading

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, load_der_private_key, load_pem_private_key, pkcs12

from microhttps import Trust
from microhttps_host.authority import identities
from microhttps_host.authority.authority import key_usage, open_authority
from microhttps_host.authority.constraints import constraints_for
from microhttps_host.authority.issuing import make_certificate, wanted_for
from microhttps_host.authority.key_kinds import pem_of
from microhttps_host.authority.machine import server_identity
from microhttps_host.authority.record import Record
from microhttps_host.authority.vault import PUBLIC, SECRET

from .conftest import COMMAND

KEYS = {"p256": ec.EllipticCurvePrivateKey, "rsa-2048": rsa.RSAPrivateKey, "ed25519": ed25519.Ed25519PrivateKey}


def certificate_of(path):
    return x509.load_pem_x509_certificate(path.read_bytes())


def shake(server, client, host="localhost"):
    """A handshake between two contexts over loopback; None, or the error of the client."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.settimeout(20)

        def answer():
            try:
                raw, _ = listener.accept()
                with server.wrap_socket(raw, server_side=True) as connection:
                    connection.sendall(b"hello")
            except OSError:  # the client refuses
                pass

        thread = threading.Thread(target=answer)
        thread.start()
        try:
            with socket.create_connection(listener.getsockname(), timeout=20) as raw:
                with client.wrap_socket(raw, server_hostname=host) as connection:
                    assert connection.recv(5) == b"hello"
        except ssl.SSLError as error:
            return error
        finally:
            thread.join()


def serving(home, label):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(home.path(f"issued/{label}.crt"), home.path(f"issued/{label}.key"))
    return context


def strict(authority):
    context = ssl.create_default_context(cafile=authority)
    context.verify_flags |= ssl.VERIFY_X509_STRICT
    return context


@pytest.mark.parametrize("authority_key", KEYS)
@pytest.mark.parametrize("key", KEYS)
def test_every_kind_of_key_is_taken_by_the_strictest(home, openssl, authority_key, key):
    home.ca("init", "--key", authority_key)
    home.ca("issue", "localhost", "--key", key)
    assert openssl(home.path("ca.crt"), home.path("issued/localhost.crt")) == (
        True, f"{home.path('issued/localhost.crt')}: OK\n")  # fmt: skip
    assert isinstance(load_pem_private_key(home.path("issued/localhost.key").read_bytes(), None), KEYS[key])
    assert shake(serving(home, "localhost"), strict(home.path("ca.crt"))) is None


@pytest.mark.parametrize(
    ("names", "options"),
    [
        (["lamp.local"], []),
        (["192.168.4.1"], []),
        (["::1"], []),
        (["*.home.arpa"], []),
        (["lämpchen.local", "10.0.0.1", "fd00::7"], []),
        (["broker.lan"], ["--both"]),
    ],
)
def test_names_as_people_write_them(home, openssl, names, options):
    home.ca("init")
    facts = home.ca("issue", *names, *options)
    written = facts["certificates"][0]
    for name in written["names"]:
        kind = ("-verify_ip", name) if ":" in name or name[-1].isdigit() else (
            "-verify_hostname", name.replace("*", "any"))  # fmt: skip
        accepts, said = openssl(home.path("ca.crt"), written["certificate"], *kind)
        assert accepts, said
    if options:
        assert openssl(home.path("ca.crt"), written["certificate"], purpose="sslclient")[0]


@pytest.mark.parametrize("name", ["alice", "Alice of the lamp", "alice@example.org", "sensor-7.local", "Zoë"])
def test_a_client_may_be_called_as_one_likes(home, openssl, name):
    home.ca("init")
    facts = home.ca("issue", name, "--client", "--label", "them")
    assert facts["certificates"][0]["names"] == [name]
    assert openssl(home.path("ca.crt"), home.path("issued/them.crt"), purpose="sslclient")[0]
    assert not openssl(home.path("ca.crt"), home.path("issued/them.crt"), purpose="sslserver")[0]


def test_every_command_names_files_their_end_and_the_next_command(home):
    runs = (
        (["init"], ["ca.crt", "ca.key", "ca.crl"]),
        (["issue", "lamp.local"], ["issued/lamp.local.crt", "issued/lamp.local.key"]),
        (["renew", "lamp.local"], ["issued/lamp.local.crt"]),
        (["revoke", "lamp.local"], ["ca.crl"]),
        (["export", "--to", "out"], ["../out/ca.crt", "../out/ca.crl"]),
    )
    for arguments, files in runs:
        said = home.run(*arguments).stdout
        for file in files:
            path = f"{home.elsewhere / 'out'}/{file[7:]}" if file.startswith("..") else str(home.path(file))
            line = next(line for line in said.splitlines() if line.startswith("wrote") and path.split("/")[-1] in line)
            assert "a private key" in line if file.endswith(".key") else "expires 20" in line
        assert said.splitlines()[-1].startswith("next:  ")
    for arguments in (["list"], ["show"], ["show", "lamp.local"]):
        assert home.run(*arguments).stdout.splitlines()[-1].startswith("next:  ")


def test_the_second_authority_is_refused_and_the_first_stays(home):
    home.ca("init")
    before = home.contents()
    assert "[authority_exists]" in home.fails("init")
    assert home.contents() == before


def test_a_name_outside_is_refused_with_the_way_out_which_works(home, openssl):
    home.ca("init")
    home.ca("issue", "lamp.local")
    before = home.contents()
    complaint = home.fails("issue", "lamp.local", "www.example.org", "--label", "x")
    assert "[not_permitted]" in complaint and "www.example.org" in complaint
    assert "next:  microhttps ca init --keep-key --for NAME" in complaint
    assert home.contents() == before
    old = home.path("ca.crt").read_bytes()
    home.ca("init", "--keep-key", "--for", "example.org")
    home.ca("issue", "www.example.org")
    for label in ("lamp.local", "www.example.org"):
        assert openssl(home.path("ca.crt"), home.path(f"issued/{label}.crt"))[0]
    kept = [path for path in home.folder.glob("ca-*.crt") if path.read_bytes() == old]
    assert len(kept) == 1
    # Who was given the old one goes on with it for what it was for, and holds the rest against it.
    assert openssl(kept[0], home.path("issued/lamp.local.crt"))[0]
    assert not openssl(kept[0], home.path("issued/www.example.org.crt"))[0]
    home.ca("init", "--keep-key", "--for", "203.0.113.7")
    assert home.ca("show")["may_vouch_for"][-2:] == ["example.org", "203.0.113.7/32"]


def test_danger_unconstrained_is_what_it_says(home, openssl):
    facts = home.ca("init", "--danger-unconstrained")
    assert facts["permitted"] is None and "every site" not in facts["done"]
    assert "can be any site" in facts["warnings"][0]
    home.ca("issue", "www.example.org", "8.8.8.8")
    assert openssl(home.path("ca.crt"), home.path("issued/www.example.org.crt"))[0]


def test_another_authority_takes_the_place_of_the_first_which_is_kept(home, openssl):
    home.ca("init")
    home.ca("issue", "lamp.local")
    old = {name: home.path(name).read_bytes() for name in ("ca.crt", "ca.key")}
    facts = home.ca("init", "--replace")
    kept = {path.suffix: path.read_bytes() for path in home.folder.glob("ca-*")}
    assert (kept[".crt"], kept[".key"]) == (old["ca.crt"], old["ca.key"])
    assert "microhttps ca renew" in facts["next"]
    assert home.ca("list")["certificates"][0]["status"] == "of an earlier authority"
    assert home.ca("renew")["certificates"][0]["label"] == "lamp.local"
    assert openssl(home.path("ca.crt"), home.path("issued/lamp.local.crt"))[0]


def test_renewing_keeps_the_key_or_rolls_it_as_asked(home):
    home.ca("init")
    home.ca("issue", "lamp.local", "--key", "rsa-2048")
    files = ("issued/lamp.local.crt", "issued/lamp.local.key")
    first = [home.path(name).read_bytes() for name in files]
    home.ca("renew", "lamp.local")
    second = [home.path(name).read_bytes() for name in files]
    assert (first[0] != second[0], first[1] == second[1]) == (True, True)
    home.ca("renew", "lamp.local", "--for", "lamp.local", "--for", "10.0.0.9", "--new-key")
    third = [home.path(name).read_bytes() for name in files]
    assert third[1] != second[1]
    assert isinstance(load_pem_private_key(third[1], None), rsa.RSAPrivateKey)
    assert home.ca("list")["certificates"][0]["names"] == ["lamp.local", "10.0.0.9"]
    home.ca("renew", "lamp.local", "--key", "p256")
    assert isinstance(load_pem_private_key(home.path(files[1]).read_bytes(), None), ec.EllipticCurvePrivateKey)
    statuses = [entry["status"] for entry in home.ca("list", "--all")["certificates"]]
    assert statuses == ["replaced", "replaced", "replaced", "good"]


def test_a_key_that_was_brought_away_needs_not_come_back(home):
    """It is on the board; a certificate is made for the key that it has."""
    home.ca("init")
    home.ca("issue", "lamp.local")
    key = home.path("issued/lamp.local.key")
    public = certificate_of(home.path("issued/lamp.local.crt")).public_key()
    key.unlink()
    home.ca("renew", "lamp.local", "--for", "lamp.local", "--for", "10.0.0.9")
    assert certificate_of(home.path("issued/lamp.local.crt")).public_key() == public
    assert not key.exists()


def test_what_is_revoked_is_refused_by_who_reads_the_list(home, openssl, tool):
    home.ca("init")
    home.ca("issue", "localhost")
    home.ca("issue", "lamp.local")
    serial = certificate_of(home.path("issued/localhost.crt")).serial_number
    trust = {"authority": str(home.path("ca.crt")), "crl": str(home.path("ca.crl"))}
    client = Trust.load(trust["authority"], crl=trust["crl"]).client_context()
    assert shake(serving(home, "localhost"), client) is None
    facts = home.ca("revoke", "localhost", "--reason", "key-compromise")
    assert facts["certificates"][0]["status"] == "revoked"
    crl = ("-crl_check", "-CRLfile", home.path("ca.crl"))
    accepts, said = openssl(home.path("ca.crt"), home.path("issued/localhost.crt"), *crl)
    assert not accepts and "certificate revoked" in said
    assert openssl(home.path("ca.crt"), home.path("issued/lamp.local.crt"), *crl)[0]
    client = Trust.load(trust["authority"], crl=trust["crl"]).client_context()
    assert "revoked" in str(shake(serving(home, "localhost"), client))
    shown = subprocess.run([tool("openssl"), "crl", "-in", trust["crl"], "-noout", "-text"], capture_output=True,
                           text=True).stdout
    assert "Key Compromise" in shown and f"{serial:X}" in shown.replace(":", "")
    # The key is known to others now: it is not used again.
    before = home.path("issued/localhost.key").read_bytes()
    home.ca("renew", "localhost")
    assert home.path("issued/localhost.key").read_bytes() != before
    assert openssl(home.path("ca.crt"), home.path("issued/localhost.crt"), *crl)[0]
    assert "[not_revocable]" in home.fails("revoke", f"{serial:x}")


def test_one_certificate_is_revoked_by_its_number_and_the_list_grows(home):
    home.ca("init")
    home.ca("issue", "lamp.local")
    first = home.ca("list")["certificates"][0]["serial"]
    home.ca("renew", "lamp.local")
    home.ca("revoke", first.upper())
    lists = [x509.load_pem_x509_crl(home.path("ca.crl").read_bytes())]
    assert [f"{entry.serial_number:x}".zfill(len(first)) for entry in lists[0]] == [first]
    home.ca("revoke", "lamp.local")
    lists.append(x509.load_pem_x509_crl(home.path("ca.crl").read_bytes()))
    assert len(lists[1]) == 2
    numbers = [found.extensions.get_extension_for_class(x509.CRLNumber).value.crl_number for found in lists]
    assert numbers[0] < numbers[1]
    follows = lists[1].next_update_utc - datetime.datetime.now(datetime.timezone.utc)
    assert follows > datetime.timedelta(days=390)


def test_the_certificate_of_this_machine_is_in_the_record_and_can_be_revoked(home):
    first = server_identity(home.vault, ["localhost"])
    before = first.certificate.read_bytes()
    assert [one["label"] for one in home.ca("list")["certificates"]] == ["server"]
    home.ca("revoke", "server")
    second = server_identity(home.vault, ["localhost"])
    assert second.is_new and second.certificate.read_bytes() != before
    assert "[bad_label]" in home.fails("renew", "server")


@pytest.mark.parametrize("what", ["lamp", "00", "../ca"])
def test_what_was_never_issued_is_named(home, what):
    home.ca("init")
    for arguments in (["show", what], ["renew", what], ["revoke", what], ["export", what]):
        assert "[no_such_identity]" in home.fails(*arguments)


@pytest.mark.parametrize(
    "command", [["issue", "lamp.local"], ["list"], ["show"], ["renew"], ["revoke", "x"], ["export"]])
def test_without_an_authority_the_next_command_makes_one(home, command):
    complaint = home.fails(*command)
    assert "[no_authority]" in complaint and "next:  microhttps ca init" in complaint


def test_a_label_is_a_file_in_its_folder_and_nothing_else(home):
    home.ca("init")
    for label in ("../ca", "/etc/x", "..", "server", "-x", ""):
        done = home.run("issue", "lamp.local", f"--label={label}")
        names = {str(path.relative_to(home.folder)) for path in home.folder.rglob("*.crt")}
        assert all(name == "ca.crt" or name.startswith("issued/") and name.count("/") == 1 for name in names), label
        assert done.returncode == 1 or label in ("../ca", "/etc/x", "")


def test_exports_are_what_they_are_called(home, tmp_path):
    home.ca("init")
    home.ca("issue", "lamp.local")
    secret = tmp_path / "secret"
    secret.write_text("correct horse battery staple\n")
    home.ca("export", "lamp.local", "--form", "der", "--to", "out")
    home.ca("export", "lamp.local", "--form", "p12", "--to", "out", "--p12-passphrase-file", secret)
    home.ca("export", "--form", "der", "--to", "out")
    out = tmp_path / "out"
    certificate = x509.load_der_x509_certificate((out / "lamp.local.crt.der").read_bytes())
    assert certificate == certificate_of(home.path("issued/lamp.local.crt"))
    key = load_der_private_key((out / "lamp.local.key.der").read_bytes(), None)
    assert key.public_key() == certificate.public_key()
    stored = pkcs12.load_pkcs12((out / "lamp.local.p12").read_bytes(), b"correct horse battery staple")
    assert stored.cert.certificate == certificate and len(stored.additional_certs) == 1
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in out.iterdir()}
    assert modes == {"lamp.local.crt.der": 0o644, "lamp.local.key.der": 0o600, "lamp.local.p12": 0o600,
                     "ca.crt.der": 0o644}
    assert "PRIVATE" not in home.run("export", "--to", "out").stdout
    assert not [path for path in out.iterdir() if path.name == "ca.key"]


def test_an_export_overwrites_nothing_of_anybodys_unless_told(home, tmp_path):
    home.ca("init")
    home.ca("issue", "lamp.local")
    (tmp_path / "lamp.local.key").write_text("precious")
    assert "[would_overwrite]" in home.fails("export", "lamp.local")
    assert (tmp_path / "lamp.local.key").read_text() == "precious"
    assert not (tmp_path / "lamp.local.crt").exists()
    home.ca("export", "lamp.local", "--force")
    home.ca("export", "lamp.local")  # the same again is no loss
    assert "PRIVATE KEY" in (tmp_path / "lamp.local.key").read_text()


def test_a_p12_file_is_read_by_openssl_and_by_nss(home, tool, tmp_path):
    home.ca("init")
    home.ca("issue", "alice", "--client")
    (tmp_path / "secret").write_text("correct horse battery staple")
    home.ca("export", "alice", "--form", "p12", "--p12-passphrase-file", "secret")
    for command in ([tool("openssl"), "pkcs12", "-in", "alice.p12", "-noout", "-passin", "file:secret"],
                    [tool("pk12util"), "-l", "alice.p12", "-w", "secret"]):
        done = subprocess.run(command, capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, done.stderr


def test_get_believes_the_authority_for_what_it_was_made_for_and_nothing_else(home):
    from microhttps_host.fetching import choose_trusts

    def kinds(host):
        return [trust.kind for trust in choose_trusts(host, None, (), False)]

    assert kinds("lamp.local") == ["public", "system"]
    home.ca("init", "--for", "example.org")
    for host in ("lamp.local", "192.168.4.1", "www.example.org", "localhost"):
        assert kinds(host) == ["own", "public", "system"]
    for host in ("example.com", "8.8.8.8", "lamp", "x.test"):
        assert kinds(host) == ["public", "system"]


class TestPassphrase:
    WORDS = "correct horse battery staple"

    @pytest.fixture
    def file(self, tmp_path):
        file = tmp_path / "passphrase"
        file.write_text(self.WORDS + "\n")
        return file

    def test_signing_needs_it_and_looking_does_not(self, home, file):
        home.ca("init", "--passphrase-file", file)
        assert b"ENCRYPTED" in home.path("ca.key").read_bytes()
        before = home.contents()
        complaint = home.fails("issue", "lamp.local")
        assert "[passphrase_needed]" in complaint and "--passphrase-file" in complaint
        assert home.contents() == before
        home.ca("issue", "lamp.local", "--passphrase-file", file)
        assert home.ca("show")["key"] == "here, with a passphrase"
        home.ca("list")
        home.ca("export", "lamp.local")

    def test_a_wrong_one_changes_nothing(self, home, file, tmp_path):
        home.ca("init", "--passphrase-file", file)
        home.ca("issue", "lamp.local", "--passphrase-file", file)
        wrong = tmp_path / "wrong"
        wrong.write_text("incorrect horse battery staple\n")
        before = home.contents()
        for command in (["issue", "x.local"], ["renew", "lamp.local"], ["revoke", "lamp.local"],
                        ["init", "--keep-key", "--for", "x.org"], ["passphrase", "--danger-none"]):
            complaint = home.fails(*command, "--passphrase-file", wrong)
            assert "[wrong_passphrase]" in complaint
            assert "horse" not in complaint
        assert home.contents() == before

    def test_it_is_changed_and_taken_away_and_the_key_is_the_same(self, home, file, tmp_path):
        home.ca("init")
        plain = load_pem_private_key(home.path("ca.key").read_bytes(), None)
        home.ca("passphrase", "--new-file", file)
        assert load_pem_private_key(home.path("ca.key").read_bytes(), self.WORDS.encode()).public_key() == (
            plain.public_key())  # fmt: skip
        home.ca("passphrase", "--passphrase-file", file, "--danger-none")
        assert load_pem_private_key(home.path("ca.key").read_bytes(), None).public_key() == plain.public_key()
        assert stat.S_IMODE(home.path("ca.key").stat().st_mode) == 0o600

    def test_a_short_one_is_refused(self, home, tmp_path):
        (tmp_path / "short").write_text("lamp\n")
        assert "[bad_passphrase]" in home.fails("init", "--passphrase-file", tmp_path / "short")
        assert not home.path("ca.key").exists()

    def test_it_is_asked_for_at_a_terminal_and_not_shown(self, home, file):
        home.ca("init", "--passphrase-file", file)
        ours, theirs = pty.openpty()
        environment = {**os.environ, "MICROHTTPS_HOME": str(home.folder)}
        process = subprocess.Popen([*COMMAND, "ca", "issue", "lamp.local"], stdin=theirs, stdout=subprocess.PIPE,
                                   stderr=subprocess.STDOUT, env=environment, start_new_session=True, text=True)
        os.close(theirs)
        question = process.stdout.read(len("passphrase of the authority's key: "))
        os.write(ours, self.WORDS.encode() + b"\n")
        said, _ = process.communicate(timeout=60)
        os.close(ours)
        assert question.startswith("passphrase of the authority's key") and self.WORDS not in said
        assert process.returncode == 0 and home.path("issued/lamp.local.crt").exists()


class TestNobodyIsHeldUpByAQuestion:
    """Who types has time: the folder is free meanwhile, and nothing has been changed."""

    @pytest.mark.parametrize("command", ["issue", "renew", "revoke"])
    def test_the_folder_is_free_while_the_passphrase_is_asked_for(self, home, tmp_path, command):
        (tmp_path / "secret").write_text("correct horse battery staple")
        home.ca("init", "--passphrase-file", "secret")
        home.ca("issue", "lamp.local", "--passphrase-file", "secret")
        before = home.contents()
        held = []

        def ask():
            with home.vault.locked():
                held.append(home.contents() == before)
            return b"correct horse battery staple"

        act = {
            "issue": lambda: identities.issue(home.vault, ["new.local"], "server", "p256", None, ask),
            "renew": lambda: identities.renew(home.vault, "lamp.local", (), ask),
            "revoke": lambda: identities.revoke(home.vault, "lamp.local", "superseded", ask),
        }[command]
        assert act().files
        assert held == [True]

    def test_serve_asks_when_a_certificate_is_to_be_made_and_only_then(self, home, tmp_path):
        (tmp_path / "secret").write_text("correct horse battery staple")
        home.ca("init", "--passphrase-file", "secret")
        asked = []

        def ask():
            asked.append(1)
            return b"correct horse battery staple"

        assert server_identity(home.vault, ["localhost"], ask=ask).is_new
        assert not server_identity(home.vault, ["localhost"], ask=ask).is_new
        assert asked == [1]


class TestWithoutTheKey:
    @pytest.fixture
    def keyless(self, home):
        home.ca("init")
        home.ca("issue", "lamp.local")
        home.path("ca.key").rename(home.elsewhere / "ca.key.on-a-stick")
        return home

    def test_nothing_is_signed_and_the_error_says_why(self, keyless):
        before = keyless.contents()
        for command in (["issue", "x.local"], ["renew", "lamp.local"], ["revoke", "lamp.local"],
                        ["init", "--keep-key"]):
            complaint = keyless.fails(*command)
            assert "[no_authority_key]" in complaint and "Bring ca.key back" in complaint
        assert keyless.contents() == before

    def test_all_the_rest_works(self, keyless, openssl):
        assert keyless.ca("list")["certificates"][0]["status"] == "good"
        assert "not here" in keyless.ca("show")["key"]
        keyless.ca("show", "lamp.local")
        keyless.ca("export", "lamp.local", "--to", "out")
        keyless.ca("export", "--to", "out")
        assert openssl(keyless.elsewhere / "out/ca.crt", keyless.elsewhere / "out/lamp.local.crt")[0]

    def test_it_is_never_taken_for_no_authority(self, keyless):
        assert "[authority_exists]" in keyless.fails("init")


class TestTime:
    """Certificates and authorities that were made long ago."""

    def issued_before(self, home, days, label):
        """As `ca issue` would have done it so many days ago."""
        authority = open_authority(home.vault)
        key = ec.generate_private_key(ec.SECP256R1())
        then = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(days=days)
        wanted = wanted_for([label], "server", authority.constraints)
        # An authority of that time: `make_certificate` gives nobody a certificate that begins before it.
        certificate = make_certificate(authority, authority.read_key(), key.public_key(), wanted, then)
        with home.vault.locked():
            folder = home.vault.inner("issued")
            folder.write(label + ".key", pem_of(key), SECRET)
            folder.write(label + ".crt", certificate.public_bytes(Encoding.PEM), PUBLIC)
            Record(home.vault).note(label, certificate, authority.identifier)

    def make_authority_before(self, home, days):
        then = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(days=days)
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "an old authority")])
        certificate = (
            x509.CertificateBuilder(name, name, key.public_key(), 77, then, then + datetime.timedelta(days=3650))
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(key_usage(is_authority=True), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .add_extension(constraints_for(()), critical=False)
            .sign(key, hashes.SHA256())
        )
        with home.vault.locked():
            home.vault.write("ca.key", pem_of(key), SECRET)
            home.vault.write("ca.crt", certificate.public_bytes(Encoding.PEM), PUBLIC)

    def test_renew_takes_what_is_due_and_leaves_the_rest(self, home):
        self.make_authority_before(home, 1000)
        for days, label in ((100, "young.local"), (280, "due.local"), (390, "late.local"), (450, "expired.local")):
            self.issued_before(home, days, label)
        statuses = {one["label"]: one["status"] for one in home.ca("list")["certificates"]}
        assert statuses == {"young.local": "good", "due.local": "due", "late.local": "due", "expired.local": "expired"}
        assert "microhttps ca renew" in home.run("list").stdout
        renewed = home.ca("renew")
        assert {one["label"] for one in renewed["certificates"]} == set(statuses) - {"young.local"}
        assert {one["status"] for one in home.ca("list")["certificates"]} == {"good"}
        assert home.ca("renew")["certificates"] == []

    def test_an_authority_that_ends_signs_nothing_more_and_is_renewed_with_its_key(self, home, openssl):
        self.make_authority_before(home, 3630)
        before = home.contents()
        complaint = home.fails("issue", "lamp.local")
        assert "[authority_ends]" in complaint and "microhttps ca init --keep-key" in complaint
        assert home.contents() == before
        home.ca("init", "--keep-key")
        home.ca("issue", "lamp.local")
        assert openssl(home.path("ca.crt"), home.path("issued/lamp.local.crt"))[0]
        ends = certificate_of(home.path("ca.crt")).not_valid_after_utc
        assert ends > datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=3600)

    def test_a_certificate_does_not_outlive_its_authority(self, home, openssl):
        self.make_authority_before(home, 3550)
        home.ca("issue", "lamp.local")
        ends = [certificate_of(home.path(name)).not_valid_after_utc for name in ("issued/lamp.local.crt", "ca.crt")]
        assert ends[0] == ends[1]
        assert openssl(home.path("ca.crt"), home.path("issued/lamp.local.crt"))[0]


def test_an_authority_that_is_not_replaced_leaves_no_copy_of_a_key(home, tmp_path):
    home.ca("init")
    before = home.contents()
    (tmp_path / "short").write_text("short")
    assert "[bad_passphrase]" in home.fails("init", "--replace", "--passphrase-file", tmp_path / "short")
    assert "[bad_name]" in home.fails("init", "--replace", "--for", "not a name")
    assert "[bad_name]" in home.fails("init", "--keep-key", "--for", "not a name")
    assert home.contents() == before


@pytest.mark.parametrize("passphrase", [b"x" * 1024, b"short"])
def test_a_passphrase_that_cannot_be_is_a_sentence(home, tmp_path, passphrase):
    (tmp_path / "passphrase").write_bytes(passphrase)
    assert "[bad_passphrase]" in home.fails("init", "--passphrase-file", tmp_path / "passphrase")
    assert not (home.folder / "ca.crt").exists()


def test_a_passphrase_that_a_p12_file_cannot_have_is_a_sentence(home, tmp_path):
    home.ca("init")
    home.ca("issue", "alice", "--client")
    (tmp_path / "passphrase").write_bytes(b"\xff\xfe no text at all")
    export = ("export", "alice", "--form", "p12", "--to", tmp_path / "to", "--p12-passphrase-file")
    assert "[bad_passphrase]" in home.fails(*export, tmp_path / "passphrase")
    assert not (tmp_path / "to").exists()


def test_who_lacks_a_passphrase_is_told_the_option_of_this_command(home):
    home.ca("init")
    home.ca("issue", "alice", "--client")
    assert "with --p12-passphrase-file FILE" in home.fails("export", "alice", "--form", "p12")
    assert "with --new-file FILE" in home.fails("passphrase")
    assert "[no_such_identity]" in home.fails("export", "nobody", "--form", "p12")


@pytest.mark.parametrize("in_the_way", ["file", "file/below"])
def test_a_folder_that_cannot_be_written_into_is_not_the_one_of_certificates(home, tmp_path, in_the_way):
    home.ca("init")
    home.ca("issue", "lamp.local")
    (tmp_path / "file").write_bytes(b"")
    said = home.fails("export", "lamp.local", "--to", tmp_path / in_the_way)
    assert "[cannot_write]" in said and "--to FOLDER" in said and "MICROHTTPS_HOME" not in said


def test_the_longest_name_there_is_needs_a_label(home):
    home.ca("init")
    name = ".".join(letter * 60 for letter in "abcd") + ".local"
    assert "[bad_label]" in home.fails("issue", name)
    assert "[bad_label]" in home.fails("issue", "lamp.local", "--label", "x" * 201)
    told = home.ca("issue", name, "--label", "long")
    assert told["certificates"][0]["names"] == [name]


def test_a_file_that_cannot_be_read_is_named_and_one_of_our_own_hinders_nobody(home, tmp_path):
    home.ca("init")
    home.ca("issue", "lamp.local")
    assert f"The file {tmp_path / 'absent'} cannot be read." in home.fails("lint", tmp_path / "absent")
    (tmp_path / "text").write_text("text")
    assert f"{tmp_path / 'text'} is not a certificate" in home.fails("lint", tmp_path / "text")
    (home.folder / "ca.key").chmod(0o644)
    assert "[authority_damaged]" in home.fails("list")
    assert home.run("lint", home.folder / "issued/lamp.local.crt").returncode == 0
