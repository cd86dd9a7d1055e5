"""How a newcomer is refused: counted, told, and over plain HTTP with a word. Layer 9."""

from ..errors import NetworkError
from ..port import system

# RFC 9110 sections 15.6.4 and 10.2.3. Over TLS it would take the handshake that there is no place for.
ANSWER = (b"HTTP/1.1 503 Service Unavailable\r\n%sRetry-After: 5\r\nConnection: close\r\n"
          b"Content-Type: text/plain; charset=utf-8\r\nContent-Length: 24\r\n\r\n503 Service Unavailable\n")


def turn_away(server, raw, address, error):
    """Close a newcomer's socket, count it, and tell `on_event` why."""
    server.refused += 1
    if server.transport == "insecure":
        system.discard(raw)  # closing over what has come would reset the answer away
        try:
            raw.send(ANSWER % server.date_line)
        except OSError:
            pass
    raw.close()
    if error.code == "out_of_memory":
        victim = server.pool.find_victim()
        if victim is not None:
            server.pool.purged += 1
            victim.transport.close()  # for the next one
    server.tell("refused", None, address=address, error=error)


def refuse(server, is_one_too_many):
    """Raise why: its address holds its share and none of it is idle (NetworkError), or there is no memory."""
    if is_one_too_many:
        raise NetworkError("too_many_of_address", setting="max_sockets_per_address")
    from ..connections.lacking import lack

    raise lack(server.settings)
