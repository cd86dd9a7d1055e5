"""Several processes and several threads on BearSSL, whose calls run beside Python's."""

import json
import signal
import subprocess
import sys
import threading

from harness.interpreters import find
from harness.playing import start_server, stop_server
from harness.programs import until
from microhttps import Trust, fetch

APPLICATION = """
import os
from microhttps import Identity, Server

server = Server(identity=Identity(%r, %r), host="127.0.0.1", engine="bearssl")

@server.get("/")
def page(request):
    return {"pid": os.getpid(), "version": request.session.tls.version}
"""


def test_each_worker_of_a_server_shakes_hands(programs, certificates, port, tmp_path, tool):
    (tmp_path / "app.py").write_text(APPLICATION % (str(certificates / "good.crt"), str(certificates / "good.key")))
    command = [sys.executable, "-m", "microhttps_host", "serve", "app.py", "--port", str(port), "--workers", "2",
               "--json"]
    program = programs.start(command, cwd=tmp_path, name="the supervisor")
    program.line_that('{"event": "serving"')
    seen = set()

    def ask():
        done = subprocess.run([tool("curl"), "-sS", "--cacert", certificates / "ca.crt", f"https://127.0.0.1:{port}/"],
                              capture_output=True, text=True, timeout=30)
        told = json.loads(done.stdout)
        assert told["version"] == "TLSv1.2"
        seen.add(told["pid"])
        return len(seen) == 2

    until(ask)
    program.process.send_signal(signal.SIGTERM)
    program.lines_until_end()
    assert program.wait() == 0


def test_threads_do_not_get_into_each_other_s_way(programs, certificates, port):
    server = start_server(programs, find("cpython"), "harness.everyday", port, certificates, engine="bearssl",
                          settings={"max_sockets_per_address": 50})
    trust, stranger = (Trust.load(str(certificates / f"{name}.crt")) for name in ("ca", "stranger-ca"))
    said = []

    def ask(number):
        for _ in range(15):
            try:
                answer = fetch(f"https://localhost:{port}/large/{100_000 + number}", engine="bearssl",
                               trust=stranger if number % 4 == 3 else trust)
                said.append((number, len(answer.body)))
            except Exception as error:
                said.append((number, getattr(error, "code", repr(error))))

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(100)
    expected = [(number, "untrusted_issuer" if number % 4 == 3 else 100_000 + number) for number in range(8)] * 15
    assert sorted(said, key=str) == sorted(expected, key=str)
    stop_server(server)
