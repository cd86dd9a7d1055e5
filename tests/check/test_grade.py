"""Grades: servers of nginx, of Python and of ours, each with something that is wrong, and what is said to change."""

import json
import socket
import ssl
import subprocess
import threading

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from harness.certificates import Made, make, write
from harness.interpreters import find_or_fail
from harness.programs import free_port, is_listening, until
from microhttps_host.check import grading
from microhttps_host.check.course import Planned, check
from microhttps_host.check.grade_rules import GRADES, RULES
from microhttps_host.check.target import read_target
from microhttps_host.check.visit import Options

FURTHER = (Planned("grade", grading.examine, False, True),)
MODERN = "ssl_protocols TLSv1.2 TLSv1.3; ssl_ciphers ECDHE+AESGCM;"
# name: (nginx's TLS, what its certificate is (see `made`), the grade, the codes of its reasons)
SERVERS = {
    "modern": (MODERN, "good", "A", set()),
    "renewed in vain": (MODERN, "ending", "B", {"expires_soon"}),
    "by a weak list": ("ssl_protocols TLSv1.2 TLSv1.3; ssl_ciphers ALL:COMPLEMENTOFALL:@SECLEVEL=0;", "rsa", "F",
                       {"broken_suites", "some_without_forward_secrecy", "block_ciphers", "rsa_key"}),
    "old": ("ssl_protocols TLSv1 TLSv1.1 TLSv1.2 TLSv1.3; ssl_ciphers ECDHE+AES:@SECLEVEL=0;", "good", "C",
            {"old_versions", "block_ciphers"}),
    "recorded": ("ssl_protocols TLSv1.2; ssl_ciphers AES128-GCM-SHA256;", "rsa", "F",
                 {"no_connection", "no_forward_secrecy", "no_tls_1_3", "rsa_key"}),
    "slow": (MODERN, "rsa-4096", "B", {"slow_key"}),
    "in the wrong order": (MODERN, "wrong-order", "C", {"wrong_order"}),
    "with its root": (MODERN, "with-root", "A", {"not_needed"}),
    "for years": (MODERN, "for-years", "C", {"refused_by_some"}),
    "for another name": (MODERN, "wrong-name", "F", {"no_connection"}),
    "of a short prime": ("ssl_protocols TLSv1.2 TLSv1.3; ssl_ciphers ECDHE+AESGCM:DHE+AESGCM:@SECLEVEL=0; "
                         "ssl_dhparam {folder}/prime.pem;", "rsa", "C", {"short_prime", "rsa_key"}),
    "without sessions": (MODERN + "ssl_session_tickets off; ssl_session_cache off;", "good", "A", {"no_resumption"}),
}
SERVER = """server {{ listen 127.0.0.1:{port} ssl; {tls} ssl_certificate {folder}/{name}.crt;
  ssl_certificate_key {folder}/{name}.key; location / {{ return 200 "here"; }} }}
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """The folder of certificates by an authority of this test's own."""
    folder = tmp_path_factory.mktemp("graded")
    authority = make("the authority of the grades", is_authority=True)
    first = make("between, 1", issuer=authority, is_authority=True)
    second = make("between, 2", issuer=first, is_authority=True)
    leaf = make("localhost", ("localhost",), second)
    good = make("localhost", ("localhost",), authority)
    write(folder, "ca", authority)
    write(folder, "good", good)
    write(folder, "with-root", Made(good.certificate, good.key, [authority.certificate]))
    write(folder, "wrong-order", Made(leaf.certificate, leaf.key, [first.certificate, second.certificate]))
    write(folder, "ending", make("localhost", ("localhost",), authority, begins=-80, ends=3))
    write(folder, "for-years", make("localhost", ("localhost",), authority, ends=1000))
    write(folder, "wrong-name", make("elsewhere", ("elsewhere.test",), authority))
    for bits in (2048, 4096):
        key = rsa.generate_private_key(65537, bits)
        write(folder, "rsa" if bits == 2048 else "rsa-4096", make("localhost", ("localhost",), authority, key=key))
    return folder


@pytest.fixture
def grade(made):
    """Grades the server at a port; gives the grade and the reasons by their code."""

    def grade_of(port, authority=made / "ca.crt"):
        target = read_target(f"https://127.0.0.1:{port}/", "localhost")
        facts = check(target, Options(cacert=str(authority)), further=FURTHER).step("grade").facts
        return facts["grade"], {reason["code"]: reason for reason in facts["reasons"]}

    return grade_of


def test_each_server_has_its_grade_with_its_reasons(made, nginx, grade, tool):
    made.chmod(0o755)
    subprocess.run([tool("openssl"), "dhparam", "-dsaparam", "-out", made / "prime.pem", "1024"], check=True,
                   capture_output=True)
    ports = {name: free_port() for name in SERVERS}
    blocks = "".join(SERVER.format(port=ports[name], tls=tls.format(folder=made), folder=made, name=certificate)
                     for name, (tls, certificate, _, _) in SERVERS.items())
    nginx(blocks, ports["modern"])
    found = {name: grade(port) for name, port in ports.items()}
    assert {name: (letter, set(reasons)) for name, (letter, reasons) in found.items()} == {
        name: (letter, reasons) for name, (_, _, letter, reasons) in SERVERS.items()}
    assert "TLS_" in found["by a weak list"][1]["broken_suites"]["detail"]
    assert found["old"][1]["old_versions"]["detail"] == "TLS 1.1, TLS 1.0"
    assert "over_825_days" in found["for years"][1]["refused_by_some"]["detail"]


# (interpreter, settings of our server, its grade, what is always among the reasons)
OURS = [("cpython", "", "A", set()), ("micropython", "", "A", {"no_resumption"}),
        ("cpython", "max_open_sockets=2, lru_purge=False, grace_for_silence=60, ", "C", {"few_served"}),
        ("cpython", "session_tickets=False, ", "A", {"no_resumption"})]


@pytest.mark.parametrize(("name", "settings", "letter", "expected"), OURS)
def test_a_server_of_ours_has_an_a_and_serves_six_at_once_unless_it_is_told_otherwise(
    name, settings, letter, expected, programs, certificates, port, grade, tmp_path
):
    (tmp_path / "app.py").write_text(
        "from microhttps import Identity, Server\n"
        f"server = Server(identity=Identity({str(certificates / 'good.crt')!r}, {str(certificates / 'good.key')!r}),\n"
        f"                {settings}host='127.0.0.1', port={port})\n"
        "@server.get('/')\ndef page(request):\n    return 'here'\nserver.run()\n")
    programs.run(find_or_fail(name), tmp_path / "app.py")
    until(lambda: is_listening(port))
    found, reasons = grade(port, certificates / "ca.crt")
    assert (found, set(reasons) - {"block_ciphers"}) == (letter, expected)


def test_who_serves_one_after_the_other_fails_a_browser_and_is_told_which_setting(made, grade):
    """A server that waits for whoever came first: what a silent connection of a browser does to it."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(made / "good.crt", made / "good.key")
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=serve_one_by_one, args=(listener, context), daemon=True).start()
        letter, reasons = grade(listener.getsockname()[1])
    assert letter == "C"
    assert reasons["few_served"]["detail"].startswith("0 of 3")
    assert "max_open_sockets" in reasons["few_served"]["cure"]


def serve_one_by_one(listener, context):
    while True:
        try:
            raw, _ = listener.accept()
        except OSError:
            return
        raw.settimeout(6)
        try:
            with context.wrap_socket(raw, server_side=True) as tls:
                tls.recv(4096)
                tls.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\nConnection: close\r\n\r\nhere")
        except OSError:
            raw.close()


def test_a_public_name_should_tell_browsers_to_stay_with_https(made, nginx):
    made.chmod(0o755)
    write(made, "shop", make("shop.example.org", ("shop.example.org",), Made(*read_authority(made))))
    hsts = 'add_header Strict-Transport-Security "max-age={}" always; '
    servers = {"": "no_hsts", hsts.format(60): "short_hsts", hsts.format(31536000): None}
    ports = {line: free_port() for line in servers}
    blocks = (SERVER.format(port=port, tls=MODERN + line, folder=made, name="shop") for line, port in ports.items())
    nginx("".join(blocks), ports[""])
    for line, code in servers.items():
        target = read_target(f"https://127.0.0.1:{ports[line]}/", "shop.example.org")
        report = check(target, Options(cacert=str(made / "ca.crt")), further=FURTHER)
        assert [reason["code"] for reason in report.step("grade").facts["reasons"]] == ([code] if code else [])


def read_authority(folder):
    return (x509.load_pem_x509_certificate((folder / "ca.crt").read_bytes()),
            load_pem_private_key((folder / "ca.key").read_bytes(), None))


def test_every_suite_that_is_taken_is_told_by_its_version(made, nginx):
    made.chmod(0o755)
    port = free_port()
    nginx(SERVER.format(port=port, tls=MODERN, folder=made, name="good"), port)
    target = read_target(f"https://127.0.0.1:{port}/", "localhost")
    told = check(target, Options(cacert=str(made / "ca.crt")), further=FURTHER).step("grade").facts["suites"]
    assert {version: set(names) for version, names in told.items()} == {
        "TLS 1.3": {"TLS_AES_256_GCM_SHA384", "TLS_CHACHA20_POLY1305_SHA256", "TLS_AES_128_GCM_SHA256"},
        "TLS 1.2": {"TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384", "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256"}}


def test_the_command_ends_with_3_for_a_low_grade_when_it_is_asked_to(run, made, nginx):
    made.chmod(0o755)
    port = free_port()
    nginx(SERVER.format(port=port, tls=MODERN, folder=made, name="wrong-order"), port)
    arguments = (f"https://localhost:{port}/", "--cacert", made / "ca.crt", "--grade")
    status, said, _ = run(*arguments)
    assert status == 0 and "at most C: its certificates are in the wrong order" in said and "change: " in said
    status, said, _ = run(*arguments, "--strict", "--json")
    facts = json.loads(said)["steps"][-1]["facts"]
    assert (status, facts["grade"], facts["reasons"][0]["code"]) == (3, "C", "wrong_order")


def test_the_worst_rules_come_first_and_every_one_says_what_to_change():
    assert [rule.grade for rule in RULES] == sorted([rule.grade for rule in RULES], reverse=True)
    assert len({rule.code for rule in RULES}) == len(RULES)
    assert all(rule.cure and rule.grade in GRADES for rule in RULES)
