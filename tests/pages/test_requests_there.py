"""What docs/micropython.md says of MicroPython's own `requests`: seen with the real one, and what ours does instead."""

import http.server
import ssl
import threading

import pytest

from harness.interpreters import find_or_fail

pytestmark = pytest.mark.micropython
THEIRS = """
import requests
for _ in range(2):
    answer = requests.get(URL, headers={"Authorization": "Bearer secret"})
    print(answer.status_code, answer.text)
    answer.close()
"""
OURS = """
from microhttps import MicrohttpsError, Trust, fetch
try:
    answer = fetch(URL, trust=Trust.load("ca.crt"), headers={"Authorization": "Bearer secret"})
    print(answer.status, answer.text())
except MicrohttpsError as error:
    print(error.code)
"""


class Site(http.server.ThreadingHTTPServer):
    """A server that answers, or leads elsewhere; `seen` has the password of each request, `handshakes` counts."""

    daemon_threads = True

    def __init__(self, identity=None, leads_to=None):
        super().__init__(("127.0.0.1", 0), Answering)
        self.leads_to, self.seen, self.handshakes = leads_to, [], 0
        if identity:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            context.load_cert_chain(*identity)
            self.socket = context.wrap_socket(self.socket, server_side=True)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def get_request(self):
        accepted = super().get_request()
        self.handshakes += 1
        return accepted

    def handle_error(self, request, client_address):
        """A client that refuses the certificate is none."""

    def __exit__(self, *error):
        self.shutdown()
        self.server_close()


class Answering(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.server.seen.append(self.headers["Authorization"])
        self.send_response(302 if self.server.leads_to else 200)
        if self.server.leads_to:
            self.send_header("Location", self.server.leads_to)
        self.send_header("Content-Length", "5")
        self.end_headers()
        self.wfile.write(b"hello")

    def log_message(self, *said):
        """Nobody reads it."""


@pytest.fixture
def run(programs, certificates):
    """The lines that a program says on MicroPython, which asks this URL."""

    def lines_of(text, url):
        file = programs.new_file("asking.py")
        file.write_text(f"URL = {url!r}\n" + text)
        program = programs.run(find_or_fail("micropython"), file, cwd=certificates)
        return program.lines_until_end()

    return lines_of


def pair(certificates, name):
    return certificates / f"{name}.crt", certificates / f"{name}.key"


def test_it_believes_anybody_and_shakes_hands_for_each_request(run, certificates):
    with Site(pair(certificates, "unknown")) as site:
        url = f"https://localhost:{site.server_port}/"
        assert run(THEIRS, url) == ["200 hello", "200 hello"]
        assert site.handshakes == 2
        assert run(OURS, url) == ["untrusted_issuer"]
        assert len(site.seen) == 2, "ours asked nothing"


def test_it_follows_to_plain_http_and_tells_the_password_there(run, certificates):
    with Site() as plain, Site(pair(certificates, "good"), f"http://localhost:{plain.server_port}/") as site:
        url = f"https://localhost:{site.server_port}/"
        assert run(THEIRS, url) == ["200 hello", "200 hello"]
        assert plain.seen == ["Bearer secret"] * 2
        assert run(OURS, url) == ["redirect_to_plain"]
        assert len(plain.seen) == 2
