"""Wraps sockets whose peers are silent, one way or the other, or not to be believed. Both interpreters.

    giving_up.py PORT FOLDER SILENT_PORT

At PORT somebody shakes hands and is silent then, at SILENT_PORT somebody does not even do that. It waits for a line
before it ends, so that its open files can be counted.
"""

import socket
import sys

from microhttps import MicrohttpsError, wrap_socket


def connected(port):
    sock = socket.socket()
    sock.connect(socket.getaddrinfo("127.0.0.1", int(port), 0, socket.SOCK_STREAM)[0][-1])
    return sock


def say(what, function, *arguments, **more):
    try:
        function(*arguments, **more)
        print(what, "no error")
    except MicrohttpsError as error:
        print(what, error.code, error.facts.get("setting"))


def main(port, folder, silent_port):
    ca = folder + "/ca.crt"
    kept = []  # so that nothing is closed by being forgotten
    for _ in range(10):
        kept.append(connected(silent_port))
        say("handshake:", wrap_socket, kept[-1], server_hostname="localhost", ca_certs=ca, handshake_timeout=0.1)
    for _ in range(10):
        kept.append(connected(port))
        say("stranger:", wrap_socket, kept[-1], server_hostname="localhost", ca_certs=folder + "/stranger-ca.crt")
    secure = wrap_socket(connected(port), server_hostname="localhost", ca_certs=ca, recv_timeout=0.1, send_timeout=0.1)
    say("read:", secure.read, 10)
    say("readline:", secure.readline)
    secure.settimeout(0.1)
    say("recv:", secure.recv, 10)
    secure.setblocking(False)
    print("not yet:", secure.read(10), secure.readline())
    large = b"x" * 1_000_000
    count = 1
    while count:
        count = secure.write(large)
    print("not yet:", count)
    secure.settimeout(0.1)
    say("write:", secure.write, large)
    say("no more:", secure.recv, 10)
    secure.close()
    say("unknown:", wrap_socket, kept[-1], server_hostname="localhost", patience=1)
    print("done")
    sys.stdin.readline()


main(*sys.argv[1:])
