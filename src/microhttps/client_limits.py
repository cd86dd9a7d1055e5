"""Every setting of a client, its default on a board and on a computer, and the reason for it.

As in limits.py; a server never loads this. Layer 1: imports nothing.
"""

# name: (on a board, on a computer)
CLIENT = {
    # Name resolved and TCP connected. Browsers give up later, scripts should not hang that long.
    "connect_timeout": (10, 10),
    # A whole TLS handshake; RSA-4096 takes a small board 23 s, P-256 under one.
    "handshake_timeout": (30, 10),
    # Silence while an answer is awaited or read.
    "recv_timeout": (30, 30),
    "send_timeout": (30, 30),
    # Idle connections are kept this long; most servers close after 60 s or more.
    "keep_alive_timeout": (15, 30),
    # Idle connections kept in all. One costs a board up to 40 KB.
    "max_idle_connections": (1, 20),
    # Bytes a second, below which a body (either way) has used up its allowance.
    "min_rate": (10, 10),
    "max_header_length": (4 * 1024, 64 * 1024),
    "max_headers": (64, 200),
    # The longest answer taken at all.
    "max_body_length": (16 * 1024 * 1024, 16 * 1024 * 1024 * 1024),
    # The longest answer held in memory by `body`.
    "max_content_length": (32 * 1024, 64 * 1024 * 1024),
    "user_agent": ("microhttps", "microhttps"),
}
