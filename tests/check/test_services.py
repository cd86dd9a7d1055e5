"""What is spoken inside TLS: HTTP with its redirects and refusals, MQTT, WebSocket, SMTP and IMAP behind STARTTLS."""

import socket
import ssl
import threading

import pytest
from websockets.sync.server import serve as serve_websocket

from check.imap import imap_server
from harness.programs import free_port
from microhttps.wire.url import parse_url
from microhttps_host.check.asking import target_of
from microhttps_host.check.target import read_target
from microhttps_host.check.visit import Options, Visit


def codes(report):
    return [(step.name, finding.verdict, finding.code) for step in report.steps for finding in step.findings]


# path: status, code of the warning
STATUSES = {"/": (200, None), "/forbidden": (403, "http_forbidden"), "/password": (401, "http_unauthorised"),
            "/often": (429, "http_too_many_requests"), "/other": (421, "http_misdirected"),
            "/down": (503, "http_server_failed"), "/none": (404, "http_not_found"),
            "/agent": (200, "needs_user_agent")}  # fmt: skip


def test_a_status_is_no_reason_not_to_connect_and_says_what_it_means(look, pages):
    port, _ = pages
    for path, (status, code) in STATUSES.items():
        report = look(f"https://127.0.0.1:{port}{path}")
        assert report.step("HTTP").facts["status"] == status, path
        assert codes(report) == ([("HTTP", "warning", code)] if code else []), path
        assert report.verdict == ("warning" if code else "ok"), path


def test_who_forbids_the_nameless_is_told_apart_from_a_matter_of_certificates(look, pages):
    report = look(f"https://127.0.0.1:{pages[0]}/agent")
    assert report.step("HTTP").facts["status_without_user_agent"] == 403
    happened, cause, step = report.findings[0].sentences
    assert "certificates are fine" in happened and "wants a User-Agent that names you" in cause and "headers=" in step


def test_a_forbidden_page_says_that_it_is_not_about_certificates(look, pages):
    happened, cause, step = look(f"https://127.0.0.1:{pages[0]}/forbidden").findings[0].sentences
    assert "not about certificates" in happened and "User-Agent that names you" in cause and "--user-agent" in step


def test_name_and_password_of_a_url_are_sent_as_a_client_sends_them(look, pages):
    report = look(f"https://ann:s%40cret@127.0.0.1:{pages[0]}/locked")
    assert (codes(report), report.step("HTTP").facts["status"]) == ([], 200)
    assert "s%40cret" not in str(report.told()) and "s@cret" not in str(report.told())
    report = look(f"https://ann:wrong@127.0.0.1:{pages[0]}/locked")
    assert codes(report) == [("HTTP", "warning", "http_unauthorised")]
    assert "does not let ann in" in report.findings[0].sentences[0]


@pytest.mark.parametrize(("url", "userinfo"), [
    ("https://lamp.test/other", "ann:secret"), ("https://lamp.test:444/", None), ("http://lamp.test/", None),
    ("https://other.test/", None),
])  # fmt: skip
def test_a_redirect_takes_name_and_password_to_the_same_origin_alone(url, userinfo):
    visit = Visit(read_target("https://ann:secret@lamp.test/"), Options())
    assert target_of(visit, parse_url(url)).userinfo == userinfo


def test_redirects_are_followed_one_by_one(look, pages):
    port, _ = pages
    report = look(f"https://127.0.0.1:{port}/first")
    hops = report.step("HTTP").facts["redirects"]
    assert [hop["status"] for hop in hops] == [302, 200]
    assert hops[0]["url"].endswith("/second") and report.verdict == "ok"


@pytest.mark.parametrize(("path", "code"), [("/plain", "redirect_to_plain"), ("/round", "too_many_redirects"),
                                            ("/gone", "refused")])
def test_a_redirect_that_leads_nowhere_is_a_failure(path, code, look, pages):
    assert codes(look(f"https://127.0.0.1:{pages[0]}{path}")) == [("HTTP", "failed", code)]


def test_the_next_command_is_for_where_a_redirect_led(look, pages):
    [finding] = look(f"https://127.0.0.1:{pages[0]}/gone").findings
    assert finding.error.facts["port"] != pages[0]
    assert f"port {finding.error.facts['port']}" in finding.sentences[0]


BODIES = {  # what a server sends, and of what it is blamed
    b"Transfer-Encoding: chunked\r\n\r\n4\r\nhere\r\n0\r\nX-Sum: 1\r\n\r\n": [],
    b"Transfer-Encoding: chunked\r\n\r\n4\r\nhe": ["body_cut_short"],
    b"Content-Length: 9\r\n\r\nhere": ["body_cut_short"],
    b"\r\nas long as it takes": [],
    b"Content-Length: x\r\n\r\n": ["bad_content_length"],
}  # fmt: skip


@pytest.mark.parametrize("rest", BODIES)
def test_a_body_is_read_as_the_runtime_reads_it(rest, look, certificates):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificates / "good.crt", certificates / "good.key")
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=answer_all, args=(listener, context, rest), daemon=True).start()
        report = look(f"https://127.0.0.1:{listener.getsockname()[1]}/", is_brief=True)
    assert codes(report) == [("HTTP", "failed", code) for code in BODIES[rest]]


def answer_all(listener, context, rest):
    while True:
        try:
            raw, _ = listener.accept()
            raw.settimeout(5)
            with context.wrap_socket(raw, server_side=True) as tls:
                if tls.recv(4096):
                    tls.sendall(b"HTTP/1.1 200 OK\r\nConnection: close\r\n" + rest)
                    tls.unwrap()
        except OSError:
            if listener.fileno() < 0:
                return


def test_what_else_a_server_tells_is_told(look, pages):
    report = look(f"https://127.0.0.1:{pages[0]}/hsts")
    tls, http = report.step("TLS").facts, report.step("HTTP").facts
    assert http["hsts"] == "max-age=31536000"
    assert tls["alpn"] == "h2"  # and it was spoken to in HTTP/1.1
    assert tls["versions"] == ["TLS 1.3", "TLS 1.2"] and tls["group"] == "x25519"
    assert tls["resumes"] == {"TLS 1.3": True, "TLS 1.2": True}
    assert tls["max_fragment_length"] == [512, 1024, 2048, 4096]
    assert abs(report.step("clock").facts["difference_seconds"]) <= 5
    large = look(f"https://127.0.0.1:{pages[0]}/large").step("HTTP").facts
    assert large["longest_record"] > 16384


def test_plain_http_says_what_it_is_and_where_https_answers(look, pages):
    port, plain = pages
    report = look(f"http://127.0.0.1:{plain}/")
    assert codes(report) == [("HTTPS", "warning", "plain_http")]
    assert report.findings[0].error.facts["https"] == f"https://localhost:{port}/"
    report = look(f"http://127.0.0.1:{plain}/clear")
    assert report.findings[0].error.facts["reason"] == "peer_is_not_tls"


def test_https_on_a_plain_port_and_plain_on_a_secure_one_are_told(look, pages):
    port, plain = pages
    assert codes(look(f"http://127.0.0.1:{port}/")) == [("HTTP", "failed", "peer_speaks_tls")]
    report = look(f"https://127.0.0.1:{plain}/")
    assert codes(report) == [("TLS", "failed", "peer_is_not_tls")]
    assert report.findings[0].error.facts["speaks"] == "HTTP"


def test_a_broker_lets_in_who_has_the_password(look, broker):
    assert look(f"mqtts://ann:secret@127.0.0.1:{broker['password']}").verdict == "ok"
    assert look(f"mqtts://127.0.0.1:{broker['open']}").step("MQTT").facts["connack"] == 0
    for url in (f"mqtts://127.0.0.1:{broker['password']}", f"mqtts://ann:wrong@127.0.0.1:{broker['password']}"):
        assert codes(look(url)) == [("MQTT", "warning", "mqtt_not_authorised")]


def test_a_password_of_a_url_is_nowhere_told(look, broker):
    report = look(f"mqtts://ann:seecret@127.0.0.1:{broker['password']}")
    assert "seecret" not in repr(report.told())


def test_a_broker_in_the_clear_is_known(look, broker):
    report = look(f"mqtts://127.0.0.1:{broker['plain']}")
    assert codes(report) == [("TLS", "failed", "peer_is_not_tls")]
    assert report.findings[0].error.facts["speaks"] == "MQTT"


def test_a_page_where_a_broker_should_be_is_told(look, pages):
    [(step, verdict, code)] = codes(look(f"mqtts://127.0.0.1:{pages[0]}"))
    assert (step, verdict, code) == ("MQTT", "failed", "other_protocol")


def test_a_websocket_opens_and_a_page_is_none(look, pages, certificates):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificates / "good.crt", certificates / "good.key")
    with serve_websocket(lambda connection: connection.recv(), "127.0.0.1", 0, ssl=context) as server:
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        report = look(f"wss://127.0.0.1:{server.socket.getsockname()[1]}/socket")
        assert (report.verdict, report.step("WebSocket").facts["status"]) == ("ok", 101)
        server.shutdown()
    assert codes(look(f"wss://127.0.0.1:{pages[0]}/none")) == [("WebSocket", "warning", "websocket_refused")]


def test_mail_is_looked_at_behind_starttls(look, mail):
    report = look(f"smtp://127.0.0.1:{mail()}")
    assert report.verdict == "ok"
    assert "STARTTLS" in report.step("STARTTLS").facts["capabilities"]
    assert "STARTTLS" not in report.step("SMTP").facts["capabilities"]
    assert codes(look(f"smtp://127.0.0.1:{mail('expired')}")) == [("chain", "failed", "expired")]
    assert codes(look(f"smtp://127.0.0.1:{mail('wrong-name')}")) == [("host name", "failed", "wrong_name")]
    assert codes(look(f"smtp://127.0.0.1:{mail(tls=False)}")) == [("STARTTLS", "failed", "no_starttls")]


def test_a_port_where_tls_begins_later_is_known(look, mail, certificates):
    report = look(f"tls://127.0.0.1:{mail()}")
    assert codes(report) == [("TLS", "failed", "peer_is_not_tls")]
    assert report.findings[0].error.facts["speaks"] == "SMTP"
    assert "microhttps check smtp://127.0.0.1" in report.findings[0].sentences[2]
    with imap_server(certificates) as port:
        assert look(f"https://127.0.0.1:{port}").findings[0].error.facts["speaks"] == "IMAP"


def test_imap_is_looked_at_in_both_ways(look, certificates):
    with imap_server(certificates) as port:
        report = look(f"imap://127.0.0.1:{port}")
        assert report.verdict == "ok"
        assert "LOGINDISABLED" in report.step("IMAP").facts["capabilities"]
    with imap_server(certificates, at_once=True) as port:
        report = look(f"imaps://127.0.0.1:{port}")
        assert (report.verdict, report.step("IMAP").facts["greeting"]) == ("ok", "* OK ready")


@pytest.mark.parametrize(("said", "code"), [
    ({"capabilities": b"IMAP4rev1"}, "no_starttls"),
    ({"consent": b" NO not now\r\n"}, "starttls_refused"),
    ({"consent": b" OK begin\r\n* OK injected\r\n"}, "data_before_tls"),
    ({"greeting": b"* BYE too many\r\n"}, "service_refused"),
    ({"greeting": b"SSH-2.0-x\r\n"}, "other_protocol"),
    ({"greeting": b"* OK " + b"x" * 20000}, "too_talkative"),
    ({"greeting": b""}, "no_greeting"),
    ({"at_once": True}, "no_greeting"),
])  # fmt: skip
def test_what_goes_wrong_before_tls_has_its_name(said, code, look, certificates):
    with imap_server(certificates, **said) as port:
        report = look(f"imap://127.0.0.1:{port}", timeout=1.0 if code == "no_greeting" else 10)
        assert codes(report) == [("STARTTLS", "failed", code)]


def test_nobody_there_is_told(look):
    assert codes(look(f"https://127.0.0.1:{free_port()}")) == [("TCP", "failed", "refused")]
    [(step, _, code)] = codes(look("https://no-such-host.invalid"))
    assert (step, code in ("no_such_host", "no_name_server")) == ("name", True)


def test_who_drips_bytes_does_not_hold_us(look):
    """A deadline is for a whole conversation: a byte each half second does not prolong it."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        stopped = threading.Event()

        def drip():
            while not stopped.is_set():
                listener.settimeout(0.2)
                try:
                    raw, _ = listener.accept()
                except TimeoutError:
                    continue
                threading.Thread(target=drip_into, args=(raw, stopped), daemon=True).start()

        thread = threading.Thread(target=drip)
        thread.start()
        try:
            assert codes(look(f"imap://127.0.0.1:{port}", timeout=1.0)) == [("STARTTLS", "failed", "no_greeting")]
            assert codes(look(f"tls://127.0.0.1:{port}", timeout=1.0)) == [("TLS", "failed", "deadline")]
        finally:
            stopped.set()
            thread.join()


def drip_into(raw, stopped):
    with raw:
        try:
            while not stopped.wait(0.3):
                raw.sendall(b"\x16")
        except OSError:
            return


