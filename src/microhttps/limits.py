"""Every setting of a server, its default on a board and on a computer, and the reason for it.

Names are ESP-IDF's where it has the setting. Times are seconds (fractions allowed), lengths are bytes.
docs/defaults.md is this table for readers: change both together. Layer 1: imports nothing.
"""

# name: (on a board, on a computer)
SERVER = {
    # Connections at once. ESP-IDF: 4 for TLS, because a socket costs it 40 KB.
    "max_open_sockets": (4, 1000),
    # A full server closes its least recently used idle connection for a newcomer. Off in ESP-IDF's HTTP server, and
    # then one browser is enough to shut everybody out.
    "lru_purge": (True, True),
    # Connections from one address. A browser opens six; a board has fewer in all.
    "max_sockets_per_address": (4, 250),
    # Connections the system holds for us. ESP-IDF: 5; a backlog of 5 turns 8 bad connects into a second's stall.
    "backlog": (8, 1024),
    # A newcomer waits so long in the backlog without anybody being let in, and is then refused: over plain HTTP with a
    # 503. Longer than a handshake may take, which is what holds a place for nothing; ESP-IDF lets them wait for ever.
    "admission_timeout": (15, 15),
    # While a newcomer waits, who has said nothing for so long gives way. Chrome opens connections in advance and is
    # silent on them; a first packet that was lost comes again after a second.
    "grace_for_silence": (1, 1),
    # Bytes of the Python heap, in one piece, without which no handshake begins: a connection keeps 1.3 KB, its request
    # as much for a moment. Asking for 4 KB would make eight connections need 54 KB of heap instead of 46. More where
    # Mbed TLS takes its 40 KB from the same heap (Pico W).
    "min_free_memory": (2 * 1024, 0),
    # A whole TLS handshake. ESP-IDF: 10 s, checked only between its blocking steps.
    "handshake_timeout": (10, 10),
    # Silence before the first request and between requests. nginx: 75 s.
    "keep_alive_timeout": (15, 60),
    # A whole head, from its first byte. Node: 60 s, nginx: 60 s; a head dripped byte by byte must end.
    "header_timeout": (10, 10),
    # Silence within a body, and the start of the allowance below. ESP-IDF: 5 s.
    "recv_timeout": (5, 10),
    # Silence while we send. ESP-IDF: 5 s.
    "send_timeout": (5, 10),
    # Bytes a second, below which a body (either way) has used up its allowance: the timeout alone lets one byte at a
    # time live for ever, as it does in nginx, node and uvicorn.
    "min_rate": (100, 1000),
    # Seconds from one look at the files of the identity to the next; a renewed one is taken up. 0: never.
    "identity_check_interval": (10, 2),
    # Plain HTTP is answered there with a redirect to the secure port. None: nobody listens there.
    "redirect_port": (None, None),
    # Several processes may listen on the same port, and the system spreads newcomers over them (SO_REUSEPORT).
    "reuse_port": (False, False),
    # stop(): seconds for requests in progress to end.
    "stop_timeout": (5, 10),
    # The request target. ESP-IDF: 512; Apache: 8190.
    "max_uri_length": (1024, 8 * 1024),
    # All field lines of a head. ESP-IDF: 1024, which Chrome's cookies exceed; nginx: 32 KB.
    "max_header_length": (2 * 1024, 16 * 1024),
    # Field lines of a head. Apache: 100.
    "max_headers": (32, 100),
    # A request body, announced or streamed. nginx: 1 MB.
    "max_body_length": (1024 * 1024, 1024 * 1024 * 1024),
    # A body held in memory: read(), json(), and what a plain `def` handler is given.
    "max_content_length": (8 * 1024, 16 * 1024 * 1024),
    # Fields and files of one form. Django: 1000 fields, PHP: 1000 variables; each costs an object or a file.
    "max_form_fields": (64, 1000),
}
