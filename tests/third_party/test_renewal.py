"""openssl and Python's own ssl see a renewed identity: what they get, what they keep, what must not be left behind."""

import hashlib
import os
import re
import shutil
import ssl
import subprocess
import time

import pytest
from cryptography.hazmat.primitives import serialization

from harness.interpreters import find_or_fail
from harness.playing import start_server, stop_server
from harness.programs import has_complaint, until
from harness.wire import open_raw, trusting

INTERVAL = 0.1


class Renewed:
    """The files of an identity."""

    def __init__(self, folder, certificates, name="own"):
        self.path = str(folder / name)
        self._certificates = certificates
        self.write("good")

    def write(self, certificate, key=None):
        """Write them anew where they are, as an editor does."""
        shutil.copyfile(self._certificates / f"{certificate}.crt", self.path + ".crt")
        shutil.copyfile(self._certificates / f"{key or certificate}.key", self.path + ".key")


@pytest.fixture
def own(tmp_path, certificates):
    return Renewed(tmp_path, certificates)


@pytest.fixture
def start(programs, certificates, port, own):
    """Starts the server on an interpreter."""

    def start_it(name="cpython", heap=None, may_complain=False, settings=(), **options):
        # The shortest timeout makes the tick.
        settings = {"identity_check_interval": INTERVAL, "send_timeout": 4 * INTERVAL, **dict(settings)}
        return start_server(programs, find_or_fail(name), "third_party.renewing", port, certificates, heap=heap,
                            may_complain=may_complain, own=own.path, settings=settings, **options)

    return start_it


@pytest.fixture
def openssl(tool, certificates, port):
    """Asks with `openssl s_client`; gives all it said."""

    def ask(*options, path="/"):
        request = f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
        command = [tool("openssl"), "s_client", "-connect", f"127.0.0.1:{port}", "-CAfile", certificates / "ca.crt",
                   "-ign_eof", "-showcerts", *options]
        done = subprocess.run(list(map(str, command)), input=request.encode(), capture_output=True, timeout=30)
        return (done.stdout + done.stderr).decode("latin-1")

    return ask


def chain_in(said):
    """The SHA-256 fingerprints of the certificates that were shown."""
    found = re.findall(r"-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----", said, re.DOTALL)
    return [hashlib.sha256(ssl.PEM_cert_to_DER_cert(pem)).hexdigest() for pem in found]


def chain_of(certificates, name):
    pem = (certificates / f"{name}.crt").read_text()
    return [hashlib.sha256(ssl.PEM_cert_to_DER_cert(part + "-----END CERTIFICATE-----\n")).hexdigest()
            for part in pem.split("-----END CERTIFICATE-----\n")[:-1]]


@pytest.mark.parametrize("name", ["cpython", "micropython", "micropython32"])
def test_each_kind_of_key_follows_each_and_nothing_of_the_old_is_left(name, start, own, openssl, certificates):
    """OpenSSL keeps one certificate for each kind of key: the old one must not go on beside the new one."""
    program = start(name)
    for renewed in ("rsa", "chain", "good"):
        own.write(renewed)
        assert program.line() == f"renewed {own.path}.crt"
        for sort in ("ECDHE-RSA-AES128-GCM-SHA256", "ECDHE-ECDSA-AES128-GCM-SHA256"):
            said = openssl("-tls1_2", "-cipher", sort)
            is_its_kind = ("ECDSA" in sort) == (renewed != "rsa")
            assert chain_in(said) == (chain_of(certificates, renewed) if is_its_kind else []), said
            assert ("small" in said) == is_its_kind
    stop_server(program)


@pytest.mark.parametrize("version", ["-tls1_2", "-tls1_3"])
def test_tickets_live_on_when_the_new_key_is_of_the_same_kind(version, start, own, openssl, tmp_path, certificates):
    program = start()
    assert "False" in openssl(version, "-sess_out", tmp_path / "ticket", path="/resumed")
    own.write("chain")
    assert program.line().startswith("renewed")
    assert "True" in openssl(version, "-sess_in", tmp_path / "ticket", path="/resumed")
    assert chain_in(openssl(version)) == chain_of(certificates, "chain")
    own.write("rsa")
    assert program.line().startswith("renewed")
    assert "False" in openssl(version, "-sess_in", tmp_path / "ticket", path="/resumed"), "a new context, new tickets"
    stop_server(program)


def shake_hands(raw, tls, incoming, outgoing, until_step):
    """The client's side of a handshake by hand, so many flights of it."""
    for _ in range(until_step):
        try:
            tls.do_handshake()
        except ssl.SSLWantReadError:
            pass
        raw.sendall(outgoing.read())
        try:
            incoming.write(raw.recv(65536))
        except TimeoutError:
            return


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
@pytest.mark.parametrize("renewed", ["rsa", "chain"])
@pytest.mark.parametrize("name", ["cpython", "micropython"])
def test_a_handshake_in_progress_ends_with_the_identity_it_began_with(name, renewed, version, start, own, port,
                                                                      certificates):
    program = start(name)
    context = trusting(certificates)
    context.maximum_version = version
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    tls = context.wrap_bio(incoming, outgoing, server_hostname="localhost")
    with open_raw(port) as raw:
        raw.settimeout(0.3)
        shake_hands(raw, tls, incoming, outgoing, 1)
        own.write(renewed)
        assert program.line().startswith("renewed")
        shake_hands(raw, tls, incoming, outgoing, 3)
        tls.do_handshake()
        assert tls.getpeercert(True) == (certificates / "good.crt.der").read_bytes()
        tls.write(b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        raw.sendall(outgoing.read())
        raw.settimeout(10)
        while data := raw.recv(65536):
            incoming.write(data)
        assert b"small" in tls.read(65536)
    stop_server(program)


@pytest.mark.parametrize("name", ["cpython", "micropython"])
def test_a_fault_that_stays_is_told_once_and_each_new_one_again(name, start, own, openssl):
    program = start(name)
    own.write("garbage")
    assert program.line() == "fault bad_certificate_file"
    time.sleep(12 * INTERVAL)
    own.write("mismatch")
    assert program.line() == "fault key_does_not_match_certificate"
    os.remove(own.path + ".key")
    assert program.line() == "fault bad_certificate_file"
    time.sleep(6 * INTERVAL)
    assert "small" in openssl()
    own.write("good")
    assert program.line().startswith("renewed")
    assert stop_server(program) == []


@pytest.mark.parametrize("name", ["cpython", "micropython"])
def test_an_application_that_fails_to_hear_of_it_does_not_stop_the_clock(name, start, own):
    program = start(name, may_complain=True, raises=True)
    for certificate in ("garbage", "cut", "expired"):
        own.write(certificate)
        assert program.line().startswith("fault")
    own.write("rsa")
    assert program.line().startswith("renewed")
    stop_server(program)
    assert program.complaints.count("ValueError: on purpose") == 3


@pytest.mark.parametrize("name", ["cpython", "micropython"])
def test_files_that_are_still_being_written_are_left_to_rest(name, start, own, certificates, openssl):
    """The certificate comes first, by the piece, then the key: none of this is a fault, and nothing half is taken."""
    program = start(name, settings={"identity_check_interval": 1})
    for kind in (".crt", ".key"):
        content = (certificates / f"rsa{kind}").read_bytes()
        with open(own.path + kind, "wb", buffering=0) as file:
            for at in range(0, len(content), 300):
                file.write(content[at:at + 300])
                time.sleep(0.05)
    assert program.line() == f"renewed {own.path}.crt"
    assert chain_in(openssl()) == chain_of(certificates, "rsa")
    assert stop_server(program) == []


def test_files_replaced_by_others_of_the_same_size_and_age_are_seen(start, own, certificates, openssl):
    """`mv` of files made elsewhere, with the times of the old ones: what tells them apart is that they are others."""
    program = start()
    times = [os.stat(own.path + kind) for kind in (".crt", ".key")]
    for kind, facts in zip((".crt", ".key"), times):
        shutil.copyfile(certificates / f"address-only{kind}", own.path + ".new")
        os.utime(own.path + ".new", ns=(facts.st_atime_ns, facts.st_mtime_ns))
        os.replace(own.path + ".new", own.path + kind)
    assert program.line().startswith("renewed")
    assert chain_in(openssl()) == chain_of(certificates, "address-only")
    stop_server(program)


def test_an_encrypted_key_is_renewed_with_its_password(start, own, certificates, openssl):
    def encrypt(name):
        key = serialization.load_pem_private_key((certificates / f"{name}.key").read_bytes(), None)
        closed = key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8,
                                   serialization.BestAvailableEncryption(b"secret"))
        own.write(name)
        with open(own.path + ".key", "wb") as file:
            file.write(closed)

    encrypt("good")
    program = start(password="secret")
    encrypt("rsa")
    assert program.line().startswith("renewed")
    assert chain_in(openssl()) == chain_of(certificates, "rsa")
    shutil.copyfile(certificates / "good.crt", own.path + ".crt")
    assert program.line() == "fault key_does_not_match_certificate"
    stop_server(program)


def test_an_identity_for_another_name_is_renewed_too(start, own, certificates, openssl, tmp_path):
    other = Renewed(tmp_path, certificates, "other")
    program = start(other=other.path)
    other.write("rsa")
    assert program.line().startswith("renewed")
    assert chain_in(openssl("-servername", "other.example")) == chain_of(certificates, "rsa")
    assert chain_in(openssl("-servername", "localhost")) == chain_of(certificates, "good")
    other.write("expired")
    assert program.line() == "fault expired"
    assert chain_in(openssl("-servername", "other.example")) == chain_of(certificates, "rsa")
    own.write("chain")
    assert program.line() == "fault expired", "all of them or none"
    other.write("good")
    assert program.line().startswith("renewed")
    assert chain_in(openssl("-servername", "localhost")) == chain_of(certificates, "chain")
    stop_server(program)


def test_a_check_interval_of_0_is_never(start, own, openssl, certificates):
    program = start(settings={"identity_check_interval": 0})
    own.write("rsa")
    time.sleep(2.5)
    assert chain_in(openssl()) == chain_of(certificates, "good")
    assert stop_server(program) == []


def test_looking_and_renewing_leave_nothing_behind_on_a_board(start, own, openssl):
    """On the 32-bit MicroPython with a heap as on a board."""
    program = start("micropython32", heap="192K")

    def memory():
        program.tell("memory")
        return int(program.line_that("memory").split()[1])

    def renew_often(count):
        for index in range(count):
            own.write(("chain", "good")[index % 2])
            assert program.line().startswith("renewed")
            assert "small" in openssl()
        own.write("cut")
        assert program.line().startswith("fault")
        time.sleep(5 * INTERVAL)

    renew_often(4)
    before = memory()
    renew_often(8)
    until(lambda: memory() - before < 400)
    assert not has_complaint(program.complaints)
    stop_server(program)


def test_without_memory_for_it_the_old_one_stays_until_there_is_some(start, own, certificates, openssl):
    program = start("micropython32", heap="192K", settings={"identity_check_interval": 1})
    assert "soon" in openssl(path="/eat")
    program.line_that("eaten")
    own.write("chain")
    heard = []
    while "given back" not in heard:
        heard.append(program.line())
    assert not [line for line in heard if line.startswith("renewed")]
    program.line_that("renewed")
    assert chain_in(openssl()) == chain_of(certificates, "chain")
    stop_server(program)
