"""MicroPython's `tls`: why it cannot what it cannot, said with the error; loaded with that. Layer 3."""

REASONS = {
    "identities": "MicroPython's tls does not tell which name a client asked for",
    "minimum_tls": "MicroPython's tls has no such switch; ciphers of TLS 1.3 alone do it",
    "maximum_tls": "MicroPython's tls has no switch for versions",
    "curves": "MicroPython's tls has no switch for curves",
    "alpn": "MicroPython's tls has no ALPN",
    "session_tickets": "MicroPython's tls keeps no sessions",
}
