"""Seed 003's polling loop over non-blocking sockets: several connections, none of which makes the others wait.

    polling_server.py PORT FOLDER CERTIFICATE      both interpreters

Every line is answered in capitals, however slow the others are; a line `stop` ends it.
"""

import select
import sys

from microhttps import MicrohttpsError, wrap_socket
from sockets.https_server import listen


class Caller:
    """One connection."""

    def __init__(self, secure):
        self.secure = secure
        self.unsent = b""
        self.has_ended = False

    @property
    def wants(self):
        if self.secure.tls is None:  # still shaking hands
            return self.secure.wants
        return select.POLLOUT if self.unsent else select.POLLIN

    def go_on(self):
        """Read, answer and send what goes; whether there was the line `stop`."""
        line = self.secure.readline()
        is_over = False
        while line:
            is_over |= line == b"stop\n"
            self.unsent += line.upper()
            line = self.secure.readline()
        self.has_ended = line == b""
        if self.unsent:
            self.unsent = self.unsent[self.secure.write(self.unsent) or 0:]
        return is_over


def main(port, folder, certificate):
    listener = listen(int(port))
    listener.setblocking(False)
    callers = []
    is_over = False
    while not is_over:
        poller = select.poll()
        poller.register(listener, select.POLLIN)
        for caller in callers:
            poller.register(caller.secure, caller.wants)
        poller.poll(5000)
        try:
            secure = wrap_socket(listener.accept()[0], server_side=True, key=folder + "/" + certificate + ".key",
                                 cert=folder + "/" + certificate + ".crt", do_handshake=False)
            callers.append(Caller(secure))
        except OSError:
            pass  # nobody new
        for caller in callers:
            try:
                is_over |= caller.go_on()
            except MicrohttpsError as error:
                print("failed", error.code)
                caller.has_ended = True
            if caller.has_ended:
                caller.secure.close()
        callers = [caller for caller in callers if not caller.has_ended]
    for caller in callers:
        caller.secure.close()
    listener.close()
    print("stopped")


main(*sys.argv[1:])
