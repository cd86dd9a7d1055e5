"""Accepts so many TLS connections, holds them, and prints by how many bytes each has made this process larger.

    tls_alone PORT COUNT CERTIFICATE KEY idle|handshake

Nothing of microhttps: what MicroPython's TLS takes is counted alone. The first connections are not, which bring what
is made once. In the middle of its handshake is a connection whose hello was answered, and whose client says no more.
"""

import gc
import socket
import sys
import time

import tls

NOT_COUNTED = 10
STEPS = 60  # looks at a connection, in steps of 2 ms: all that there is to do is done by then


def size_of_process():
    with open("/proc/self/status") as file:
        for line in file:
            if line.startswith("VmData"):
                return int(line.split()[1]) * 1024


def go_on(secure, raw, is_idle):
    """The handshake, as far as it goes; of an idle connection also a request and an answer."""
    for _ in range(100 * STEPS if is_idle else STEPS):
        if secure.read(5) and is_idle:
            raw.setblocking(True)
            secure.write(b"hello")
            return
        time.sleep_ms(2)


def main(port, count, certificate, key, phase):
    context = tls.SSLContext(tls.PROTOCOL_TLS_SERVER)
    with open(certificate, "rb") as crt, open(key, "rb") as private:
        context.load_cert_chain(crt.read(), private.read())
    listener = socket.socket()
    listener.bind(socket.getaddrinfo("127.0.0.1", int(port))[0][-1])
    listener.listen(5)
    held = []
    while len(held) < NOT_COUNTED + int(count):
        if len(held) == NOT_COUNTED:
            gc.collect()
            before = size_of_process()
        raw = listener.accept()[0]
        raw.setblocking(False)
        held.append(context.wrap_socket(raw, server_side=True, do_handshake_on_connect=False))
        go_on(held[-1], raw, phase == "idle")
    gc.collect()
    print((size_of_process() - before) // int(count))


main(*sys.argv[1:])
