"""A part of `play.py`: what each interpreter brings asks over contexts of ours. Says "who", or "refused" and why.

The options name the ports to ask by the certificate shown there, and the client's identities.
"""

import asyncio
import sys

from microhttps import Trust, Unsupported


async def ask_over_streams(context, port, name):
    """Over asyncio's streams, which both interpreters have."""
    where = {"server_hostname": name} if name else {}
    reader, writer = await asyncio.open_connection("127.0.0.1", port, ssl=context, **where)
    try:
        writer.write(b"GET / HTTP/1.0\r\nHost: localhost\r\n\r\n")
        await writer.drain()
        return (await reader.read(-1)).decode().split("\r\n\r\n")[1]
    finally:
        writer.close()
        try:
            await writer.wait_closed()
        except OSError:
            pass


def by_streams(context, port, name):
    return asyncio.run(ask_over_streams(context, port, name))


def by_http_client(context, port, name):
    import http.client

    connection = http.client.HTTPSConnection(name, port, context=context, timeout=20)
    try:
        connection.request("GET", "/")
        with connection.getresponse() as answer:
            return answer.read().decode()
    finally:
        connection.close()


def by_urllib(context, port, name):
    import urllib.error
    import urllib.request

    try:
        with urllib.request.urlopen(f"https://{name}:{port}/", context=context, timeout=20) as answer:
            return answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.read().decode()
    except urllib.error.URLError as error:
        raise error.reason from None


def by_tls(context, port, name):
    import socket

    raw = socket.socket()
    try:
        raw.connect(socket.getaddrinfo("127.0.0.1", port)[0][-1])
        stream = context.wrap_socket(raw, server_hostname=name)
        stream.write(b"GET / HTTP/1.0\r\nHost: localhost\r\n\r\n")
        answer = b""
        while True:
            piece = stream.read(512)
            if not piece:
                return answer.decode().split("\r\n\r\n")[1]
            answer += piece
    except OSError as error:
        if error.args[0] != -0x7280:  # nginx closes with a notice; the end of HTTP/1.0's body all the same
            raise
        return answer.decode().split("\r\n\r\n")[1]
    finally:
        raw.close()


WAYS = (by_streams, by_tls) if sys.implementation.name == "micropython" else (by_streams, by_http_client, by_urllib)


def blocking_client(play):
    options = play.options
    for way in WAYS:
        for shown in options["shown"]:
            for name in options["identities"]:
                identity = play.identity(name) if name else None
                context = play.trust().client_context(identity)
                play.say(way.__name__, shown, name, said_by(way, context, options["ports"][shown], "localhost"))
    refuse_what_is_not_for_others(play)


def said_by(way, context, port, name):
    try:
        answer = way(context, port, name)
        return "no certificate" if "No required SSL certificate" in answer else answer
    except (OSError, ValueError) as error:
        return "refused " + repr(error)


def refuse_what_is_not_for_others(play):
    context = play.trust().client_context(play.identity("client"))
    for shown in ("good", "name-only"):  # both take the host's for it, an address here
        play.say("without a name", said_by(by_streams, context, play.options["ports"][shown], None))
    for trust in (Trust.pinned("00" * 32), Trust.danger_first_use("nobody")):
        try:
            trust.client_context()
        except Unsupported as error:
            play.say(error.code)
