"""The local authority, judged by others: openssl's strictest check, Python's, and the files it leaves."""

import datetime
import os
import shutil
import socket
import ssl
import stat
import subprocess
import sys
import textwrap
import threading
from contextlib import contextmanager

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID

from microhttps import Trust
from microhttps.errors import UsageError
from microhttps_host.authority.machine import server_identity
from microhttps_host.authority.vault import Vault

NAMES = ["localhost", "lamp.local", "*.home.arpa", "127.0.0.1", "::1"]


@pytest.fixture
def vault(tmp_path):
    return Vault(tmp_path / "home")


def load(path):
    return x509.load_pem_x509_certificate(path.read_bytes())


def extension(certificate, kind):
    return certificate.extensions.get_extension_for_class(kind)


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("-verify_hostname", "lamp.local"),
        ("-verify_hostname", "a.home.arpa"),
        ("-verify_ip", "127.0.0.1"),
        ("-verify_ip", "::1"),
    ],
)
def test_openssl_verifies_it_strictly(vault, kind, name):
    issued = server_identity(vault, NAMES)
    command = [
        "openssl",
        "verify",
        "-x509_strict",
        "-purpose",
        "sslserver",
        "-CAfile",
        str(issued.authority),
        kind,
        name,
    ]
    done = subprocess.run([*command, str(issued.certificate)], capture_output=True, text=True)
    assert (done.returncode, done.stdout.strip()) == (0, f"{issued.certificate}: OK"), done.stderr


def test_openssl_refuses_it_for_another_name(vault):
    issued = server_identity(vault, NAMES)
    command = ["openssl", "verify", "-CAfile", str(issued.authority), "-verify_hostname", "example.org"]
    assert subprocess.run([*command, str(issued.certificate)], capture_output=True).returncode != 0


@contextmanager
def answering(issued):
    """A TLS server of Python's own on a free port, for one connection."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(issued.certificate, issued.key)
    listener = socket.create_server(("127.0.0.1", 0))

    def answer():
        raw, _ = listener.accept()
        with context.wrap_socket(raw, server_side=True) as connection:
            connection.send(b"hello")

    thread = threading.Thread(target=answer)
    thread.start()
    yield listener.getsockname()[1]
    thread.join()
    listener.close()


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "lamp.local", "anything.home.arpa"])
@pytest.mark.parametrize("whose", ["python", "microhttps"])
def test_python_shakes_hands_with_it_strictly(vault, host, whose):
    """With the flags that Python's default contexts have since 3.13."""
    issued = server_identity(vault, NAMES)
    context = ssl.create_default_context(cafile=issued.authority)
    if whose == "microhttps":
        context = Trust.load(str(issued.authority)).client_context()
    context.verify_flags |= ssl.VERIFY_X509_STRICT | ssl.VERIFY_X509_PARTIAL_CHAIN
    with answering(issued) as port, socket.create_connection(("127.0.0.1", port)) as raw:
        with context.wrap_socket(raw, server_hostname=host) as connection:
            assert connection.recv(5) == b"hello"


def test_the_authority_may_sign_servers_and_nothing_below(vault):
    authority = load(server_identity(vault, NAMES).authority)
    constraints, usage = extension(authority, x509.BasicConstraints), extension(authority, x509.KeyUsage)
    assert (constraints.critical, constraints.value.ca, constraints.value.path_length) == (True, True, 0)
    assert (usage.critical, usage.value.key_cert_sign, usage.value.crl_sign) == (True, True, True)
    assert not usage.value.digital_signature
    lifetime = authority.not_valid_after_utc - authority.not_valid_before_utc
    assert datetime.timedelta(days=3650) <= lifetime <= datetime.timedelta(days=3653)
    assert isinstance(authority.public_key().curve, ec.SECP256R1)


def test_the_certificate_is_what_browsers_want(vault):
    issued = server_identity(vault, NAMES)
    certificate, authority = load(issued.certificate), load(issued.authority)
    names = extension(certificate, x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == ["localhost", "lamp.local", "*.home.arpa"]
    assert [str(address) for address in names.get_values_for_type(x509.IPAddress)] == ["127.0.0.1", "::1"]
    lifetime = certificate.not_valid_after_utc - certificate.not_valid_before_utc
    assert datetime.timedelta(days=390) < lifetime < datetime.timedelta(days=397)
    assert certificate.not_valid_before_utc < datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(hours=1)
    assert list(extension(certificate, x509.ExtendedKeyUsage).value) == [ExtendedKeyUsageOID.SERVER_AUTH]
    usage = extension(certificate, x509.KeyUsage)
    assert (usage.critical, usage.value.digital_signature, usage.value.key_encipherment) == (True, True, False)
    assert not extension(certificate, x509.BasicConstraints).value.ca
    theirs = extension(certificate, x509.AuthorityKeyIdentifier).value.key_identifier
    assert theirs == extension(authority, x509.SubjectKeyIdentifier).value.digest
    assert extension(certificate, x509.SubjectKeyIdentifier).value.digest != theirs
    assert certificate.serial_number.bit_length() > 100


def test_keys_are_for_the_owner_alone(vault):
    before = os.umask(0)
    try:
        server_identity(vault, NAMES)
    finally:
        os.umask(before)
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in vault.folder.iterdir()}
    assert stat.S_IMODE(vault.folder.stat().st_mode) == 0o700
    assert modes == {".lock": 0o600, "ca.crt": 0o644, "ca.key": 0o600, "ca.crl": 0o644, "issued.sqlite": 0o600,
                     "server.crt": 0o644, "server.key": 0o600}


def contents(vault):
    return {path.name: path.read_bytes() for path in vault.folder.iterdir()}


def test_the_second_time_nothing_is_made(vault):
    first = server_identity(vault, NAMES)
    before = contents(vault)
    second = server_identity(vault, list(reversed(NAMES)))
    assert (first.is_new, first.is_new_authority, second.is_new, second.is_new_authority) == (True, True, False, False)
    assert contents(vault) == before
    assert second.expires == first.expires


def issue_by_hand(vault, days_left, key=None, issuer_key=None):
    """A server certificate as ours would be, but ending in `days_left` days, or of other keys."""
    authority = load(vault.path("ca.crt"))
    signing = issuer_key or serialization.load_pem_private_key(vault.path("ca.key").read_bytes(), None)
    ours = load(vault.path("server.crt"))
    now = datetime.datetime.now(datetime.timezone.utc)
    begins = now - datetime.timedelta(days=300)
    ends = now + datetime.timedelta(days=days_left)
    builder = x509.CertificateBuilder(authority.subject, ours.subject, ours.public_key(), 1, begins, ends)
    builder = builder.add_extension(extension(ours, x509.SubjectAlternativeName).value, critical=False)
    vault.path("server.crt").write_bytes(
        builder.sign(signing, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
    )


def ends_soon(vault):
    issue_by_hand(vault, days_left=29)


def has_expired(vault):
    issue_by_hand(vault, days_left=-1)


def is_of_another_authority(vault):
    issue_by_hand(vault, days_left=100, issuer_key=ec.generate_private_key(ec.SECP256R1()))


def has_another_key(vault):
    shutil.copy(vault.path("ca.key"), vault.path("server.key"))


def has_no_key(vault):
    vault.path("server.key").unlink()


def is_gone(vault):
    vault.path("server.crt").unlink()


def is_cut_short(vault):
    vault.path("server.crt").write_bytes(vault.path("server.crt").read_bytes()[:200])


def key_is_garbage(vault):
    vault.path("server.key").write_bytes(b"\x00\xff garbage")


def key_was_readable_by_others(vault):
    vault.path("server.key").chmod(0o644)


@pytest.mark.parametrize(
    "spoil",
    [
        ends_soon,
        has_expired,
        is_of_another_authority,
        has_another_key,
        has_no_key,
        is_gone,
        is_cut_short,
        key_is_garbage,
        key_was_readable_by_others,
    ],
)
def test_a_certificate_is_replaced_when_it_will_not_do(vault, spoil):
    first = server_identity(vault, NAMES)
    spoil(vault)
    second = server_identity(vault, NAMES)
    assert (second.is_new, second.is_new_authority) == (True, False)
    assert second.expires > datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(days=300)
    ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(first.certificate, first.key)
    assert stat.S_IMODE(first.key.stat().st_mode) == 0o600


def test_a_certificate_with_a_month_and_a_day_left_is_kept(vault):
    server_identity(vault, NAMES)
    issue_by_hand(vault, days_left=31)
    assert not server_identity(vault, NAMES).is_new


def test_other_names_make_a_new_certificate_of_the_same_authority(vault):
    first = server_identity(vault, NAMES)
    authority = first.authority.read_bytes()
    second = server_identity(vault, [*NAMES, "192.168.4.1"])
    assert second.is_new
    assert second.authority.read_bytes() == authority


def no_certificate(vault):
    vault.path("ca.crt").unlink()


def another_key(vault):
    shutil.copy(vault.path("server.key"), vault.path("ca.key"))


def garbage(vault):
    vault.path("ca.crt").write_bytes(b"garbage")


def garbage_key(vault):
    vault.path("ca.key").write_bytes(b"garbage")


def exposed_key(vault):
    vault.path("ca.key").chmod(0o640)


@pytest.mark.parametrize(
    ("spoil", "word"),
    [
        (no_certificate, "ca.key is there and ca.crt is not"),
        (another_key, "ca.key is not the key of ca.crt"),
        (garbage, "cannot be read"),
        (garbage_key, "cannot be read"),
        (exposed_key, "others may read ca.key"),
    ],
)
def test_an_authority_that_is_damaged_is_never_replaced_in_silence(vault, spoil, word):
    """Everything that trusts the old one would stop working, and nobody would know why."""
    server_identity(vault, NAMES)
    spoil(vault)
    before = contents(vault)
    with pytest.raises(UsageError, match=word) as caught:
        server_identity(vault, NAMES)
    assert caught.value.code == "authority_damaged"
    assert str(vault.folder) in str(caught.value)
    assert contents(vault) == before


def test_a_first_start_on_a_full_disk_can_be_tried_again(vault):
    """A limit on the size of files lets the key be written, which is short, and the certificate not."""
    program = f"""
        import pathlib, resource, signal
        from microhttps_host.authority.machine import server_identity
        from microhttps_host.authority.vault import Vault
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (300, 300))
        server_identity(Vault(pathlib.Path({str(vault.folder)!r})), ["localhost"])
    """
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(program)], capture_output=True, text=True)
    assert "ca.crt: file too large" in done.stderr
    assert server_identity(vault, NAMES).is_new_authority


def test_a_bad_name_makes_nothing(vault):
    with pytest.raises(UsageError):
        server_identity(vault, ["localhost", "not a name"])
    assert not vault.folder.exists()


def test_a_very_long_name_still_makes_a_certificate(vault):
    """The common name has 64 characters at most; the alternative names are what counts."""
    name = ".".join(["x" * 60] * 4)
    assert server_identity(vault, [name]).names == (name,)


def test_processes_that_begin_together_make_one_authority(vault):
    program = f"""
        import pathlib
        from microhttps_host.authority.machine import server_identity
        from microhttps_host.authority.vault import Vault
        issued = server_identity(Vault(pathlib.Path({str(vault.folder)!r})), ["localhost"])
        print(issued.is_new_authority, issued.is_new)
    """
    command = [sys.executable, "-c", textwrap.dedent(program)]
    several = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(4)]
    answers = [process.communicate()[0].strip() for process in several]
    assert sorted(answers) == ["False False"] * 3 + ["True True"]
