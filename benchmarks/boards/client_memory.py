"""Waits for a line, asks, waits for another with its connection open: `client_memory WHO PORT STORE ROOTS`.

Somebody looks at the process meanwhile. WHO is microhttps, with the one root that it needs, or `all`: the interpreter's
own TLS with every root of that folder loaded.
"""

import gc
import os
import sys

who, port, store, roots = sys.argv[1:5]
kept = []


async def ask_with_one():
    client = Client(trust=Trust.public(store))
    assert (await client.get("https://localhost:" + port + "/")).body == b"Hello, World!"
    wait_for_line("asked")
    await client.close()


def ask_with_all():
    context = tls.SSLContext(tls.PROTOCOL_TLS_CLIENT)
    for name in os.listdir(roots):
        with open(roots + "/" + name, "rb") as file:
            context.load_verify_locations(file.read())
    raw = socket.socket()
    raw.connect(socket.getaddrinfo("127.0.0.1", int(port))[0][-1])
    stream = context.wrap_socket(raw, server_hostname="localhost")
    stream.write(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
    answer = b""
    while not answer.endswith(b"Hello, World!"):
        answer += stream.read(1)
    wait_for_line("asked")
    raw.close()


def wait_for_line(word):
    gc.collect()
    print(word, gc.mem_alloc())
    sys.stdin.readline()


def touch_heap():
    """What of the heap is free is written to once: what grows from here on lies beside it."""
    try:
        while True:
            kept.append(bytearray(512))
    except MemoryError:
        pass
    kept.clear()


if who == "microhttps":
    import asyncio

    from microhttps import Client, Trust
else:
    import socket

    import tls
touch_heap()
wait_for_line("ready")
if who == "microhttps":
    asyncio.run(ask_with_one())
else:
    ask_with_all()
