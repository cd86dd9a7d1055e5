"""A client of ours on BearSSL, with nginx, `openssl s_server` and servers that end badly."""

import asyncio
import socket
import ssl
import threading

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import ExtendedKeyUsageOID

from harness.certificates import fingerprint, make, write
from harness.nginx import start_nginx
from harness.programs import until
from harness.s_server import start_s_server
from harness.wire import Proxy
from microhttps import Client, Identity, MicrohttpsError, Trust, connect

BIG = 300_000


@pytest.fixture
def nginx(programs, certificates, tmp_path, port):
    """Starts an nginx with a large page."""

    def start(protocols="TLSv1.2", certificate="good", more=""):
        (tmp_path / "pages").mkdir()
        (tmp_path / "pages" / "large").write_bytes(b"x" * BIG)
        pair = certificates / f"{certificate}.crt", certificates / f"{certificate}.key"
        return start_nginx(programs, tmp_path, port, pair, protocols, more)

    return start


@pytest.fixture
def s_server(programs, certificates, port):
    """Starts `openssl s_server`, which answers every request with a page about the connection."""

    def start(*options, certificate="good"):
        pair = certificates / f"{certificate}.crt", certificates / f"{certificate}.key"
        start_s_server(programs, *pair, "-www", "-quiet", *options, port=port)

    return start


@pytest.fixture
def ask(certificates, port):
    """(the answer or the code of the error, what its connection was) of each path in turn."""

    def ask(*paths, trust=None, identity=None, host="localhost", **settings):
        async def play():
            believed = trust or Trust.load(str(certificates / "ca.crt"))
            said = []
            async with Client(trust=believed, identity=identity, engine="bearssl", max_redirects=0, **settings) as ours:
                for path in paths:
                    try:
                        answer = await ours.get(f"https://{host}:{port}{path}")
                        said.append((answer.text(), answer.session.tls))
                    except MicrohttpsError as error:
                        said.append((error.code, error.facts))
            return said

        return asyncio.run(play())

    return ask


def identity(certificates, name):
    return Identity(str(certificates / f"{name}.crt"), str(certificates / f"{name}.key"))


@pytest.mark.parametrize("certificate", ["good", "rsa", "chain"])
def test_a_page_is_read_from_nginx_whole(certificate, nginx, ask):
    nginx(certificate=certificate)
    [(page, tls)] = ask("/large")
    assert (len(page), tls.version, tls.peer_names[0]) == (BIG, "TLSv1.2", "localhost")


CIPHERS = ["ECDHE-ECDSA-AES128-GCM-SHA256", "ECDHE-ECDSA-AES256-GCM-SHA384", "ECDHE-ECDSA-CHACHA20-POLY1305"]


@pytest.mark.parametrize("cipher", CIPHERS)
def test_each_cipher_is_spoken_with_nginx(cipher, nginx, ask):
    nginx(more=f"ssl_ciphers {cipher};")
    [(page, tls)] = ask("/large")
    assert (len(page), tls.cipher) == (BIG, cipher)


@pytest.mark.parametrize("curve", ["X25519", "P-256", "P-384", "P-521"])
def test_each_curve_is_spoken_with_openssl(curve, s_server, ask):
    s_server("-tls1_2", "-named_curve", curve, certificate="rsa")
    [(page, tls)] = ask("/")
    assert "TLSv1.2" in page and tls.cipher.startswith("ECDHE-RSA-")


# What a server may insist on that BearSSL does not speak, and what it says then.
FOREIGN = {
    "TLS 1.3": (("-tls1_3",), "protocol_version"),
    "RSA-PSS": (("-tls1_2", "-sigalgs", "rsa_pss_rsae_sha256"), "handshake_failure"),
    "SHA-1": (("-tls1_2", "-sigalgs", "RSA+SHA1", "-cipher", "DEFAULT:@SECLEVEL=0"), "handshake_failure"),
    "no forward secrecy": (("-tls1_2", "-cipher", "AES128-GCM-SHA256"), "handshake_failure"),
    "no authenticated encryption": (("-tls1_2", "-cipher", "ECDHE-RSA-AES128-SHA256"), "handshake_failure"),
}


@pytest.mark.parametrize("demand", FOREIGN)
def test_what_is_not_spoken_is_refused_by_the_server(demand, s_server, ask):
    options, alert = FOREIGN[demand]
    s_server(*options, certificate="rsa")
    [(code, facts)] = ask("/")
    assert (code, facts["alert"]) == ("handshake_refused", alert)


@pytest.mark.parametrize("kind", ["client", "client-chain", "RSA"])
def test_nginx_knows_us_by_our_certificate(kind, nginx, ask, certificates, tmp_path):
    name, authority = kind, certificates / "ca.crt"
    if kind == "RSA":
        issuer = make("an authority", is_authority=True)
        key = rsa.generate_private_key(65537, 2048)
        write(tmp_path, "issuer", issuer)
        write(tmp_path, kind, make("alice", (), issuer, key=key, usage=ExtendedKeyUsageOID.CLIENT_AUTH))
        authority = tmp_path / "issuer.crt"
    nginx(more=f"""ssl_client_certificate {authority}; ssl_verify_client on; ssl_verify_depth 3;
                   location /me {{ return 200 "$ssl_client_s_dn"; }}""")
    folder = tmp_path if kind == "RSA" else certificates
    assert ask("/me", identity=identity(folder, name))[0][0] == "CN=alice"


def test_nginx_refuses_who_shows_none_that_it_believes(nginx, ask, certificates):
    nginx(more=f"ssl_client_certificate {certificates}/ca.crt; ssl_verify_client on;")
    assert ask("/large", identity=identity(certificates, "client"))[0][0] == "x" * BIG
    assert "400 No required SSL certificate" in ask("/large")[0][0]


@pytest.mark.parametrize("server", ["nginx", "openssl"])
def test_the_next_connection_resumes_the_session(server, nginx, s_server, ask):
    if server == "nginx":
        nginx(more="ssl_session_cache shared:s:1m; keepalive_timeout 0;")
    else:
        s_server("-tls1_2")
    said = ask("/large", "/large", "/large", max_idle_connections=0)
    assert [tls.resumed for _, tls in said] == [False, True, True]
    assert len({tls.fingerprint for _, tls in said}) == 1, "whom it was resumed with is still known"


def test_sessions_can_be_declined(nginx, ask):
    nginx(more="ssl_session_cache shared:s:1m; keepalive_timeout 0;")
    said = ask("/large", "/large", session_tickets=False, max_idle_connections=0)
    assert [tls.resumed for _, tls in said] == [False, False]


PINS = {"the certificate's": lambda certificates: Trust.pinned(fingerprint(certificates, "good")),
        "another's": lambda certificates: Trust.pinned("00" * 32)}  # fmt: skip


@pytest.mark.parametrize(("pin", "said"), [("the certificate's", "x" * BIG), ("another's", "wrong_pin")])
def test_pins_are_kept_and_in_resumed_sessions_too(pin, said, nginx, ask, certificates):
    nginx(more="ssl_session_cache shared:s:1m; keepalive_timeout 0;")
    both = ask("/large", "/large", trust=PINS[pin](certificates), max_idle_connections=0)
    assert [answer for answer, _ in both] == [said, said]


def test_who_answers_first_is_remembered_and_another_refused(nginx, ask, tmp_path):
    first = nginx()
    trust = Trust.danger_first_use(str(tmp_path / "known"))
    assert ask("/large", trust=trust)[0][0] == "x" * BIG
    first.process.terminate()
    first.wait()
    (tmp_path / "pages" / "large").unlink()
    (tmp_path / "pages").rmdir()
    nginx(certificate="rsa")
    assert ask("/large", trust=trust)[0][0] == "other_key"


def test_names_and_addresses_are_told_apart(nginx, ask):
    nginx(certificate="name-only")
    assert [ask("/large", host=host)[0][0] for host in ("127.0.0.1", "localhost")] == ["wrong_name", "x" * BIG]


@pytest.fixture
def last_words(certificates, port):
    """A server that shakes hands, reads a request, and ends as it is told."""
    listener = socket.create_server(("127.0.0.1", port))

    def start(end):
        def run():
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(certificates / "good.crt", certificates / "good.key")
            raw, _ = listener.accept()
            tls = context.wrap_socket(raw, server_side=True)
            tls.recv(4096)
            end(tls)

        threading.Thread(target=run, daemon=True).start()

    yield start
    listener.close()


def say_good_bye(tls):
    tls.sendall(b"words")
    tls.unwrap()


def leave(tls):
    tls.sendall(b"words")
    socket.socket(fileno=tls.detach()).close()


def read_all(certificates, port):
    async def play():
        stream = await connect("localhost", port, trust=Trust.load(str(certificates / "ca.crt")), engine="bearssl")
        await stream.write(b"?")
        data = await stream.readexactly(5) + await stream.read()
        was_cut = stream.was_cut
        await stream.close()
        return data, was_cut

    return asyncio.run(play())


@pytest.mark.parametrize(("end", "was_cut"), [(say_good_bye, False), (leave, True)])
def test_an_end_without_notice_is_told_from_one_with_it(end, was_cut, last_words, certificates, port):
    last_words(end)
    assert read_all(certificates, port) == (b"words", was_cut)


def test_our_good_bye_is_heard(certificates, port, last_words):
    heard = []

    def listen(tls):
        tls.sendall(b"!")
        heard.append(tls.recv(10))  # raises for an end without notice

    async def play():
        stream = await connect("localhost", port, trust=Trust.load(str(certificates / "ca.crt")), engine="bearssl")
        await stream.write(b"?")
        await stream.readexactly(1)
        await stream.close()

    last_words(listen)
    asyncio.run(play())
    until(lambda: heard == [b""])


def test_a_byte_that_was_changed_on_the_way_is_not_read(nginx, ask, certificates, port):
    nginx()
    between = {"up": 0}

    def tamper(direction, number, data):
        between[direction] = number
        return data[:-3] + bytes((data[-3] ^ 1,)) + data[-2:] if direction == "down" and between["up"] > 1 else data

    with Proxy(port, tamper) as proxy:
        async def play():
            async with Client(trust=Trust.load(str(certificates / "ca.crt")), engine="bearssl") as ours:
                await ours.get(f"https://localhost:{proxy.port}/large")

        with pytest.raises(MicrohttpsError) as caught:
            asyncio.run(play())
    assert caught.value.code in ("bad_record", "handshake_failed")
