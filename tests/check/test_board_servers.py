"""Servers that take one thing only, by every profile; and the real MicroPython connects where its profile says so."""

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from check.boards import BY_NAME, really, verdicts
from check.test_board_range import AXTLS, RSA_ALONE
from harness.certificates import key_usage, make, write
from harness.programs import free_port
from harness.s_server import start_s_server

HERE, DEBIAN, MONGOOSE = "here", "micropython-debian", "mongoose-builtin"
SMALL = ("pico-w", "stm32")
ESP = ("esp32", "esp32-c3")
IDF = ("esp-idf", "arduino-esp32")


def for_boards(usual, mongoose=HERE, rsa="key_kind", **others):
    """{board: code}: what is usual, and what is said of others; `_` stands for `-` in their names."""
    found = dict.fromkeys(BY_NAME, usual) | dict.fromkeys(RSA_ALONE, rsa) | {MONGOOSE: mongoose}
    if rsa == HERE:
        # The tests' RSA certificate is signed with P-256, which axTLS cannot read.
        found |= dict.fromkeys(AXTLS, "certificate_refused")
    return found | {name.replace("_", "-"): code for name, code in others.items()}


def of(boards, code):
    return dict.fromkeys((name.replace("-", "_") for name in boards), code)


# name: (options of `openssl s_server`, certificate, codes by board, whether the suites of a Pico or an ESP32 alone make
# Debian's MicroPython one: it has more groups, and signatures with RSA-PSS)
SERVERS = {
    "usual": ((), "good", for_boards(HERE), False),
    "usual-1.2": (("-no_tls1_3",), "good", for_boards(HERE, "version"), True),
    "rsa": ((), "rsa", for_boards(HERE, rsa=HERE), False),
    "rsa-1.2": (("-no_tls1_3",), "rsa",
                for_boards(HERE, "version", HERE, micropython_debian="rsa_pss_refused"), False),
    "1.3-only": (("-tls1_3",), "good", for_boards("version", rsa="version", micropython_debian=HERE), False),
    "1.1-only": (("-tls1_1", "-cipher", "ALL:@SECLEVEL=0"), "rsa", for_boards("version", "version", HERE), True),
    "x25519-only": (("-groups", "X25519", "-no_tls1_3", "-cipher", "ECDHE-RSA-AES128-GCM-SHA256", "-sigalgs",
                     "RSA+SHA256"), "rsa",
                    for_boards(HERE, "version", "suite", **of((*SMALL, *ESP), "group")), False),
    "x25519-and-1.3-only": (("-groups", "X25519", "-tls1_3"), "rsa",
                            for_boards("version", rsa="version", micropython_debian=HERE), False),
    "p384-only": (("-groups", "P-384", "-no_tls1_3", "-cipher", "ECDHE-RSA-AES128-GCM-SHA256", "-sigalgs",
                   "RSA+SHA256"), "rsa", for_boards(HERE, "version", "suite"), True),
    "p384-and-1.3-only": (("-groups", "P-384", "-tls1_3"), "good",
                          for_boards("version", "group", "version", micropython_debian=HERE), False),
    "pss-only": (("-sigalgs", "RSA-PSS+SHA256", "-no_tls1_3", "-cipher", "ECDHE-RSA-AES128-GCM-SHA256"), "rsa",
                 for_boards(HERE, "version", "suite", micropython_debian="rsa_pss_refused",
                            **of((*SMALL, *ESP, *IDF), "signature")), False),
    "cbc-only": (("-no_tls1_3", "-cipher", "ECDHE-ECDSA-AES128-SHA256"), "good", for_boards(HERE, "version"), True),
    "chacha-only": (("-no_tls1_3", "-cipher", "ECDHE-ECDSA-CHACHA20-POLY1305"), "good",
                    for_boards("suite", "version", micropython_debian=HERE), True),
    "chacha-and-1.3-only": (("-tls1_3", "-ciphersuites", "TLS_CHACHA20_POLY1305_SHA256"), "good",
                            for_boards("version", HERE, "version", micropython_debian=HERE), False),
    "aes-and-1.3-only": (("-tls1_3", "-ciphersuites", "TLS_AES_128_GCM_SHA256"), "good",
                         for_boards("version", "suite", "version", micropython_debian=HERE), False),
    "static-rsa-only": (("-no_tls1_3", "-cipher", "AES128-SHA"), "rsa", for_boards(HERE, "version", HERE), True),
    "dhe-only": (("-no_tls1_3", "-cipher", "DHE-RSA-AES128-GCM-SHA256", "-sigalgs", "RSA+SHA256"), "rsa",
                 for_boards("suite", "version", "suite", micropython_debian=HERE), True),
}  # fmt: skip


@pytest.fixture
def served(programs, certificates):
    """Starts one of the servers above; gives its port."""

    def start(name):
        options, certificate, _, _ = SERVERS[name]
        pair = certificates / f"{certificate}.crt", certificates / f"{certificate}.key"
        return start_s_server(programs, *pair, "-quiet", *options)

    return start


@pytest.mark.parametrize("name", SERVERS)
def test_every_profile_has_its_verdict(name, served, certificates):
    found = verdicts(served(name), certificates / "ca.crt")
    assert {board: verdict.code or HERE for board, verdict in found.items()} == SERVERS[name][2]


@pytest.mark.micropython
@pytest.mark.parametrize("name", SERVERS)
def test_the_real_micropython_connects_where_its_profile_says(name, served, certificates, tmp_path):
    _, _, expected, is_like_a_pico = SERVERS[name]
    site = {"name": name, "host": "localhost", "port": served(name), "trust": certificates / "ca.crt"}
    assert really(tmp_path, [site])[name].startswith(HERE) == (expected[DEBIAN] == HERE)
    for board in ("pico-w", "esp32") if is_like_a_pico else ():
        said = really(tmp_path, [site], BY_NAME[board])[name]
        assert said.startswith(HERE) == (expected[board] == HERE), board


@pytest.mark.parametrize("name", SERVERS)
def test_a_micropython_built_as_for_a_pico_connects_where_its_profile_says(name, served, certificates, tmp_path, pico):
    site = {"name": name, "host": "localhost", "port": served(name), "trust": certificates / "ca.crt"}
    said = really(tmp_path, [site], interpreter=pico.name)[name]
    assert said.startswith(HERE) == (SERVERS[name][2]["pico-w"] == HERE)


def test_what_is_wrong_is_said_with_what_the_server_takes(served, certificates):
    found = verdicts(served("x25519-only"), certificates / "ca.crt")
    [reason] = found["pico-w"].reasons
    assert reason.why == "It exchanges keys in secp256r1, secp384r1, secp521r1; the server in x25519."
    assert "secp256r1" in reason.server
    [reason] = found["esp8266"].reasons
    assert reason.why.endswith("the server takes TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256.")
    found = verdicts(served("1.3-only"), certificates / "ca.crt")
    assert found["esp32"].reasons[0].why == "It speaks TLS 1.2; the server takes TLS 1.3."


def test_a_second_cause_behind_the_version_is_found(served, certificates):
    found = verdicts(served("x25519-and-1.3-only"), certificates / "ca.crt")
    assert [reason.code for reason in found["pico-w"].reasons] == ["version", "group"]


def test_records_that_may_be_too_long_are_told_of(served, certificates):
    known = verdicts(served("usual"), certificates / "ca.crt")
    assert not any(warning.code == "records_may_be_long" for one in known.values() for warning in one.warnings)
    known = verdicts(served("static-rsa-only"), certificates / "ca.crt")
    warned = {board for board, verdict in known.items() if "records_may_be_long" in
              [warning.code for warning in verdict.warnings]}
    assert warned == {"esp8266"}  # Sming with BearSSL has agreed with the server to 4096 bytes
    assert known["sming-bearssl"].flight.extensions[1] == b"\x04"


@pytest.mark.micropython
def test_a_chain_of_rsa_keys_alone_is_for_all(programs, tmp_path):
    keys = [rsa.generate_private_key(65537, 2048) for _ in range(2)]
    root = make("a root with RSA", is_authority=True, key=keys[0])
    usage = [(key_usage(False, may_encipher=True), True)]
    write(tmp_path, "root", root)
    write(tmp_path, "leaf", make("localhost", ("localhost",), root, key=keys[1], instead=usage))
    port = start_s_server(programs, tmp_path / "leaf.crt", tmp_path / "leaf.key", "-quiet")
    found = verdicts(port, tmp_path / "root.crt")
    assert {board for board, verdict in found.items() if verdict.connects} == set(BY_NAME)
    site = {"name": "rsa", "host": "localhost", "port": port, "trust": tmp_path / "root.crt"}
    assert really(tmp_path, [site])["rsa"].startswith(HERE)
    long = verdicts(port, tmp_path / "root.crt", longest_record=2**14 + 48)
    assert {board for board, verdict in long.items() if verdict.code == "record_too_long"} == {"esp8266"}


def test_memory_is_counted_with_the_chain(served, certificates):
    found = verdicts(served("usual"), certificates / "ca.crt")["pico-w"]
    memory = BY_NAME["pico-w"].memory
    assert found.memory == memory.handshake + memory.certificate + len((certificates / "good.crt.der").read_bytes())


def test_a_server_that_wants_a_certificate_of_its_clients_is_told_of(programs, certificates):
    port = start_s_server(programs, certificates / "good.crt", certificates / "good.key", "-quiet", "-Verify", "1")
    found = verdicts(port, certificates / "ca.crt")
    assert [warning.code for warning in found["pico-w"].warnings] == ["client_certificate"]


NGINX = """server {{
  listen 127.0.0.1:{port} ssl; ssl_protocols {protocols}; ssl_certificate {folder}/{certificate}.crt;
  ssl_certificate_key {folder}/{certificate}.key; {more} location / {{ return 200 "here"; }} }}"""
# name: (protocols, certificate, more, codes)
BY_NGINX = {
    "usual": ("TLSv1.2 TLSv1.3", "good", "", for_boards(HERE)),
    "two-keys": ("TLSv1.2 TLSv1.3", "good", "ssl_certificate {folder}/rsa.crt; ssl_certificate_key {folder}/rsa.key;",
                 for_boards(HERE, rsa=HERE)),
    "x25519-only": ("TLSv1.2", "rsa", "ssl_ecdh_curve X25519; ssl_ciphers ECDHE+AESGCM;",
                    for_boards(HERE, "version", "suite", micropython_debian="rsa_pss_refused",
                               **of((*SMALL, *ESP), "group"))),
    "1.3-only": ("TLSv1.3", "good", "", for_boards("version", rsa="version", micropython_debian=HERE)),
}  # fmt: skip


@pytest.mark.micropython
@pytest.mark.parametrize("name", BY_NGINX)
def test_nginx_by_every_profile_and_by_the_real_micropython(name, nginx, certificates, tmp_path):
    protocols, certificate, more, expected = BY_NGINX[name]
    port = free_port()
    nginx(NGINX.format(port=port, protocols=protocols, folder=certificates, certificate=certificate,
                       more=more.format(folder=certificates)), port)
    found = verdicts(port, certificates / "ca.crt")
    assert {board: verdict.code or HERE for board, verdict in found.items()} == expected
    site = {"name": name, "host": "localhost", "port": port, "trust": certificates / "ca.crt"}
    assert really(tmp_path, [site])[name].startswith(HERE) == (expected[DEBIAN] == HERE)


@pytest.mark.micropython
def test_mosquitto_by_every_profile_and_by_the_real_micropython(broker, certificates, tmp_path):
    port = broker["password"]
    found = verdicts(port, certificates / "ca.crt")
    assert {board: verdict.code or HERE for board, verdict in found.items()} == for_boards(HERE)
    site = {"name": "broker", "host": "localhost", "port": port, "trust": certificates / "ca.crt"}
    assert really(tmp_path, [site])["broker"].startswith(HERE)
