"""What only a check sees: whose clock is wrong, who sits in between, which root is missing, what a client must show."""

import datetime
import os
import pty
import socket
import ssl
import subprocess
import sys
import threading

import pytest
from cryptography import x509
from cryptography.x509.oid import NameOID

from harness.certificates import Made, make, write
from harness.s_server import start_s_server
from microhttps import Identity, UsageError
from microhttps_host.check.chains import is_ending
from microhttps_host.check.course import check
from microhttps_host.check.interceptors import find_interceptor
from microhttps_host.check.target import read_target, without_password
from microhttps_host.check.visit import Options
from microhttps_host.root_store import public_certificates

DAY = datetime.timedelta(days=1)


class Site:
    """A server of Python's `ssl` with one page, that says of its clock what it is told to."""

    def __init__(self, certificate, key, date=None):
        self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self._context.load_cert_chain(certificate, key)
        self._date = date
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self):
        while True:
            try:
                raw, _ = self._listener.accept()
            except OSError:
                return
            threading.Thread(target=self._answer, args=(raw,), daemon=True).start()

    def _answer(self, raw):
        raw.settimeout(10)
        try:
            with self._context.wrap_socket(raw, server_side=True) as tls:
                if tls.recv(4096):
                    tls.sendall(b"HTTP/1.1 200 OK\r\n%sContent-Length: 0\r\nConnection: close\r\n\r\n" % self._dated())
        except OSError:
            raw.close()

    def _dated(self):
        if self._date is None:
            return b""
        moment = datetime.datetime.now(datetime.timezone.utc) + self._date
        return b"Date: " + moment.strftime("%a, %d %b %Y %H:%M:%S GMT").encode() + b"\r\n"

    def close(self):
        self._listener.close()


@pytest.fixture
def site():
    """Starts a Site."""
    started = []

    def start(certificate, key, date=None):
        started.append(Site(certificate, key, date))
        return started[-1].port

    yield start
    for each in started:
        each.close()


def named(common_name, organisation, names=(), issuer=None, **changes):
    """A certificate like `make`'s whose subject has an organisation, too."""
    made = make(common_name, names, issuer, **changes)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, common_name),
                         x509.NameAttribute(NameOID.ORGANIZATION_NAME, organisation)])  # fmt: skip
    return with_subject(made, subject, issuer)


def with_subject(made, subject, issuer=None):
    old = made.certificate
    builder = x509.CertificateBuilder(issuer.certificate.subject if issuer else subject, subject, old.public_key(),
                                      old.serial_number, old.not_valid_before_utc, old.not_valid_after_utc)
    for extension in old.extensions:
        builder = builder.add_extension(extension.value, extension.critical)
    key = issuer.key if issuer else made.key
    return Made(builder.sign(key, old.signature_hash_algorithm), made.key)


def failed(report):
    return [(step.name, finding.code) for step in report.steps for finding in step.findings
            if finding.verdict == "failed"]


@pytest.mark.parametrize(("name", "off", "codes"), [
    ("not-yet-valid", 10 * DAY, [("chain", "not_yet_valid"), ("clock", "clock_wrong")]),
    ("expired", -10 * DAY, [("chain", "expired"), ("clock", "clock_wrong")]),
    ("expired", datetime.timedelta(0), [("chain", "expired")]),
    ("expired", None, [("chain", "expired")]),
])  # fmt: skip
def test_a_certificate_that_is_good_by_the_server_s_clock_says_that_ours_is_wrong(name, off, codes, look, site,
                                                                                 certificates):
    port = site(certificates / f"{name}.crt", certificates / f"{name}.key", off)
    report = look(f"https://127.0.0.1:{port}/")
    assert failed(report) == codes
    if len(codes) == 2:
        assert "not by the one of this computer" in report.step("clock").findings[0].sentences[0]
        assert ("behind" if off > 0 * DAY else "ahead") in report.step("clock").findings[0].sentences[1]


def test_clocks_that_differ_are_a_warning(look, site, certificates):
    port = site(certificates / "good.crt", certificates / "good.key", datetime.timedelta(hours=-1))
    report = look(f"https://127.0.0.1:{port}/")
    assert (report.verdict, report.code) == ("warning", "clock_differs")
    assert abs(report.step("clock").facts["difference_seconds"] - 3600) <= 5


def test_who_opens_all_connections_is_named(site, tmp_path):
    authority = named("FG100F-CA", "Fortinet", is_authority=True)
    write(tmp_path, "fortinet", authority)
    write(tmp_path, "site", make("localhost", ("localhost",), authority))
    port = site(tmp_path / "site.crt", tmp_path / "site.key")
    target = read_target(f"https://127.0.0.1:{port}/", "localhost")
    report = check(target, Options(is_brief=True))
    assert [code for step, code in failed(report) if step == "chain"] == ["untrusted_issuer", "intercepted"]
    assert "FortiGate" in report.step("chain").findings[1].sentences[0]
    report = check(target, Options(is_brief=True, cacert=str(tmp_path / "fortinet.crt")))
    assert (report.verdict, report.code) == ("warning", "intercepted")


def test_no_public_root_is_taken_for_one_who_intercepts():
    assert [root.subject for root in public_certificates() if find_interceptor(root.subject.rfc4514_string())] == []


def test_the_root_that_a_site_needs_is_named_when_another_one_is_trusted(site, certificates, tmp_path, look):
    [root] = [one for one in public_certificates() if one.subject.rfc4514_string().startswith("CN=ISRG Root X1,")]
    made = with_subject(make("a name", is_authority=True), root.subject)
    write(tmp_path, "site", make("localhost", ("localhost",), made))
    report = look(f"https://127.0.0.1:{site(tmp_path / 'site.crt', tmp_path / 'site.key')}/")
    [finding] = report.findings
    assert (finding.code, finding.error.facts["root"]) == ("untrusted_issuer", "ISRG Root X1")
    assert "ISRG Root X1, a public root" in finding.sentences[0] and "roots find" in finding.sentences[2]


def test_a_certificate_that_ends_soon_is_a_warning_by_its_own_measure(site, tmp_path):
    authority = make("an authority", is_authority=True)
    write(tmp_path, "ca", authority)
    write(tmp_path, "ending", make("localhost", ("localhost",), authority, begins=-88, ends=2))
    port = site(tmp_path / "ending.crt", tmp_path / "ending.key")
    options = Options(is_brief=True, cacert=str(tmp_path / "ca.crt"))
    report = check(read_target(f"https://127.0.0.1:{port}/", "localhost"), options)
    assert (report.verdict, report.code) == ("warning", "expires_soon")
    assert not is_ending(make("six days", begins=-1, ends=5).certificate)
    assert is_ending(make("six days", begins=-5.5, ends=0.5).certificate)
    assert not is_ending(make("a year", begins=-300, ends=30).certificate)


def test_a_server_of_openssl_that_wants_a_certificate_is_told_from_a_bad_one(programs, certificates, look):
    for version in ("-tls1_3", "-tls1_2"):
        port = start_s_server(programs, certificates / "good.crt", certificates / "good.key", "-CAfile",
                              certificates / "ca.crt", "-Verify", "1", "-www", version)
        report = look(f"https://127.0.0.1:{port}/")
        [(step, code)] = failed(report)
        assert code == "handshake_refused" and step == ("HTTP" if version == "-tls1_3" else "TLS")
        assert report.step("TLS").facts["wants_client_certificate"]
        assert report.step("TLS").facts["versions"] == [{"-tls1_3": "TLS 1.3", "-tls1_2": "TLS 1.2"}[version]]
        ours = Identity(str(certificates / "client.crt"), str(certificates / "client.key"))
        assert look(f"https://127.0.0.1:{port}/", identity=ours).step("HTTP").facts["status"] == 200


def test_what_openssl_staples_is_read(programs, certificates, look, tmp_path):
    """openssl gives out an OCSP answer that it has from a file, good or not."""
    authority = make("an authority that answers", is_authority=True)
    made = make("localhost", ("localhost",), authority)
    write(tmp_path, "ca", authority)
    write(tmp_path, "site", made)
    for status in ("good", "revoked"):
        (tmp_path / f"{status}.ocsp").write_bytes(answer_of(made, authority, status))
        port = start_s_server(programs, tmp_path / "site.crt", tmp_path / "site.key", "-status_file",
                              tmp_path / f"{status}.ocsp", "-www")
        target = read_target(f"https://127.0.0.1:{port}/", "localhost")
        report = check(target, Options(cacert=str(tmp_path / "ca.crt")))
        assert report.step("TLS").facts["stapled"] == status
        assert failed(report) == ([("TLS", "revoked")] if status == "revoked" else [])


def answer_of(made, authority, status):
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.x509 import ocsp

    now = datetime.datetime.now(datetime.timezone.utc)
    is_revoked = status == "revoked"
    builder = ocsp.OCSPResponseBuilder().add_response(
        cert=made.certificate, issuer=authority.certificate, algorithm=hashes.SHA256(),
        cert_status=ocsp.OCSPCertStatus.REVOKED if is_revoked else ocsp.OCSPCertStatus.GOOD,
        this_update=now - DAY, next_update=now + DAY, revocation_time=now - DAY if is_revoked else None,
        revocation_reason=None).responder_id(ocsp.OCSPResponderEncoding.HASH, authority.certificate)
    return builder.sign(authority.key, hashes.SHA256()).public_bytes(serialization.Encoding.DER)


def on_terminal(*arguments):
    """(status, what a terminal is shown) of a check."""
    ours, theirs = pty.openpty()
    command = [sys.executable, "-m", "microhttps_host", "check", *map(str, arguments)]
    process = subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs,
                               env={**os.environ, "TERM": "xterm", "COLUMNS": "100"})
    os.close(theirs)
    said = b""
    try:
        while data := os.read(ours, 4096):
            said += data
    except OSError:
        pass  # Linux says so at the end
    os.close(ours)
    return process.wait(60), said.decode()


def test_on_a_terminal_the_step_that_is_taken_moves(certificates, pages):
    status, said = on_terminal(f"https://localhost:{pages[0]}/", "--cacert", certificates / "ca.crt")
    assert status == 0
    assert "TLS ..." in said and "\x1b[" in said and f"localhost:{pages[0]} connects" in said


def test_on_a_terminal_a_bar_shows_how_many_are_done(certificates, pages):
    urls = [f"https://localhost:{pages[0]}/{number}" for number in range(20)]
    status, said = on_terminal(*urls, "--cacert", certificates / "ca.crt", "--parallel", 2)
    assert status == 0
    assert "/20" in said.partition("target")[0] and "20 checked: 20 ok" in said


TARGETS = {
    "example.org": ("https", "example.org", 443, "/"),
    "example.org/path?q": ("https", "example.org", 443, "/path?q"),
    "example.org:8883": ("mqtts", "example.org", 8883, "/"),
    "example.org:587": ("smtp", "example.org", 587, "/"),
    "example.org:993": ("imaps", "example.org", 993, "/"),
    "example.org:80": ("http", "example.org", 80, "/"),
    "example.org:9443": ("tls", "example.org", 9443, "/"),
    "example.org:9443/": ("https", "example.org", 9443, "/"),
    "[::1]:8443": ("https", "::1", 8443, "/"),
    "::1": ("https", "::1", 443, "/"),
    "https://fe80::1/a": ("https", "fe80::1", 443, "/a"),
    "example.org:9443?q": ("https", "example.org", 9443, "/?q"),
    "example.org:9443#top": ("https", "example.org", 9443, "/"),
    "Bücher.example": ("https", "xn--bcher-kva.example", 443, "/"),
    "https://ann:s%40@bücher.example:9443/ä": ("https", "xn--bcher-kva.example", 9443, "/%C3%A4"),
    "https://☃..example": None,
    "https://a\udcff": None,
    "mqtts://ann:s%40@example.org": ("mqtts", "example.org", 8883, "/"),
    "WSS://Example.org/a": ("wss", "example.org", 443, "/a"),
    "ftp://example.org": None,
    "https://": None,
    "": None,
    "https://a b": None,
    "https://x" + "y" * 9000: None,
}


@pytest.mark.parametrize("text", TARGETS, ids=[text[:30] for text in TARGETS])
def test_what_is_asked_is_taken_apart(text):
    if TARGETS[text] is None:
        with pytest.raises(UsageError):
            read_target(text)
        return
    target = read_target(text)
    assert (target.scheme, target.host, target.port, target.path) == TARGETS[text]
    assert "s%40" not in target.text and "s%40" not in target.url


def test_a_name_in_another_alphabet_is_asked_for_as_certificates_write_it():
    assert read_target("192.0.2.1", "bücher.example").name == "xn--bcher-kva.example"


@pytest.mark.parametrize("url", ["https://ann:secret@host", "https://ann:se@cret@ho st/", "ann:secret@host:9443/a@b"])
def test_no_password_is_shown_of_what_is_asked(url):
    assert "cret" not in without_password(url) and without_password(url).count("ho") == 1
