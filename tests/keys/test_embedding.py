"""`microhttps embed`: what it writes is read back by those it is for, and used in a handshake."""

import hashlib
import random
import runpy
import socket
import ssl
import stat
import subprocess
import threading
import urllib.request

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_der_private_key,
    load_pem_private_key,
)

from harness.playing import start_server, stop_server
from harness.published import write_demonstration
from microhttps import Identity, Trust
from microhttps.credentials import published

SECRET = "240ac4000110"
C_PROGRAM = """
#include <stdio.h>
#include "%s"
int main(void) { return fwrite(%s, 1, %s, stdout) != %s; }
"""


@pytest.fixture
def compiled(home, tool):
    """Has a C compiler read a header, and gives the bytes that a program has of it."""

    def read(header, name, length):
        source, program = home.folder / "read.c", home.folder / "read"
        source.write_text(C_PROGRAM % (header, name, length, length))
        subprocess.run([tool("gcc"), "-std=c99", "-Wall", "-Werror", "-Wno-unused-const-variable", "-I",
                        str(home.folder), "-o", str(program), str(source)], check=True, timeout=60)
        return subprocess.run([str(program)], capture_output=True, check=True, timeout=60).stdout

    return read


def fetch(home, port):
    context = ssl.create_default_context(cafile=str(home.state / "ca.crt"))
    with urllib.request.urlopen(f"https://localhost:{port}/", context=context, timeout=20) as answer:
        return answer.read()


def shake(identity, trust):
    """A handshake between what was embedded and who trusts its authority."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        context = identity.server_context()

        def answer():
            raw, _ = listener.accept()
            with context.wrap_socket(raw, server_side=True) as connection:
                connection.sendall(b"hello")

        thread = threading.Thread(target=answer)
        thread.start()
        try:
            with socket.create_connection(listener.getsockname(), timeout=20) as raw:
                with trust.client_context().wrap_socket(raw, server_hostname="localhost") as connection:
                    return connection.recv(5)
        finally:
            thread.join()


@pytest.mark.parametrize("secret", ["", SECRET])
def test_a_python_module_is_imported_and_served_on_both_interpreters(home, interpreter, programs, secret, port):
    (home.folder / "lamp.id").write_text(secret + "\n")
    told = home.does("embed", "localhost", *(["--seal", "lamp.id"] if secret else []))
    assert [one["secret"] for one in told["files"]] == [not secret]
    plain = load_pem_private_key((home.state / "issued/localhost.key").read_bytes(), None)
    der = plain.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
    names = {}
    exec((home.folder / "identity.py").read_text(), names)
    assert (names["KEY"] == der) is not bool(secret)
    assert x509.load_der_x509_certificate(names["CERTIFICATE"]).public_key() == plain.public_key()
    server = start_server(programs, interpreter, "keys.embedded", port, home.folder, folder=str(home.folder),
                          secret=secret)
    assert fetch(home, port) == b"embedded"
    assert stop_server(server) == []


@pytest.mark.parametrize("kind", ["p256", "rsa-2048", "ed25519"])
def test_c_headers_are_compiled_and_what_a_program_has_of_them_is_used(home, compiled, kind):
    home.does("ca", "issue", "localhost", "--key", kind, "--label", "lamp")
    home.does("embed", "lamp", "--form", "c")
    certificate = compiled("cert.h", "default_certificate", "default_certificate_len")
    key = compiled("private_key.h", "default_private_key", "default_private_key_len")
    assert compiled("cert.h", "default_certificate", "sizeof default_certificate") == certificate
    issued = x509.load_pem_x509_certificate((home.state / "issued/lamp.crt").read_bytes())
    assert certificate == issued.public_bytes(Encoding.DER)
    assert load_der_private_key(key, None).public_key() == issued.public_key()
    assert shake(Identity(certificate, key), Trust.load(home.state / "ca.crt")) == b"hello"


def test_pem_as_a_c_string_is_the_pem_with_a_nul_behind_it(home, compiled):
    home.does("embed", "localhost", "--form", "pem-c")
    home.does("embed", "--authority", "--form", "pem-c")
    certificate = compiled("cert_pem.h", "certificate_pem", "sizeof certificate_pem")
    key = compiled("private_key_pem.h", "private_key_pem", "sizeof private_key_pem")
    authority = compiled("ca_cert_pem.h", "ca_cert", "sizeof ca_cert")
    assert certificate == (home.state / "issued/localhost.crt").read_bytes() + b"\0"
    assert key == (home.state / "issued/localhost.key").read_bytes() + b"\0"
    assert authority == (home.state / "ca.crt").read_bytes() + b"\0"
    assert shake(Identity(certificate[:-1], key[:-1]), Trust.load(authority[:-1])) == b"hello"


def test_der_files_are_used_as_they_are_and_sealed_ones_with_the_secret(home):
    (home.folder / "lamp.id").write_text("24:0A:C4:00:01:10")
    home.does("embed", "localhost", "--form", "der")
    told = home.does("embed", "localhost", "--form", "der", "--seal", "lamp.id")
    assert told["next"] == 'Identity("localhost.crt.der", "localhost.key.sealed", sealed=machine.unique_id)'
    trust = Trust.load(home.state / "ca.crt")
    assert shake(Identity("localhost.crt.der", "localhost.key.der"), trust) == b"hello"
    sealed = Identity("localhost.crt.der", "localhost.key.sealed", sealed=bytes.fromhex(SECRET))
    assert shake(sealed, trust) == b"hello"


@pytest.mark.parametrize("form", ["python", "c", "pem-c", "der"])
def test_what_holds_a_key_is_for_its_owner_alone_and_everything_ends_with_what_to_do(home, form):
    done = home.run("embed", "localhost", "--form", form)
    assert done.returncode == 0, done.stderr
    said = done.stdout.splitlines()
    assert said[-1].startswith("next:  in the program: ")
    wrote = [line.split("  (")[0].removeprefix("wrote  ") for line in said if line.startswith("wrote")]
    assert sorted(wrote) == sorted(path.name for path in home.folder.iterdir())
    for path in home.folder.iterdir():
        holds_key = "key" in path.name or path.suffix == ".py"
        assert stat.S_IMODE(path.stat().st_mode) == (0o600 if holds_key else 0o644), path.name
    assert ("a private key: for you alone" in done.stdout) and ("expires 20" in done.stdout)


def test_a_chain_is_embedded_whole_where_there_is_a_form_for_it(home, certificates):
    pair = ("--certificate", certificates / "chain.crt", "--key", certificates / "chain.key")
    assert home.does("embed", *pair)["warnings"] == []
    names = {}
    exec((home.folder / "identity.py").read_text(), names)
    assert names["CERTIFICATE"] == (certificates / "chain.crt").read_bytes()
    assert shake(Identity(names["CERTIFICATE"], names["KEY"]), Trust.load(certificates / "ca.crt")) == b"hello"
    assert "only the first certificate" in home.does("embed", *pair, "--form", "c")["warnings"][0]


def test_a_certificate_alone_is_embedded_to_be_trusted(home, certificates):
    told = home.does("embed", "--certificate", certificates / "ca.crt.der")
    assert told["next"] == "from ca import CERTIFICATE   and   Trust.load(CERTIFICATE)"
    names = {}
    exec((home.folder / "ca.py").read_text(), names)
    trust = Trust.load(names["CERTIFICATE"])
    assert shake(Identity(certificates / "good.crt", certificates / "good.key"), trust) == b"hello"


def test_an_encrypted_key_needs_its_passphrase(home, certificates):
    key = load_pem_private_key((certificates / "good.key").read_bytes(), None)
    locked = home.folder / "locked.key"
    locked.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"open sesame")))
    (home.folder / "right").write_text("open sesame\n")
    (home.folder / "wrong").write_text("open barley\n")
    pair = ("--certificate", certificates / "good.crt", "--key", locked)
    assert "[passphrase_needed]" in home.fails("embed", *pair)
    assert "[wrong_passphrase]" in home.fails("embed", *pair, "--passphrase-file", "wrong")
    assert not (home.folder / "identity.py").exists()
    home.does("embed", *pair, "--passphrase-file", "right")


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("--certificate", "mismatch.crt", "--key", "mismatch.key"), "key_does_not_match_certificate"),
        (("--certificate", "good.key", "--key", "good.key"), "bad_certificate_file"),
        (("--certificate", "garbage.crt", "--key", "good.key"), "bad_certificate_file"),
        (("--certificate", "absent.crt"), "bad_certificate_file"),
        (("--certificate", "good.crt", "--key", "good.crt"), "bad_key"),
        (("--certificate", "good.crt", "--key", "garbage.key"), "bad_key"),
        (("--key", "good.key"), "bad_option"),
        ((), "bad_option"),
        (("localhost", "--authority"), "bad_option"),
        (("localhost", "--form", "jpeg"), "bad_option"),
        (("localhost", "--form", "c", "--seal", "good.crt"), "bad_option"),
        (("localhost", "--seal", "absent"), "bad_option"),
        (("--authority", "--seal", "good.crt"), "bad_option"),
        (("nobody",), "no_such_identity"),
    ],
)
def test_what_cannot_be_embedded_is_said_and_nothing_is_written(home, certificates, arguments, code):
    whole = [certificates / each if "." in each else each for each in arguments]
    assert f"[{code}]" in home.fails("embed", *whole)
    assert list(home.folder.iterdir()) == []


def test_a_key_that_was_published_is_not_embedded_unless_it_is_wanted(home, certificates):
    pair = ("--certificate", write_demonstration(home.state), "--key", certificates / "good.key")
    assert "[demonstration_key]" in home.fails("embed", *pair)
    assert "[key_does_not_match_certificate]" in home.fails("embed", *pair, "--danger-demonstration-key")
    assert list(home.folder.iterdir()) == []


def test_a_key_that_was_published_is_embedded_where_it_is_wanted(home, monkeypatch):
    """Of the published ones no private key is here: this one is made now, and stands in the list as one of them."""
    demonstration = home.state / "issued" / "localhost"
    certificate, key = demonstration.with_suffix(".crt"), demonstration.with_suffix(".key")
    public = x509.load_pem_x509_certificate(certificate.read_bytes()).public_key()
    digest = hashlib.sha256(public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)).hexdigest()[:32]
    monkeypatch.setattr(published, "PUBLISHED", f"{published.PUBLISHED}A tutorial of today\n{digest}\n")
    pair = ("--certificate", certificate, "--key", key)
    said = home.fails("embed", *pair)
    assert "[demonstration_key]" in said and "A tutorial of today" in said
    assert list(home.folder.iterdir()) == []
    home.does("embed", *pair, "--danger-demonstration-key")
    module = runpy.run_path(str(home.folder / "identity.py"))
    assert load_der_private_key(module["KEY"], None).public_key() == public
    assert (home.folder / "identity.py").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("seed", range(3))
def test_of_a_damaged_certificate_nothing_comes_but_a_sentence(home, seed):
    """Whatever byte of it is another one: `cryptography` reads most of a certificate when it is asked for it."""
    chance = random.Random(seed)
    pair = [home.state / f"issued/localhost.{kind}" for kind in ("crt", "key")]
    whole = x509.load_pem_x509_certificate(pair[0].read_bytes()).public_bytes(Encoding.DER)
    for number in range(60):
        damaged = bytearray(whole)
        damaged[chance.randrange(len(whole))] ^= chance.randrange(1, 256)
        file = home.state / f"damaged-{number}.crt"
        file.write_bytes(damaged)
        for command in (("embed", "--certificate", file, "--force"),
                        ("embed", "--certificate", file, "--key", pair[1], "--force"),
                        ("roots", "build", "--to", "roots.bin", "--from", file)):
            done = home.run(*command)
            assert done.returncode == 0 or done.stderr.startswith("error: "), done.stderr


def test_a_key_that_is_away_and_a_file_that_is_there(home):
    home.does("embed", "localhost")
    (home.folder / "identity.py").write_text("mine")
    assert "[would_overwrite]" in home.fails("embed", "localhost")
    assert (home.folder / "identity.py").read_text() == "mine"
    home.does("embed", "localhost", "--force")
    (home.state / "issued/localhost.key").unlink()
    assert "[key_not_here]" in home.fails("embed", "localhost", "--force")


def test_a_short_secret_seals_nothing(home):
    (home.folder / "lamp.id").write_text("0102")
    assert "[weak_secret]" in home.fails("embed", "localhost", "--seal", "lamp.id")


def test_a_name_that_would_end_the_comment_or_the_text_does_neither(home, compiled):
    home.does("ca", "issue", "*/ \"\"\" \\ '", "--client", "--label", "odd")
    home.does("embed", "odd", "--form", "c")
    assert compiled("cert.h", "default_certificate", "default_certificate_len")
    home.does("embed", "odd")
    exec((home.folder / "identity.py").read_text(), {})


def test_an_expired_certificate_is_embedded_and_said_to_be_so(home, certificates):
    pair = ("--certificate", certificates / "expired.crt", "--key", certificates / "expired.key")
    assert "expired" in home.does("embed", *pair)["warnings"][0]


def test_help_begins_with_examples(home):
    done = home.run("embed", "--help")
    assert done.stdout.index("Examples") < done.stdout.index("Options")
