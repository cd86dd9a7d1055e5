"""What a verdict says in words: why, what to change on the server, what on the board; "" where there is nothing to do.

A table by code; names in braces are facts. Layer 12.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Words:
    """`step` is where it goes wrong: one word of the table that `check --board all` shows."""

    step: str
    why: str
    server: str = ""
    board: str = ""


TEXT = {
    # What keeps everybody from connecting.
    "not_tls": Words("network", "What answers there does not speak TLS.", "Is it the port for HTTPS?"),
    "closed": Words("network", "The server closed the connection in the middle of the handshake."),
    "reset": Words("network", "The connection was reset in the middle of the handshake."),
    "deadline": Words("network", "The server said nothing more."),
    "malformed": Words("network", "What the server sent is no handshake: {detail}."),
    "too_large": Words("network", "The server sent more than any handshake has: {detail}."),
    "refused": Words("network", "The server ended the handshake with the alert {alert}.", "Look into its log."),
    # What the server does not take of its offer.
    "version": Words(
        "version", "It speaks TLS {ours}; the server takes {theirs}.",
        "Allow TLS {ours} there as well (nginx: ssl_protocols TLSv1.2 TLSv1.3).",
        "Only other firmware speaks {theirs}; or put a proxy between that speaks both."),
    "suite": Words(
        "suite", "None of its cipher suites is taken; of those of its TLS the server takes {theirs}.",
        "Allow {wanted} there (nginx: ssl_ciphers).", "{advice}"),
    "key_kind": Words(
        "suite", "It offers cipher suites for RSA keys alone; the server shows a key of the kind {theirs}.",
        "Give the server an RSA certificate as well (nginx takes two) and a suite such as {wanted}.",
        "{advice}"),
    "group": Words(
        "group", "It exchanges keys in {ours}; the server in {theirs}.",
        "Allow {wanted} there as well (nginx: ssl_ecdh_curve X25519:prime256v1).",
        "Only other firmware has other groups."),
    "signature": Words(
        "signature", "It takes the signatures {ours}; the server signs with {theirs}.",
        "Give the server a certificate with a P-256 key, which all take.", "Only other firmware takes others."),
    "rsa_pss_refused": Words(
        "signature", "In TLS 1.2 it offers RSA-PSS and refuses it when it is taken (Mbed TLS 3.6.6, its issue 10668).",
        "Give the server a certificate with a P-256 key, or TLS 1.3.",
        "Client(danger_rsa_key_exchange=True) goes another way, without forward secrecy; or a newer Mbed TLS."),
    # What it cannot hold.
    "message_too_long": Words(
        "records", "The server's certificates are {theirs} bytes in one message; it holds {ours}.",
        "Send fewer or smaller certificates: none but the server's own and its intermediates."),
    "record_too_long": Words(
        "records", "The server sends records of {theirs} bytes; it holds {ours}.",
        "Make records smaller (nginx: ssl_buffer_size 4k), or agree to max_fragment_length.",
        "A larger buffer, where the firmware has a setting for it."),
    "records_may_be_long": Words(
        "records", "It holds records of {ours} bytes, and the server has not agreed to keep below that.",
        "Make records smaller (nginx: ssl_buffer_size 4k)."),
    "memory": Words(
        "memory", "The handshake takes about {needed} KB of {where}; there are {free} KB before the program begins.",
        "A shorter chain and a P-256 key need less.", "Connect before the memory is taken by others."),
    "memory_tight": Words(
        "memory", "The handshake takes about {needed} KB of {where}; before the program begins there are {free}.",
        "", "Connect early, collect before it, one handshake at a time."),
    # What it would refuse of the certificates.
    "chain_too_large": Words("chain", "It takes fewer certificates than the server sends: {detail}.",
                             "Issue from an authority nearer to the root, and do not send the root."),
    "wrong_order": Words("chain", "It looks for an issuer only among those behind it: {detail}.",
                         "Send the server's certificate first, then each behind the one that it issued.",
                         "With microhttps on MicroPython it connects, in three connections instead of one."),
    "self_signed": Words("chain", "The certificate is signed by itself and not what it is to trust.",
                         "", "Give it this certificate as what to trust."),
    "untrusted_issuer": Words("chain", "It cannot follow the chain to what it is to trust: {detail}.",
                              "Send the intermediates as well.",
                              "Give it the root of this chain: microhttps roots find."),
    "past_the_root": Words(
        "chain", "With ESP-IDF's bundle, which looks behind the last certificate only, it would refuse this: {detail}.",
        "Send the shorter chain, which ends below a root of today.",
        "Turn on CONFIG_MBEDTLS_CERTIFICATE_BUNDLE_CROSS_SIGNED_VERIFY, or give it the root by itself."),
    "root_refused": Words("chain", "It cannot read the root that it is to trust: {detail}.",
                          "Issue from a root with a P-256 key and SHA-256."),
    "certificate_refused": Words("chain", "It cannot read a certificate that the server sends: {detail}.",
                                 "Issue it from keys of the kinds {keys}, with SHA-256, no more critical extensions."),
    "key_too_long": Words("chain", "{detail}; it can compute with shorter ones only.", "Use a P-256 key."),
    "too_weak": Words("chain", "It refuses what is weak: {detail}.", "Issue it with a P-256 key and SHA-256."),
    "wrong_usage": Words("chain", "The certificate is for something else: {detail}.",
                         "Issue it with extendedKeyUsage serverAuth and keyUsage digitalSignature."),
    "wrong_name": Words("name", "The certificate is for others: {detail}.",
                        "Issue it for the name that the board asks for.", "Ask for a name that is in it."),
    "expired": Words("dates", "{detail}.", "Renew it.", "Is its clock right?"),
    "not_yet_valid": Words("dates", "{detail}.", "", "Is its clock right?"),
    # What should be known.
    "client_certificate": Words("certificate", "The server asks for a certificate of its clients.",
                                "", "Give the board one, with its key."),
}  # fmt: skip
