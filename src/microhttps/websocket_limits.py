"""Every setting of a WebSocket, its default on a board and on a computer, and the reason for it; for both roles.

As in limits.py; given to Server or Client like theirs, and loaded with the first WebSocket. Layer 1: imports nothing.
"""

# name: (on a board, on a computer)
WEBSOCKET = {
    # A message held in memory, however many fragments it comes in; a longer one ends the connection with 1009.
    # websockets: 1 MB. On a board the most that one may hold at all: one that its memory does not hold ends so, too.
    "websocket_max_message_length": (64 * 1024, 16 * 1024 * 1024),
    # Messages that wait for the handler; behind them nothing more is read, and TCP makes the peer wait. websockets: 16.
    "websocket_max_queue": (4, 16),
    # Bytes that `send_nowait` and `broadcast` may leave waiting for a slow peer. `await send()` waits instead.
    "websocket_max_outgoing": (4 * 1024, 1024 * 1024),
    # Silence after which the peer is asked whether it is still there; None: never. websockets: 20 s.
    "websocket_ping_interval": (20, 20),
    # Silence after that question which frees the slot of a phone that fell asleep. websockets: 20 s.
    "websocket_ping_timeout": (20, 20),
    # The closing handshake. websockets: 10 s.
    "websocket_close_timeout": (5, 10),
}
