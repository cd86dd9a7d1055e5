"""A part of `play.py`: connections that others made, secured with public roots. Both interpreters."""

import socket

from microhttps import MicrohttpsError, Trust, connect, wrap_socket


class Asking:
    """Secures one connection after the other, each to the port that is given."""

    def __init__(self, play):
        self.trust = Trust.public(play.path("store.bin"))
        self.is_stream = play.options["kind"] == "stream"

    async def code(self, port, name="localhost", address=None):
        try:
            if self.is_stream:
                stream = await connect("127.0.0.1", port, transport="insecure")
                await stream.start_tls(self.trust, server_hostname=name, address=address)
                await stream.close()
            else:
                sock = socket.socket()
                sock.connect(socket.getaddrinfo("127.0.0.1", port, 0, socket.SOCK_STREAM)[0][-1])
                try:
                    wrap_socket(sock, server_hostname=name, trust=self.trust, address=address).close()
                finally:
                    sock.close()
        except MicrohttpsError as error:
            return error.code
        return "no error"


async def client(play):
    asking = Asking(play)
    port, other = play.port, play.options["other"]
    play.say("nothing known:", await asking.code(port))
    play.say("with an address:", await asking.code(port, address=("127.0.0.1", port)))
    play.say("remembered:", await asking.code(port))
    play.say("another root by now:", await asking.code(other))
    play.say("forgotten:", await asking.code(other))
    play.say("another name:", await asking.code(other, "example.org", address=("127.0.0.1", other)))
