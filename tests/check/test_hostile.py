"""Servers that mean harm or have lost their mind: every check ends, in time and with a name for what it met."""

import contextlib
import os
import random
import socket
import ssl
import threading

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from harness.certificates import make, write
from harness.programs import open_files
from microhttps_host.check import grading
from microhttps_host.check.course import Planned, check
from microhttps_host.check.target import read_target
from microhttps_host.check.visit import Options

# what is said inside TLS: the codes that a check may end with, None for none
ANSWERS = {
    b"": {"reset"},
    b"\x00" * 200_000: {"bad_status_line"},
    b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 5000 + b"\r\n": {"too_many_headers", "header_too_long"},
    b"HTTP/1.1 200 OK\r\nX: " + b"y" * 300_000: {"header_too_long", "too_talkative"},
    b"HTTP/1.1 100 Continue\r\n\r\n" * 1000: {"too_many_interim"},
    b"HTTP/1.1 999 \xff\xfe\r\nContent-Length: 0\r\n\r\n": {"http_server_failed"},
    b"HTTP/1.1 301 \r\nLocation: \x1b[31mred\r\nContent-Length: 0\r\n\r\n": {"bad_header", "bad_redirect"},
    b"HTTP/1.1 302 \r\nLocation: javascript:alert(1)\r\nContent-Length: 0\r\n\r\n": {"bad_redirect"},
    b"HTTP/1.1 302 \r\nLocation: ://\r\nContent-Length: 0\r\n\r\n": {"too_many_redirects"},
    b"HTTP/1.1 200 OK\r\nDate: tomorrow\r\nContent-Length: 0\r\n\r\n": {None},
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n": {"bad_chunk", "body_too_large"},
    b"HTTP/1.1 200 OK\r\n\r\n" + b"z" * 500_000: {None},
    b"\x20\x02\x00\x00": {"bad_status_line"},
}  # fmt: skip
SPOKEN = ["mqtts", "smtps", "imaps", "wss"]


@contextlib.contextmanager
def saying(certificates, answer, goes_on=False, protocols=()):
    """A TLS server that says the same to everybody; gives its port."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_alpn_protocols(protocols)
    context.load_cert_chain(certificates / "good.crt", certificates / "good.key")

    def speak(raw):
        raw.settimeout(5)
        try:
            with context.wrap_socket(raw, server_side=True) as tls:
                tls.settimeout(5)
                tls.sendall(answer)
                while goes_on:
                    tls.sendall(answer)
                tls.unwrap()
        except (OSError, ValueError):
            raw.close()

    with serving(speak) as port:
        yield port


@contextlib.contextmanager
def serving(speak):
    listener = socket.create_server(("127.0.0.1", 0))

    def accept():
        while True:
            try:
                raw, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=speak, args=(raw,), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield listener.getsockname()[1]
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()


@pytest.mark.parametrize("answer", ANSWERS, ids=[repr(answer[:40]) for answer in ANSWERS])
def test_what_is_no_answer_has_its_name(answer, look, certificates):
    with saying(certificates, answer) as port:
        report = look(f"https://127.0.0.1:{port}/", is_brief=True)
    assert report.code in ANSWERS[answer]
    assert all(len(sentence) > 10 for finding in report.findings for sentence in finding.sentences)


def test_who_speaks_http_2_alone_is_told_from_who_is_no_web_server(look, certificates):
    """Its first words are a frame of settings (RFC 9113 section 3.4)."""
    settings = b"\x00\x00\x06\x04\x00\x00\x00\x00\x00\x00\x03\x00\x00\x00\x64"
    for protocol, told in (("h2", "speaks HTTP/2, and HTTP/1.1 not at all"), ("http/1.1", "HTTP version expected")):
        with saying(certificates, settings, protocols=[protocol]) as port:
            report = look(f"https://127.0.0.1:{port}/", is_brief=True)
        assert report.code == "bad_status_line" and told in report.findings[0].sentences[0]


@pytest.mark.parametrize("scheme", SPOKEN)
def test_nonsense_in_every_protocol_is_a_finding_and_never_a_crash(scheme, look, certificates):
    generator = random.Random(20261129)
    for size in (1, 5, 300, 20_000):
        with saying(certificates, generator.randbytes(size)) as port:
            report = look(f"{scheme}://127.0.0.1:{port}", is_brief=True)
        assert report.verdict == "failed" and report.step("chain").verdict == "ok", size


@pytest.mark.parametrize("scheme", [*SPOKEN, "https"])
def test_who_never_stops_talking_is_cut_off(scheme, look, certificates):
    with saying(certificates, b"* OK 220 and so on" * 100, goes_on=True) as port:
        report = look(f"{scheme}://127.0.0.1:{port}", is_brief=True, timeout=3)
    assert report.verdict == "failed"


def test_random_bytes_instead_of_tls_are_a_finding(look):
    generator = random.Random(7)

    def speak(raw):
        with contextlib.suppress(OSError), raw:
            raw.sendall(generator.randbytes(generator.randrange(2000)))

    with serving(speak) as port:
        for _ in range(20):
            assert look(f"https://127.0.0.1:{port}/", timeout=0.5).step("TLS").verdict == "failed"


def test_a_server_that_answers_no_odd_question_does_not_hold_us(look, certificates):
    """It shakes hands with whom it knows, and is silent to hellos of old versions: the questions end together."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificates / "good.crt", certificates / "good.key")

    def speak(raw):
        with contextlib.suppress(OSError), raw:
            raw.settimeout(5)
            if len(raw.recv(4096, socket.MSG_PEEK)) > 400 or b"\x00\x2b" not in raw.recv(4096, socket.MSG_PEEK):
                raw.recv(4096)
                raw.recv(4096)
                return
            with context.wrap_socket(raw, server_side=True) as tls:
                if tls.recv(4096):
                    tls.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\nConnection: close\r\n\r\nhere")
                    tls.unwrap()

    with serving(speak) as port:
        report = look(f"https://127.0.0.1:{port}/", timeout=2)
    assert report.step("TLS").is_reached


def test_a_certificate_that_only_openssl_can_read_is_told(certificates, tmp_path, look):
    made = make("localhost", ("localhost",))
    der = made.certificate.public_bytes(Encoding.DER).replace(b"\xa0\x03\x02\x01\x02", b"\xa0\x03\x02\x01\x05", 1)
    write(tmp_path, "odd", made)
    with pytest.raises(x509.InvalidVersion):
        _ = x509.load_der_x509_certificate(der).version
    (tmp_path / "odd.crt").write_text(ssl.DER_cert_to_PEM_cert(der))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "odd.crt", tmp_path / "odd.key")

    def speak(raw):
        with contextlib.suppress(OSError), raw:
            raw.settimeout(5)
            context.wrap_socket(raw, server_side=True).recv(1)

    with serving(speak) as port:
        report = check(read_target(f"tls://127.0.0.1:{port}", "localhost"), Options(pins=("00" * 32,)),
                       further=[Planned("grade", grading.examine, False, True)])
    assert {"wrong_pin", "unreadable_certificate"} <= {finding.code for finding in report.findings}
    assert report.step("grade").facts["grade"] == "F"


def test_nothing_is_left_open(look, certificates, pages):
    for url in (f"https://127.0.0.1:{pages[0]}/first", f"https://127.0.0.1:{pages[1]}/", f"http://127.0.0.1:{pages[1]}/"):
        look(url)
    before = open_files(os.getpid())
    for _ in range(3):
        for url in (f"https://127.0.0.1:{pages[0]}/first", f"https://127.0.0.1:{pages[0]}/forbidden",
                    f"https://127.0.0.1:{pages[1]}/", f"http://127.0.0.1:{pages[1]}/"):
            look(url)
            look(url, trust="stranger-ca")
    assert open_files(os.getpid()) <= before
