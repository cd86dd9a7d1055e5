"""The settings of a server's TLS, their defaults on a board and on a computer, and the reasons.

Apart from `limits`, because a board that names none of them shall not keep their names: what an application names is
in `settings.choices`, and nothing is there that it did not name. Layer 1: imports nothing.
"""

# name: (on a board, on a computer)
SERVER_TLS = {
    # With a trust: "required" refuses who shows no certificate of it, "optional" serves him too, and the handler sees
    # `session.tls.peer_certificate`. nginx: ssl_verify_client on, optional. What is shown is verified in both.
    "client_certificate": ("required", "required"),
    # {server name or "*.domain": Identity}, for clients who ask for that name (SNI, RFC 6066); others get `identity`.
    "identities": (None, None),
    # The oldest version spoken, "1.2" or "1.3". Older ones are broken (RFC 8996), and no setting brings them back.
    "minimum_tls": ("1.2", "1.2"),
    # The newest version spoken, "1.2" or "1.3"; none: the newest that the TLS library has.
    "maximum_tls": (None, None),
    # Names of the TLS library, in a list or between colons: OpenSSL's on CPython ("ECDHE+AESGCM" for TLS 1.2,
    # "TLS_AES_128_GCM_SHA256" for 1.3), Mbed TLS's on MicroPython. TLS 1.3's names alone leave TLS 1.3 alone.
    # None: the library's own choice, which its authors keep up to date; on CPython AES-128-GCM with SHA-256 first.
    "ciphers": (None, None),
    # Names of curves for the key exchange ("X25519", "prime256v1"). None: the library's own.
    "curves": (None, None),
    # Protocols agreed on by ALPN (RFC 7301). Who names them here also refuses clients that want only others.
    "alpn": (None, ("http/1.1",)),
    # Tickets for clients that come back, who skip the costly half of the handshake.
    "session_tickets": (False, True),
}
