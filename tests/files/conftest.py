"""A folder of files whose times are known, a server of it on each interpreter in turn, and a client that says all."""

import gzip
import http.client
import os

import pytest

from harness.playing import start_server, stop_server
from harness.wire import trusting

CHANGED = 1767323045  # Fri, 02 Jan 2026 03:04:05 GMT
CHANGED_TEXT = "Fri, 02 Jan 2026 03:04:05 GMT"
LETTERS = bytes(range(ord("a"), ord("z") + 1))
LARGE = bytes((7 * number + number // 251) % 256 for number in range(300_000))


@pytest.fixture
def folder(tmp_path):
    """What is served, beside a secret that must not be."""
    www = tmp_path / "www"
    (www / "sub" / "deep").mkdir(parents=True)
    (www / "empty folder").mkdir()
    (www / ".git").mkdir()
    (tmp_path / "www-secret").mkdir()
    (tmp_path / "www-secret" / "secret.txt").write_bytes(b"SECRET")
    files = {
        "index.html": b"<h1>top", "small.txt": LETTERS, "large.bin": LARGE, "none": b"", "sub/index.html": b"<h1>sub",
        "sub/deep/x.css": b"x {}", "gr\u00fc\u00dfe.html": b"gruesse", "a b+c.txt": b"blank", ".hidden": b"SECRET",
        ".git/config": b"SECRET", "page.html": b"<p>page" * 500, "old.txt": b"new", "odd.UNKNOWN": b"?",
        "x.tar": b"tar", "HIDDEN~1": b"SECRET",
    }
    for name, data in files.items():
        (www / name).write_bytes(data)
    for name in ("page.html", "only.js"):
        (www / (name + ".gz")).write_bytes(gzip.compress(files.get(name, b"only"), mtime=0))
    (www / "old.txt.gz").write_bytes(gzip.compress(b"before"))
    (tmp_path / "secret.txt").write_bytes(b"SECRET")
    for path in www.rglob("*"):
        os.utime(path, (CHANGED, CHANGED))
    os.utime(www / "old.txt.gz", (CHANGED - 10, CHANGED - 10))
    return www


class Answer:
    """What came: `status`, `headers` (lower-case names), `body`."""

    def __init__(self, response):
        self.status = response.status
        self.headers = {name.lower(): value for name, value in response.getheaders()}
        self.body = response.read()


class Site:
    """The server, and one connection to it that every question uses."""

    def __init__(self, program, port, certificates):
        self.program = program
        self.port = port
        self.certificates = certificates
        self._connection = http.client.HTTPSConnection("localhost", port, timeout=10, context=trusting(certificates))

    def ask(self, target, method="GET", **headers):
        """Ask for a target, sent as it is written; a header that is None is not sent."""
        fields = {name.replace("_", "-"): value for name, value in headers.items()}
        self._connection.putrequest(method, target, skip_accept_encoding=True)
        for name, value in {"Accept-Encoding": "identity", **fields}.items():
            if value is not None:
                self._connection.putheader(name, value)
        self._connection.endheaders()
        return Answer(self._connection.getresponse())

    def close(self):
        self._connection.close()


@pytest.fixture
def site(programs, interpreter, certificates, port, folder):
    """The server of the folder; whatever was asked, it stops gracefully."""
    program = start_server(programs, interpreter, "files.parts", port, certificates, folder=str(folder))
    site = Site(program, port, certificates)
    yield site
    site.close()
    stop_server(program)
