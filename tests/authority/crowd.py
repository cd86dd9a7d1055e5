"""Servers that show certificates, whatever they are worth, and the TLS libraries that judge them.

OpenSSL (as Python uses it, plainly and with VERIFY_X509_STRICT), Mbed TLS (a MicroPython) and Chromium. A certificate
NAME is three files of a folder: NAME.crt, NAME.key and, of the authority that is trusted, NAME.ca.crt.
"""

import json
import os
import socket
import ssl
import subprocess
import threading

from authority import judges
from harness.interpreters import find_or_fail

CHROMIUM = ("chromium", "chromium-browser", "google-chrome")
OPTIONS = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
           "--disable-background-networking", "--disable-component-update", "--disable-dev-shm-usage")  # fmt: skip
# The page asks every server in turn, and tells at the end what it could read.
PAGE = """<script>(async () => {
  const told = {};
  for (const [name, url] of Object.entries(%s)) {
    try { await fetch(url, {mode: "no-cors"}); told[name] = true; } catch (error) { told[name] = false; }
  }
  await fetch("/told", {method: "POST", body: JSON.stringify(told)});
})()</script>"""


class Server:
    """One TLS server that shows one certificate, whatever it is worth."""

    def __init__(self, folder, name, crowd):
        self.crowd = crowd
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.set_ciphers("ALL:@SECLEVEL=0")  # a server may show a key of 1024 bits
        self.context.load_cert_chain(folder / f"{name}.crt", folder / f"{name}.key")
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:  # closed
                return
            threading.Thread(target=self.answer, args=(connection,), daemon=True).start()

    def answer(self, connection):
        connection.settimeout(60)
        try:
            with self.context.wrap_socket(connection, server_side=True) as secure:
                asked = secure.recv(4000)
                while asked.startswith(b"POST") and not asked.rstrip().endswith(b"}"):
                    asked += secure.recv(4000)
                body = self.crowd.page if asked.startswith(b"GET / ") else b""
                secure.sendall(b"HTTP/1.0 200 OK\r\nContent-Type: text/html\r\n\r\n" + body)
                if asked.startswith(b"POST"):
                    self.crowd.told.update(json.loads(asked.partition(b"\r\n\r\n")[2]))
                    self.crowd.is_told.set()
        except OSError:  # who does not believe us hangs up
            connection.close()


class Crowd:
    """A server for each certificate; `hosts` are the names to ask for where it is not localhost."""

    def __init__(self, folder, names, hosts=()):
        self.folder = folder
        self.hosts = {name: dict(hosts).get(name, "localhost") for name in names}
        self.page, self.told, self.is_told = b"", {}, threading.Event()
        self.servers = {name: Server(folder, name, self) for name in self.hosts}
        urls = {name: f"https://{self.hosts[name]}:{server.port}/" for name, server in self.servers.items()}
        self.page = (PAGE % json.dumps(urls)).encode()
        self.url = urls["good"]

    def close(self):
        for server in self.servers.values():
            server.listener.close()


def by_openssl(crowd, is_strict):
    verdicts = {}
    for name, server in crowd.servers.items():
        context = ssl.create_default_context(cafile=crowd.folder / f"{name}.ca.crt")
        context.set_ciphers("DEFAULT:@SECLEVEL=2")  # Debian's and Python's own default
        context.verify_flags &= ~ssl.VERIFY_X509_STRICT
        context.verify_flags |= ssl.VERIFY_X509_STRICT if is_strict else 0
        try:
            with socket.create_connection(("127.0.0.1", server.port), timeout=60) as raw:
                with context.wrap_socket(raw, server_hostname=crowd.hosts[name]) as secure:
                    secure.sendall(b"HEAD / HTTP/1.0\r\n\r\n")
                    verdicts[name] = bool(secure.recv(10))
        except OSError:
            verdicts[name] = False
    return verdicts


def by_mbedtls(crowd, name):
    lines = [f"{case} {crowd.hosts[case]} {server.port}\n" for case, server in crowd.servers.items()]
    (crowd.folder / "list").write_text("".join(lines))
    command = find_or_fail(name).command(judges.__file__, crowd.folder, crowd.folder / "list")
    done = subprocess.run(command, capture_output=True, text=True, timeout=100)
    assert done.returncode == 0, done.stdout + done.stderr
    return {case: verdict == "True" for case, verdict in map(str.split, done.stdout.splitlines())}


def by_chromium(crowd, tool, home):
    store = home / ".pki" / "nssdb"
    store.mkdir(parents=True)
    certutil = [tool("certutil"), "-d", f"sql:{store}"]
    subprocess.run([*certutil, "-N", "--empty-password"], check=True, capture_output=True, timeout=60)
    for name in crowd.hosts:
        # A server's own certificate is trusted as itself, an authority as one.
        trust = "P,," if name == "self-signed" else "C,,"
        subprocess.run([*certutil, "-A", "-n", name, "-t", trust, "-i", str(crowd.folder / f"{name}.ca.crt")],
                       check=True, timeout=60)
    environment = {**os.environ, "HOME": str(home), "XDG_CONFIG_HOME": str(home / "config"),
                   "XDG_CACHE_HOME": str(home / "cache")}
    browser = subprocess.Popen([tool(*CHROMIUM), *OPTIONS, f"--user-data-dir={home / 'profile'}", crowd.url],
                               env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        assert crowd.is_told.wait(100), "Chromium did not tell"
    finally:
        browser.kill()
        browser.wait()
    return crowd.told
