"""Every setting of a client, its default on a board and on a computer, and the reason for it.

As in limits.py; a server never loads this. Layer 1: imports nothing.
"""

# name: (on a board, on a computer)
CLIENT = {
    # Name resolved and TCP connected. Browsers give up later, scripts should not hang that long.
    "connect_timeout": (10, 10),
    # Bytes of the Python heap, in one piece, without which no handshake begins; OutOfMemory tells how many there are.
    # Enough for what is Python's; where Mbed TLS takes its 40 KB from the same heap (Pico W), ask for 45 000.
    "min_free_memory": (4 * 1024, 0),
    # A whole TLS handshake; RSA-4096 takes a small board 23 s, P-256 under one.
    "handshake_timeout": (30, 10),
    # Silence while an answer is awaited or read.
    "recv_timeout": (30, 30),
    "send_timeout": (30, 30),
    # A whole request with its redirects; 0: as long as something comes (min_rate sees to that).
    "total_timeout": (0, 0),
    # Idle connections are kept this long; most servers close after 60 s or more.
    "keep_alive_timeout": (15, 30),
    # Connections in use at once, in all; a request beyond waits for its turn. Browsers: 256, aiohttp and httpx: 100.
    "max_connections": (4, 100),
    # The same to one host. Browsers: 6, for politeness; a server of ours takes 250 of an address.
    "max_connections_of_host": (2, 32),
    # How long a request waits for its turn.
    "place_timeout": (30, 60),
    # Idle connections kept in all. One costs a board up to 40 KB.
    "max_idle_connections": (1, 20),
    # Redirects followed for one request; 0: they are answers like others. Browsers: 20, RFC 2068 had said 5.
    "max_redirects": (5, 10),
    # Cookies are kept and sent as by a browser, for as long as the client lives.
    "keep_cookies": (True, True),
    # Ask for compressed answers. A board would need 32 KB more to read one.
    "accept_gzip": (False, True),
    # Resume the TLS session of the last connection to a server, which spares half of the handshake.
    "session_tickets": (False, True),
    # Exchange keys by RSA with servers that have such a key and TLS 1.2 alone: without forward secrecy, so that who
    # steals the server's key reads what was recorded. For a MicroPython whose Mbed TLS has TLS 1.3, too, and cannot
    # talk to most of these servers otherwise (rsa_signature_refused). OpenSSL can, and is not changed by this.
    "danger_rsa_key_exchange": (False, False),
    # Bytes a second, below which a body (either way) has used up its allowance.
    "min_rate": (10, 10),
    "max_header_length": (4 * 1024, 64 * 1024),
    "max_headers": (64, 200),
    # The longest answer taken at all.
    "max_body_length": (16 * 1024 * 1024, 16 * 1024 * 1024 * 1024),
    # The longest answer held in memory by `body`.
    "max_content_length": (32 * 1024, 64 * 1024 * 1024),
    # A proxy for everything: "http://host:port", with name:password@ where it asks for them (RFC 9110 section 9.3.6).
    "proxy": (None, None),
    "user_agent": ("microhttps", "microhttps"),
}
