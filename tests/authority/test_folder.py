"""The authority's folder when things go wrong: full, read-only, killed at any moment, shared, half gone, old."""

import contextlib
import datetime
import os
import random
import shlex
import signal
import sqlite3
import ssl
import stat
import subprocess
import sys
import textwrap
import time

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, load_pem_private_key

from microhttps_host.authority.key_kinds import pem_of
from microhttps_host.authority.machine import server_identity

from .conftest import COMMAND

# Runs one command of `microhttps ca` in a process that may write files of so many bytes and no more.
WITH_LITTLE_ROOM = """
    import resource, signal, sys
    from microhttps_host import cli
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, ({room}, {room}))
    sys.exit(cli.main(sys.argv[1:]))
"""


def run_apart(home, program, *arguments):
    command = [sys.executable, "-c", textwrap.dedent(program), *map(str, arguments)]
    environment = {**os.environ, "MICROHTTPS_HOME": str(home.folder)}
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60,
                          stdin=subprocess.DEVNULL)


def are_pairs(home):
    """Every certificate there is goes with its key."""
    for path in home.folder.glob("issued/*.crt"):
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(path, path.with_suffix(".key"))
    return True


@pytest.mark.parametrize("room", [100, 1000, 20000])
@pytest.mark.parametrize(
    "command", [["init"], ["issue", "new.local"], ["renew", "lamp.local", "--new-key"], ["revoke", "lamp.local"],
                ["init", "--replace"], ["init", "--keep-key", "--for", "example.org"]], ids=" ".join)  # fmt: skip
def test_a_full_disk_loses_nothing_and_it_can_be_done_again(home, openssl, command, room):
    if command != ["init"]:
        home.ca("init")
        home.ca("issue", "lamp.local")
    before = {name: content for name, content in home.contents().items() if not name.endswith(".sqlite")}
    done = run_apart(home, WITH_LITTLE_ROOM.format(room=room), "ca", *command)
    assert "Traceback" not in done.stderr
    if done.returncode:
        assert "[state_unusable]" in done.stderr and "MICROHTTPS_HOME=FOLDER" in done.stderr
        # What the command would have replaced is whole: the old one, or already the new one.
        assert {name for name in before if not home.path(name).exists()} == set()
        assert not list(home.folder.rglob("*.new"))
        assert are_pairs(home)
        if command == ["init"] and home.path("ca.crt").exists():
            assert home.path("ca.key").exists()  # all but the list of the revoked was written
        else:
            home.ca(*command)
    authority = home.path("ca.crt")
    home.ca("issue", "after.local")
    assert openssl(authority, home.path("issued/after.local.crt"))[0]
    shown = home.ca("list", "--all")["certificates"]
    serials = {one["serial"] for one in shown}
    for path in home.folder.glob("issued/*.crt"):
        assert f"{x509.load_pem_x509_certificate(path.read_bytes()).serial_number:x}" in {
            serial.lstrip("0") for serial in serials}  # fmt: skip


@pytest.fixture
def read_only(home):
    home.ca("init")
    home.ca("issue", "lamp.local")
    return home


def test_a_read_only_folder_can_be_read_and_says_why_not_more(read_only):
    """Root, whom no permission stops, is in a namespace in which he is nobody in particular."""
    folders = [read_only.folder, read_only.path("issued")]
    for folder in folders:
        folder.chmod(0o555)
    read_only.path("issued.sqlite").chmod(0o444)
    stripped = ["unshare", "--user"] if os.getuid() == 0 else []
    environment = {**os.environ, "MICROHTTPS_HOME": str(read_only.folder)}

    def run(*arguments):
        return subprocess.run([*stripped, *COMMAND, "ca", *arguments], env=environment, capture_output=True, text=True,
                              timeout=60, stdin=subprocess.DEVNULL)

    try:
        listed = run("list", "--json")
        assert listed.returncode == 0 and "lamp.local" in listed.stdout, listed.stderr
        assert run("show", "lamp.local").returncode == 0
        for command in (["issue", "new.local"], ["renew", "lamp.local"], ["revoke", "lamp.local"]):
            refused = run(*command)
            assert refused.returncode == 1 and "[state_unusable]" in refused.stderr, refused.stderr
            assert "permission denied" in refused.stderr or "read-only" in refused.stderr
    finally:
        for folder in folders:
            folder.chmod(0o755)


@pytest.mark.parametrize("command, status, said", [
    ("ca export lamp.local --to {out}", 0, "lamp.local.key"), ("embed lamp.local --to {out}", 0, "identity.py"),
    ("ca show lamp.local", 0, "lamp.local"), ("ca renew lamp.local", 1, "[state_unusable]"),
    ("ca revoke lamp.local", 1, "read-only file system"), ("ca init --replace", 1, "[state_unusable]"),
])  # fmt: skip
def test_from_a_file_system_for_reading_is_copied_and_nothing_is_changed_there(
    read_only, tmp_path, command, status, said
):
    """A folder that a container is given, say: where nobody can write, nobody has to wait for anybody."""
    (tmp_path / "mounted").mkdir()
    steps = ("mount -t tmpfs none mounted", f"cp -a {read_only.folder}/. mounted/", "mount -o remount,ro mounted",
             f"exec {shlex.join(COMMAND)} {command.format(out=tmp_path / 'out')}")  # fmt: skip
    done = subprocess.run(["unshare", "--user", "--map-root-user", "--mount", "sh", "-c", " && ".join(steps)],
                          cwd=tmp_path, env={**os.environ, "MICROHTTPS_HOME": str(tmp_path / "mounted")},
                          capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL)  # fmt: skip
    assert done.returncode == status and said in done.stdout + done.stderr, done.stderr
    assert "Traceback" not in done.stderr


def test_killed_at_any_moment_every_certificate_has_its_key_and_is_in_the_record(home):
    """A thousand renewals with new keys, ended by SIGKILL again and again."""
    home.ca("init")
    home.ca("issue", "lamp.local")
    program = """
        import sys
        from microhttps_host.authority import identities
        from microhttps_host.authority.vault import Vault
        vault = Vault()
        while True:
            identities.renew(vault, "lamp.local", (), lambda: None, is_new_key=True)
            print("renewed", flush=True)
    """
    environment = {**os.environ, "MICROHTTPS_HOME": str(home.folder)}
    dice = random.Random(7)
    for _ in range(12):
        process = subprocess.Popen([sys.executable, "-c", textwrap.dedent(program)], env=environment,
                                   stdout=subprocess.PIPE)
        process.stdout.readline()
        time.sleep(dice.random() * 0.1)
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()
        home.ca("export", "lamp.local", "--to", "out", "--force")  # which puts right what was left half-done
        assert are_pairs(home)
        shown = home.ca("list")["certificates"]
        there = x509.load_pem_x509_certificate(home.path("issued/lamp.local.crt").read_bytes())
        serials = {int(one["serial"], 16) for one in home.ca("list", "--all")["certificates"]}
        assert there.serial_number in serials and len(shown) == 1
    assert len(home.ca("list", "--all")["certificates"]) > 12


def test_a_key_and_a_certificate_that_do_not_fit_are_put_right_from_the_record(home):
    home.ca("init")
    home.ca("issue", "lamp.local")
    old = home.path("issued/lamp.local.crt").read_bytes()
    home.ca("renew", "lamp.local", "--new-key")
    new = home.path("issued/lamp.local.crt").read_bytes()
    home.path("issued/lamp.local.crt").write_bytes(old)  # as a process that died between the two would leave it
    home.ca("export", "lamp.local", "--to", "out")
    assert home.path("issued/lamp.local.crt").read_bytes() == new
    home.path("issued/lamp.local.crt").unlink()
    home.ca("export", "lamp.local", "--to", "out")
    assert home.path("issued/lamp.local.crt").read_bytes() == new


def test_two_processes_at_once_both_do_what_they_were_asked(home):
    home.ca("init")
    program = """
        import sys
        from microhttps_host import cli
        for number in range(6):
            status = cli.main(["ca", "issue", f"{sys.argv[1]}-{number}.local", "--json"])
            assert status == 0
    """
    environment = {**os.environ, "MICROHTTPS_HOME": str(home.folder)}
    both = [subprocess.Popen([sys.executable, "-c", textwrap.dedent(program), name], env=environment,
                             stdout=subprocess.DEVNULL) for name in ("a", "b")]
    assert [process.wait(100) for process in both] == [0, 0]
    issued = home.ca("list")["certificates"]
    assert len({one["serial"] for one in issued}) == 12
    assert are_pairs(home)


def test_two_that_begin_together_make_one_authority(home):
    program = "import sys; from microhttps_host import cli; sys.exit(cli.main(['ca', 'init']))"
    environment = {**os.environ, "MICROHTTPS_HOME": str(home.folder)}
    several = [subprocess.Popen([sys.executable, "-c", program], env=environment, stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE, text=True) for _ in range(3)]
    said = [process.communicate(timeout=60) for process in several]
    assert sorted(process.returncode for process in several) == [0, 1, 1]
    assert sum("[authority_exists]" in complaint for _, complaint in said) == 2
    key = load_pem_private_key(home.path("ca.key").read_bytes(), None)
    assert key.public_key() == x509.load_pem_x509_certificate(home.path("ca.crt").read_bytes()).public_key()


@pytest.mark.parametrize("change", ["certificate = x'3000'", "certificate = 'text'", "revoked = 'yesterday'",
                                    "revoked = 7"])
def test_what_is_no_certificate_or_no_time_in_the_record_is_said(home, change):
    home.ca("init")
    home.ca("issue", "lamp.local")
    with contextlib.closing(sqlite3.connect(home.path("issued.sqlite"))) as database, database:
        database.execute(f"UPDATE issued SET {change}")
    for command in (["list"], ["show", "lamp.local"], ["renew"]):
        assert "[record_damaged]" in home.fails(*command)


def test_an_authority_of_which_a_part_cannot_be_read_is_said(home):
    home.ca("init")
    pem = home.path("ca.crt").read_bytes()
    der = bytearray(x509.load_pem_x509_certificate(pem).public_bytes(Encoding.DER))
    place = der.index(b"microhttps local CA") - 2
    for tag in (0x42, 0x1C):  # of no string that there is, and of one that is not so long
        der[place] = tag
        home.path("ca.crt").write_text(ssl.DER_cert_to_PEM_cert(bytes(der)))
        for command in (["list"], ["init", "--keep-key"], ["init", "--replace"], ["issue", "lamp.local"]):
            assert "[authority_damaged]" in home.fails(*command)


def test_a_damaged_record_is_named_and_nothing_is_issued_without_it(home):
    home.ca("init")
    home.ca("issue", "lamp.local")
    home.path("issued.sqlite").write_bytes(b"SQLite format 3\x00" + bytes(range(256)) * 50)
    before = home.contents()
    for command in (["issue", "new.local"], ["list"], ["revoke", "lamp.local"]):
        assert "[record_damaged]" in home.fails(*command)
    assert home.contents() == before
    home.path("issued.sqlite").unlink()
    home.ca("issue", "new.local")
    assert [one["label"] for one in home.ca("list")["certificates"]] == ["new.local"]


def test_the_record_is_for_the_owner_alone_and_for_anybodys_sqlite(home):
    before = os.umask(0)
    try:
        home.ca("init")
        home.ca("issue", "lamp.local", "10.0.0.1")
    finally:
        os.umask(before)
    modes = {str(path.relative_to(home.folder)): stat.S_IMODE(path.stat().st_mode) for path in home.folder.rglob("*")}
    assert modes == {".lock": 0o600, "ca.crl": 0o644, "ca.crt": 0o644, "ca.key": 0o600, "issued": 0o700,
                     "issued.sqlite": 0o600, "issued/lamp.local.crt": 0o644, "issued/lamp.local.key": 0o600}
    with sqlite3.connect(home.path("issued.sqlite")) as database:
        assert database.execute("SELECT label, names, revoked FROM issued").fetchall() == [
            ("lamp.local", "lamp.local 10.0.0.1", None)]  # fmt: skip
    database.close()


def test_a_link_in_the_place_of_the_record_or_the_folder_is_not_followed(home, tmp_path):
    home.ca("init")
    home.path("issued.sqlite").unlink()
    home.path("issued.sqlite").symlink_to(tmp_path / "elsewhere")
    assert "[state_unusable]" in home.fails("issue", "lamp.local")
    assert not (tmp_path / "elsewhere").exists()
    home.path("issued.sqlite").unlink()
    (tmp_path / "folder").mkdir()
    home.path("issued").rmdir()
    home.path("issued").symlink_to(tmp_path / "folder")
    assert "links are not followed" in home.fails("issue", "lamp.local")
    assert not list((tmp_path / "folder").iterdir())


class TestFromBefore:
    """A home that was made when the authority had no constraints, no record and no list."""

    @pytest.fixture
    def old(self, home):
        key = ec.generate_private_key(ec.SECP256R1())
        name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "microhttps local CA of before")])
        now = datetime.datetime.now(datetime.timezone.utc)
        usage = dict.fromkeys(("digital_signature", "content_commitment", "key_encipherment", "data_encipherment",
                               "key_agreement", "encipher_only", "decipher_only"), False)
        certificate = (
            x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number(),
                                    now - datetime.timedelta(days=1), now + datetime.timedelta(days=3600))
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .add_extension(x509.KeyUsage(key_cert_sign=True, crl_sign=True, **usage), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(key.public_key()), critical=False)
            .sign(key, hashes.SHA256())
        )
        home.folder.mkdir(mode=0o700)
        home.path("ca.crt").write_bytes(certificate.public_bytes(Encoding.PEM))
        home.path("ca.key").write_bytes(pem_of(key))
        home.path("ca.key").chmod(0o600)
        return home

    def test_it_goes_on_as_it_was(self, old, openssl):
        before = {name: old.path(name).read_bytes() for name in ("ca.crt", "ca.key")}
        issued = server_identity(old.vault, ["localhost", "www.example.org", "2001:db8::1"])
        assert (issued.left_out, issued.is_new_authority) == ((), False)
        assert openssl(old.path("ca.crt"), issued.certificate)[0]
        old.ca("issue", "www.example.org")
        assert old.ca("show")["may_vouch_for"] == ["every name there is"]
        assert openssl(old.path("ca.crt"), old.path("issued/www.example.org.crt"))[0]
        assert {name: old.path(name).read_bytes() for name in before} == before

    def test_it_is_constrained_with_the_key_it_has_when_somebody_wants_that(self, old, openssl):
        first = server_identity(old.vault, ["localhost", "www.example.org"])
        assert first.left_out == ()
        old.ca("init", "--keep-key")
        second = server_identity(old.vault, ["localhost", "www.example.org"])
        assert (second.left_out, second.is_new) == (("www.example.org",), True)
        assert openssl(old.path("ca.crt"), second.certificate)[0]


def test_serve_makes_an_authority_for_the_names_this_machine_has(home, openssl):
    """A bare host name is in no private domain, and an address from the provider is not private."""
    names = ["localhost", "kitchen", "kitchen.example.net", "kitchen.local", "192.168.4.1", "2001:db8::1", "127.0.0.1"]
    issued = server_identity(home.vault, names)
    assert (issued.names, issued.left_out) == (tuple(names), ())
    for kind, name in (("hostname", "kitchen"), ("hostname", "kitchen.example.net"), ("ip", "2001:db8::1")):
        assert openssl(home.path("ca.crt"), issued.certificate, f"-verify_{kind}", name)[0]
    vouches = home.ca("show")["may_vouch_for"]
    assert vouches[-3:] == ["kitchen", "kitchen.example.net", "2001:db8::1/128"]


def test_serve_refuses_a_name_that_somebody_chose_and_may_not_be(home):
    server_identity(home.vault, ["localhost"])
    from microhttps.errors import UsageError

    with pytest.raises(UsageError) as caught:
        server_identity(home.vault, ["localhost"], ["www.example.org"])
    assert caught.value.code == "not_permitted"


def test_serve_goes_on_without_the_authoritys_key_while_its_certificate_will_do(home):
    names = ["localhost", "192.168.4.1"]
    first = server_identity(home.vault, names)
    home.path("ca.key").unlink()
    assert not server_identity(home.vault, names).is_new
    assert not server_identity(home.vault, ["localhost"]).is_new  # an address too many is no harm
    from microhttps.errors import UsageError

    with pytest.raises(UsageError) as caught:
        server_identity(home.vault, [*names, "10.0.0.9"])
    assert caught.value.code == "no_authority_key"
    assert first.certificate.exists()
