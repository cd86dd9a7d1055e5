"""`wrap_socket` over a client's socket: what blocks, what does not, and whom it believes. No event loop."""

import asyncio
import select
import socket

from microhttps import MicrohttpsError, Trust, wrap_socket

SIZE = 100_000


def make_server(play):
    server = play.server()

    @server.post("/double")
    def double(request):
        return request.content * 2

    @server.get("/lines")
    def lines(request):
        return "first\nsecond\n" + "x" * 9000

    @server.get("/large")
    def large(request):
        return b"y" * SIZE

    @server.post("/count")
    async def count(request):
        total = 0
        async for piece in request.body:
            total += len(piece)
        return str(total)

    @server.get("/slow")
    async def slow(request):
        await asyncio.sleep(1)
        return "at last"

    return server


def connected(play):
    row = socket.getaddrinfo("127.0.0.1", play.port, 0, socket.SOCK_STREAM)[0]
    sock = socket.socket(row[0])
    sock.connect(row[-1])
    return sock


def read_file(path):
    with open(path, "rb") as file:
        return file.read()


def ask(sock, line, body=b""):
    head = line + b" HTTP/1.0\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n" % len(body)
    return sock.write(head + body) - len(head)


def body_of(sock):
    """The body of the answer, which ends with the connection; nothing may block longer than usual."""
    while sock.readline() not in (b"\r\n", b""):
        pass
    return sock.read()


def code_of(play, **arguments):
    """How a socket wrapped with these arguments ends; a socket that was refused is the caller's still."""
    sock = connected(play)
    try:
        wrapped = wrap_socket(sock, **arguments)
    except MicrohttpsError as error:
        sock.close()
        return error.code
    wrapped.close()
    return "no error"


def blocking_client(play):
    ca = play.path("ca.crt")
    reading(play, ca)
    whom_to_believe(play, ca)
    not_blocking(play, ca)
    giving_up(play, ca)


def reading(play, ca):
    sock = wrap_socket(connected(play), server_hostname="localhost", cadata=read_file(ca))
    play.say("tls:", sock.tls.version, len(sock.tls.peer_certificate or b"as on rp2") > 8)
    play.say("sent:", ask(sock, b"POST /double", b"abc"))
    play.say(sock.readline().split()[1])
    while sock.readline() != b"\r\n":
        pass
    room = bytearray(4)
    play.say(sock.read(1), sock.readinto(room, 2), bytes(room), sock.recv(100), sock.recv(100), sock.read(5))
    play.say(sock.read())
    sock.close()
    sock.close()
    for verb in (sock.recv, sock.read):
        try:
            play.say(verb(1))
        except MicrohttpsError as error:
            play.say("closed:", error.code)
    sock = wrap_socket(connected(play), server_hostname="localhost", ca_certs=ca)
    ask(sock, b"GET /lines")
    while sock.readline() != b"\r\n":
        pass
    line = sock.readline()
    play.say(line, sock.readline(), len(sock.readline()), len(sock.readline()), sock.readline())
    sock.close()
    sock = wrap_socket(connected(play), server_hostname="localhost", cadata=read_file(ca).decode())
    play.say("much sent:", ask(sock, b"POST /count", b"z" * SIZE), body_of(sock))
    sock.close()
    sock = wrap_socket(connected(play), server_hostname="localhost", trust=Trust.load(ca))
    ask(sock, b"GET /large")
    play.say("much read:", body_of(sock) == b"y" * SIZE)
    sock.close()


def whom_to_believe(play, ca):
    stranger = play.path("stranger-ca.crt")
    play.say("another authority:", code_of(play, server_hostname="localhost", cadata=read_file(stranger)))
    play.say("another name:", code_of(play, server_hostname="example.org", ca_certs=ca))
    play.say("optional is required:", code_of(play, server_hostname="localhost", ca_certs=stranger, cert_reqs=1))
    play.say("nothing said:", code_of(play))
    play.say("CERT_NONE:", code_of(play, cert_reqs=0), code_of(play, cert_reqs=0, server_hostname="localhost"))
    play.say("no name:", code_of(play, ca_certs=ca))
    play.say("anyone, in so many words:", code_of(play, trust=Trust.danger_anyone()),
             code_of(play, trust=Trust.danger_anyone(), cert_reqs=0, server_hostname="localhost"))
    play.say("two trusts:", code_of(play, server_hostname="localhost", ca_certs=ca, trust=Trust.load(ca)))
    play.say("no authority:", code_of(play, server_hostname="localhost", cadata=b"nothing"))
    play.say("pinned:", code_of(play, trust=Trust.pinned("00" * 32)))
    for thing in (None, wrap_socket(connected(play), server_hostname="localhost", ca_certs=ca)):
        try:
            wrap_socket(thing, server_hostname="localhost", ca_certs=ca)
        except MicrohttpsError as error:
            play.say("no socket:", error.code)
    thing.close()


def begin_to_connect(port):
    """A socket that does not block, and is on its way."""
    row = socket.getaddrinfo("127.0.0.1", port, 0, socket.SOCK_STREAM)[0]
    sock = socket.socket(row[0])
    sock.setblocking(False)
    try:
        sock.connect(row[-1])
    except OSError as error:
        if error.args[0] not in (36, 115):  # EINPROGRESS
            raise
    return sock


def not_blocking(play, ca):
    sock = wrap_socket(connected(play), server_hostname="localhost", ca_certs=ca, do_handshake=False)
    poller = select.poll()
    request = b"GET /slow HTTP/1.0\r\nHost: localhost\r\n\r\n"
    play.say("not yet:", sock.tls, sock.read(10), sock.readline())
    while request:
        poller.register(sock, select.POLLOUT if sock.tls else sock.wants)
        poller.poll(10_000)
        request = request[sock.write(request) or 0:]
    poller.register(sock, select.POLLIN)
    answer = b""
    waits = 0
    while True:
        piece = sock.read(7)
        if piece is None:
            waits += 1
            if not poller.poll(10_000):
                play.say("poll gave up")
        elif piece:
            answer += piece
        else:
            break
    play.say("at last:", answer[-7:], 0 < waits < 100)
    sock.close()
    sock = wrap_socket(begin_to_connect(play.port), server_hostname="localhost", ca_certs=ca, do_handshake=False)
    poller = select.poll()
    while not sock.do_handshake():
        poller.register(sock, sock.wants)
        poller.poll(10_000)
    sock.setblocking(True)
    ask(sock, b"POST /double", b"abc")
    play.say("not connected when wrapped:", body_of(sock))
    sock.close()
    sock = wrap_socket(begin_to_connect(play.options["spare_port"]), server_hostname="localhost", ca_certs=ca,
                       do_handshake=False)
    sock.setblocking(True)
    try:
        sock.do_handshake()
    except MicrohttpsError as error:
        play.say("nobody there:", error.code)
    sock.close()


def giving_up(play, ca):
    sock = wrap_socket(connected(play), server_hostname="localhost", ca_certs=ca)
    sock.settimeout(0.2)
    try:
        sock.write(b"GET /slow HTTP/1.0\r\nHost: localhost\r\n\r\n")
        sock.read(5)
    except MicrohttpsError as error:
        play.say("too slow:", error.code)
    sock.settimeout(None)
    play.say("nothing lost:", sock.read()[-7:])
    sock.setblocking(True)
    play.say(sock.read(), sock.available())
    sock.close()


EXPECTED = """
tls: TLSv1.3 True
sent: 3
b'200'
b'a' 2 b'bc\\x00\\x00' b'abc' b'' b''
b''
closed: reset
closed: reset
b'first\\n' b'second\\n' 8192 808 b''
much sent: 100000 b'100000'
much read: True
another authority: untrusted_issuer
another name: wrong_name
optional is required: untrusted_issuer
nothing said: no_server_hostname
CERT_NONE: danger_not_named danger_not_named
no name: no_server_hostname
anyone, in so many words: no error no error
two trusts: bad_choice
no authority: bad_certificate_file
pinned: wrong_pin
no socket: not_a_socket
no socket: not_a_socket
not yet: None None None
at last: b'at last' True
not connected when wrapped: b'abcabc'
nobody there: reset
too slow: deadline
nothing lost: b'at last'
b'' 0
"""
