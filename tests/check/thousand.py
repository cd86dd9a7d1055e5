"""How long a check of many servers takes, and how much memory: what docs/check.md says of it.

    PYTHONPATH=tests python -m check.thousand [COUNT]
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from check.serving import ManyPorts
from harness.certificates import make_all
from harness.programs import free_port, resident_kilobytes

COMMAND = [sys.executable, "-m", "microhttps_host", "check", "--json"]


def main(count):
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        make_all(folder)
        ports = [free_port() for _ in range(count)]
        server = ManyPorts(folder, folder, {"good": ports})
        try:
            measure(folder, ports)
        finally:
            server.stop()


def measure(folder, ports):
    (folder / "hosts").write_text("".join(f"https://localhost:{port}/\n" for port in ports))
    begun = time.monotonic()
    command = [*COMMAND, "--hosts", folder / "hosts", "--cacert", folder / "ca.crt"]
    environment = {**os.environ, "MICROHTTPS_HOME": str(folder / "home")}
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)
    sizes, verdicts = [], []
    for line in process.stdout:
        verdicts.append('"verdict": "ok"' in line)
        if len(verdicts) % max(1, len(ports) // 10) == 0 and process.poll() is None:
            sizes.append(resident_kilobytes(process.pid))
    status = process.wait()
    seconds = time.monotonic() - begun
    print(f"{len(verdicts)} of {len(ports)} checked, {sum(verdicts)} ok, status {status}, {seconds:.1f} s,"
          f" {1000 * seconds / len(ports):.1f} ms each; memory by tenths {sizes} KB")


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else 1000)
