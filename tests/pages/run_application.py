"""Runs an application from a page on a port of the test's: run_application.py FILE PORT. Both interpreters."""

import sys

import microhttps.server.server

Server = microhttps.server.server.Server
run_as_written = Server.run
ran = []


def run(server):
    ran.append(server)
    server.host, server.port = "127.0.0.1", int(sys.argv[2])
    run_as_written(server)


Server.run = run
with open(sys.argv[1]) as file:
    names = {"__name__": "__main__"}
    exec(file.read(), names)
if not ran:
    run(names["server"])
