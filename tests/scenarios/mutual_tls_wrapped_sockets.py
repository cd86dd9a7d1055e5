"""`wrap_socket` over the socket of a client that shows a certificate."""

from microhttps import wrap_socket
from scenarios.wrapped_sockets import ask, body_of, code_of, connected, read_file


def make_server(play):
    server = play.server(trust=play.trust(), client_certificate="optional")

    @server.get("/who")
    def who(request):
        return request.session.tls.peer_common_name or "nobody"

    return server


def blocking_client(play):
    ca = play.path("ca.crt")
    for key, cert in (("client.key", "client.crt"), ("client.key.der", "client.crt.der")):
        say_who(play, ca, keyfile=play.path(key), certfile=play.path(cert))
    say_who(play, ca, key=read_file(play.path("client.key.der")), cert=read_file(play.path("client.crt.der")))
    say_who(play, ca, key=read_file(play.path("client.key")).decode(),
            cert=read_file(play.path("client.crt")).decode())
    both = read_file(play.path("client.crt")) + read_file(play.path("client.key"))
    say_who(play, ca, certfile=both)  # the key in the certificate's file
    say_who(play, ca, identity=play.identity("client-other"))
    say_who(play, ca)
    for arguments in ({"key": play.path("client.key")}, {"cert": play.path("none.crt")},
                      {"identity": play.identity("client"), "cert": play.path("client.crt")}):
        play.say("no identity:", code_of(play, server_hostname="localhost", ca_certs=ca, **arguments))


def say_who(play, ca, **arguments):
    sock = wrap_socket(connected(play), server_hostname="localhost", ca_certs=ca, **arguments)
    ask(sock, b"GET /who")
    play.say("we are", body_of(sock))
    sock.close()


EXPECTED = """
we are b'alice'
we are b'alice'
we are b'alice'
we are b'alice'
we are b'alice'
we are b'bob'
we are b'nobody'
no identity: bad_certificate_file
no identity: bad_certificate_file
no identity: bad_certificate_file
"""
