"""Run in namespaces of its own, where it may call the machine as it likes and give it addresses: `moving.py WORKERS`.

Serves, moves the machine, and says on stdout what a strict client saw; the server's own words go to stderr.
"""

import fcntl
import json
import os
import socket
import ssl
import struct
import subprocess
import sys
import threading
import time

SIOCSIFFLAGS, SIOCSIFADDR, IFF_UP, IFF_RUNNING = 0x8914, 0x8916, 0x1, 0x40


def set_address(interface, address):
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as asking:
        if address:
            wanted = struct.pack("16sH2s4s8s", interface.encode(), socket.AF_INET, b"", socket.inet_aton(address), b"")
            fcntl.ioctl(asking, SIOCSIFADDR, wanted)
        fcntl.ioctl(asking, SIOCSIFFLAGS, struct.pack("16sh", interface.encode(), IFF_UP | IFF_RUNNING))


def connect(authority, port, name):
    """A verified connection to the server under this name; OSError when it is not believed."""
    context = ssl.create_default_context(cafile=authority)
    context.verify_flags |= ssl.VERIFY_X509_STRICT
    raw = socket.create_connection(("127.0.0.1", port), timeout=30)
    try:
        return context.wrap_socket(raw, server_hostname=name)
    except OSError:
        raw.close()
        raise


def is_believed(authority, port, name):
    try:
        connect(authority, port, name).close()
    except OSError:
        return False
    return True


def ask(connection):
    connection.sendall(b"GET /status HTTP/1.1\r\nHost: localhost\r\n\r\n")
    return connection.recv(4000).split(b"\r\n")[0].decode()


def copy(lines):
    for line in lines:
        sys.stderr.write(line)


def main(workers):
    set_address("lo", None)
    socket.sethostname("hall")
    command = [sys.executable, "-m", "microhttps_host", "serve", "--port", "8443", "--json"]
    server = subprocess.Popen([*command, *(["--workers", workers] if int(workers) else [])], stdout=subprocess.PIPE,
                              text=True)
    facts = json.loads(server.stdout.readline())
    threading.Thread(target=copy, args=(server.stdout,), daemon=True).start()
    authority, wanted = facts["authority"], ("kitchen.local", "192.168.77.7")
    with open(authority, "rb") as file:
        before = file.read()
    print("before", [is_believed(authority, 8443, name) for name in ("hall.local", *wanted)])
    standing = connect(authority, 8443, "localhost")
    socket.sethostname("kitchen")
    set_address("lo:1", "192.168.77.7")
    deadline = time.monotonic() + 90
    # Every worker has it when one in a row of new connections did not meet another.
    while not all(is_believed(authority, 8443, name) for name in wanted * 10):
        assert time.monotonic() < deadline and server.poll() is None, "not renewed"
        time.sleep(0.5)
    print("after", [is_believed(authority, 8443, name) for name in ("localhost", *wanted)])
    print("who stood", ask(standing))
    with open(authority, "rb") as file:
        print("same authority", file.read() == before)
    server.terminate()
    print("status", server.wait(30))


if __name__ == "__main__":
    os.environ.setdefault("PYTHONUNBUFFERED", "1")
    main(sys.argv[1])
