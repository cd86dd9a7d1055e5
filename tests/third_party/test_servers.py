"""nginx and openssl s_server against a client of ours, on both interpreters."""

import pytest
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa

from harness.certificates import HERE, make, write
from harness.nginx import start_nginx
from harness.playing import start_client
from harness.s_server import start_s_server

# name of the certificate in the range
CERTIFICATES = ("good", "rsa")


@pytest.fixture
def nginx(programs, certificates, tmp_path):
    """Starts an nginx with its files in a folder of the test's."""

    def start(protocol, certificate, port):
        pages = tmp_path / "pages"
        pages.mkdir()
        (pages / "small").write_bytes(b"x" * 13)
        (pages / "large").write_bytes(b"x" * 300_000)
        (pages / "chunked").write_bytes(b"<!--# echo var='server_name' -->" + b"y" * 20_000)
        pair = certificates / f"{certificate}.crt", certificates / f"{certificate}.key"
        start_nginx(programs, tmp_path, port, pair, protocol, f"""gzip on;
    location = /upload {{ client_max_body_size 1k; return 200 "taken"; }}
    location = /chunked {{ ssi on; ssi_types *; default_type text/html; alias {pages}/chunked; }}""")

    return start


@pytest.fixture
def s_server(programs, tmp_path):
    """Starts `openssl s_server` with a file small.txt; gives its port."""

    def start(folder, name, *options):
        (tmp_path / "small.txt").write_bytes(b"x" * 13)
        return start_s_server(programs, folder / f"{name}.crt", folder / f"{name}.key", "-WWW", "-quiet", *options,
                              cwd=tmp_path)

    return start


def is_stuck(interpreter, certificate, version):
    """Mbed TLS 3.6 as a client refuses RSA-PSS in a key exchange of TLS 1.2 (Mbed-TLS issue 10668, mended in 2026).

    Delete this when the oldest MicroPython we support has the mended one.
    """
    return interpreter.is_micropython and certificate == "rsa" and version.endswith("1.2")


@pytest.mark.parametrize("protocol", ["TLSv1.2", "TLSv1.3"])
@pytest.mark.parametrize("certificate", CERTIFICATES)
def test_our_client_reads_from_nginx(certificate, protocol, interpreter, nginx, programs, certificates, port):
    """Announced and chunked, small and larger than any buffer, and over one connection."""
    nginx(protocol, certificate, port)
    client = start_client(programs, interpreter, "third_party.asking", port, certificates, heap="4m",
                          paths=["/small", "/large", "/chunked", "/missing"], expects_error=True)
    said = client.lines_until_end()
    if is_stuck(interpreter, certificate, protocol):
        assert said == ["error rsa_signature_refused"]
        return
    assert client.wait() == 0, client.complaints
    assert said[0] == f"/small 200 13 {protocol}"
    assert said[1] == f"/large 200 300000 {protocol}"
    assert said[2] == f"/chunked 200 20009 {protocol}"
    assert said[3].startswith("/missing 404 ")
    assert said[4] == "sessions 1"


@pytest.mark.parametrize("version", ["1.2", "1.3"])
@pytest.mark.parametrize("certificate", CERTIFICATES)
def test_our_client_reads_from_openssl(certificate, version, interpreter, s_server, programs, certificates):
    """`s_server -WWW` serves files with no length: the end of the stream ends the body, and must be a true end."""
    port = s_server(certificates, certificate, "-tls" + version.replace(".", "_"))
    client = start_client(programs, interpreter, "third_party.asking", port, certificates, paths=["/small.txt"],
                          expects_error=True)
    said = client.lines_until_end()
    if is_stuck(interpreter, certificate, version):
        assert said == ["error rsa_signature_refused"]
        return
    assert client.wait() == 0, client.complaints
    assert said == [f"/small.txt 200 13 TLSv{version}", "sessions 3"]


@pytest.fixture
def ask(programs, certificates):
    """The first line that a client says."""

    def run(interpreter, port, folder=certificates, **options):
        client = start_client(programs, interpreter, "third_party.asking", port, folder, paths=["/small.txt"],
                              expects_error=True, **options)
        return client.lines_until_end()[0]

    return run


# What a server with an RSA key can do so that Mbed TLS does not meet its issue 10668, and what a client can.
AROUND = {
    "PKCS#1 v1.5 signatures, as the server likes": (["-tls1_2", "-sigalgs", "RSA+SHA256"], {}, "TLSv1.2"),
    "no signature, as the client likes": (["-tls1_2"], {"danger_rsa_key_exchange": True}, "TLSv1.2"),
    "… and neither where there is TLS 1.3": ([], {"danger_rsa_key_exchange": True}, "TLSv1.3"),
}


@pytest.mark.parametrize("way", AROUND)
def test_there_are_ways_around_what_mbedtls_does_not_take_of_rsa(way, interpreter, s_server, ask, certificates):
    options, settings, version = AROUND[way]
    port = s_server(certificates, "rsa", *options)
    assert ask(interpreter, port, client_settings=settings) == f"/small.txt 200 13 {version}"


def test_a_key_exchange_by_rsa_changes_nothing_for_other_keys(interpreter, s_server, ask, certificates):
    """Nor does it bring back a server that knows no forward secrecy, and no cipher of today."""
    danger = {"danger_rsa_key_exchange": True}
    port = s_server(certificates, "good", "-tls1_2")
    assert ask(interpreter, port, client_settings=danger) == "/small.txt 200 13 TLSv1.2"
    port = s_server(certificates, "rsa", "-tls1_2", "-cipher", "AES128-SHA:@SECLEVEL=0")
    assert ask(interpreter, port, client_settings=danger) == "error handshake_refused"


# (signature of the certificate, TLS, what s_server signs with): RSA-PSS in certificates and in TLS 1.3 is well known.
PSS = [("pss", "-tls1_3", "RSA-PSS+SHA256"), ("pss", "-tls1_2", "RSA+SHA256"), ("pkcs1", "-tls1_3", "RSA-PSS+SHA384")]


@pytest.mark.parametrize(("signature", "version", "algorithm"), PSS)
def test_rsa_pss_is_known_where_it_is_not_in_tls_1_2(signature, version, algorithm, interpreter, s_server, ask,
                                                     certificates, tmp_path):
    more = {"rsa_padding": padding.PSS(padding.MGF1(hashes.SHA256()), 32)} if signature == "pss" else {}
    authority = make("an RSA authority", is_authority=True, key=rsa.generate_private_key(65537, 2048))
    site = make("localhost", HERE, authority, key=rsa.generate_private_key(65537, 2048), **more)
    write(tmp_path, "authority", authority)
    write(tmp_path, "site", site)
    port = s_server(tmp_path, "site", version, "-sigalgs", algorithm)
    said = ask(interpreter, port, tmp_path, trust="authority")
    assert said == f"/small.txt 200 13 {'TLSv1.3' if version == '-tls1_3' else 'TLSv1.2'}"


def test_nginx_refuses_a_body_half_way_and_its_answer_is_read(interpreter, nginx, programs, certificates, port):
    """One whose length is announced; the other is taken, and the answer comes before its end."""
    nginx("TLSv1.3", "good", port)
    client = start_client(programs, interpreter, "hostile.sending_in_vain", port, certificates, heap="64M")
    assert client.lines_until_end() == ["413 <html>", "no error", "200 taken", "no error"]
