"""What is said of faults that are made for real: the golden table. Each is checked against both interpreters.

`MACHINE`, `TODAY`, `YESTERDAY` and `TOMORROW` stand for what differs from run to run, `PORT` for the port.
"""

RENEW = "Compare that date with a calendar; if it is right, whoever runs localhost must renew the certificate."
LOAD = "On a computer, microhttps roots find localhost shows the root to trust; load that: Trust.load(file)."
STRANGER = "It has another authority than those that are loaded: a private one, or the host has changed to a new one."

# name: (options of the play, facts, three sentences of the client)
CERTIFICATES = {
    "expired": ({"certificate": "expired"}, "host not_after", (
        "The certificate of localhost has expired: it ended on YESTERDAY.",
        "Nobody renewed it in time, or the clock of this MACHINE, which says TODAY, is ahead.",
        RENEW,
    )),
    "not yet valid": ({"certificate": "not-yet-valid"}, "host not_before", (
        "The certificate of localhost is not valid yet: it begins on TOMORROW.",
        "The clock of this MACHINE, which says TODAY, is behind, or the clock of the machine that made it is ahead.",
        "Set the clock of this MACHINE; if it is right, wait, or have the certificate made anew.",
    )),
    "a clock never set": ({"certificate": "not-yet-valid", "clock": 946684800}, "clock host", (
        "The certificate could not be judged, because the clock of this MACHINE says 2000-01-01, before this software was "
        "made.",
        "The clock was never set: a board without a battery begins anew at each start.",
        "Set it before the first request: import ntptime; ntptime.settime() on a board with Wi-Fi.",
    )),
    "another name": ({"certificate": "wrong-name"}, "common_name host names", (
        "The certificate of localhost is for other names: elsewhere.example.",
        "The server is asked by an address or a name that its certificate does not carry, or another server answers there.",
        "Ask by one of its names, or have localhost put into the certificate (subjectAltName).",
    )),
    "an address instead of a name": ({"certificate": "name-only", "host": "127.0.0.1"}, "common_name host names", (
        "The certificate of 127.0.0.1 is for other names: localhost.",
        "The server is asked by an address or a name that its certificate does not carry, or another server answers there.",
        "Ask by one of its names, or have 127.0.0.1 put into the certificate (subjectAltName).",
    )),
    "another authority": ({"certificate": "unknown"}, "host issuer", (
        "No trusted authority has signed the certificate of localhost; its issuer is a stranger.",
        STRANGER,
        LOAD,
    )),
    "signed by itself": ({"certificate": "self-signed"}, "host issuer", (
        "localhost shows a certificate signed by itself, which is not among the trusted ones.",
        "It is a device or a test server with a certificate of its own making (localhost).",
        'If it is yours, trust exactly that one: Trust.load("its.crt"), or Trust.pinned(its SHA-256).',
    )),
}  # fmt: skip

# What the server says of the same handshake, and of others. name: (options, facts, three sentences)
UNTRUSTING = (
    "A client ended the handshake with the alert unknown_ca.",
    'It does not know the authority that signed our certificate (a browser before somebody clicks "continue").',
    'Install the authority where the client runs: its file is what microhttps serve calls "CA file".',
)
UNTRUSTING_TO_A_BOARD = (
    "A client ended the handshake.",
    "It does not believe our certificate: it does not know the authority, or asks for another name.",
    "Have the client trust our authority, and open the server by a name that stands in its certificate.",
)
NO_CERTIFICATE = (
    "A client showed no certificate, and this server serves only clients that do.",
    "The client was given none, or none that our authorities have signed (browsers then offer nothing to choose).",
    'Give it one, or let others in as well: client_certificate="optional".',
)

# What a server says of certificates that clients show. name of the certificate: three sentences
CLIENTS = {
    "good": (
        "A client showed a certificate that is not for clients (extendedKeyUsage without clientAuth).",
        "It was issued for a server; public authorities have not issued certificates for clients since 2026.",
        "Issue the client one with clientAuth by an authority of your own.",
    ),
    "client-unknown": (
        "A client showed a certificate that no trusted authority of ours has signed.",
        "It belongs to another authority, or the chain between the client and ours was not sent.",
        "Issue the client one by the authority in trust=Trust.load(file), or name its authority there, too.",
    ),
    "client-expired": (
        "A client showed a certificate that has expired.",
        "It was not renewed in time, or the clock of this MACHINE, which says TODAY, is ahead.",
        "Give the client a new certificate; clients do best to renew theirs when a third of its life is left.",
    ),
    "client-self-signed": (
        "A client showed a certificate signed by itself, which is not among the trusted ones.",
        "It was made for a test, or by an authority that this server does not know.",
        "Issue the client a certificate by the authority that stands in trust=Trust.load(file).",
    ),
}

# What a server says that cannot start. name: (certificate and key, code, the sentences in one line)
STARTS = {
    "another key": (["mismatch.crt", "mismatch.key"], "key_does_not_match_certificate",
                    "The private key does not belong to the certificate FOLDER/mismatch.crt. One of the two files was "
                    "renewed or copied without the other, or the chain stands in the wrong order. Put both files of the "
                    "same certificate there; the own certificate comes first in a file with a chain."),
    "no file": (["missing.crt", "good.key"], "bad_certificate_file",
                "The file FOLDER/missing.crt cannot be read. The path is spelled otherwise, the file was not copied to "
                "this MACHINE, or it may not be read. Check the path; on a board, paths begin at the root of its own "
                "file system."),
    "no certificate": (["garbage.crt", "good.key"], "bad_certificate_file",
                       "FOLDER/garbage.crt is not a certificate, or not one with its private key. The path is wrong, the "
                       "file was cut or pasted badly, or certificate and key are the wrong way round. Look at it on a "
                       "computer: openssl x509 -in FILE -noout -text; for the key: openssl pkey -in FILE -noout -check."),
    "expired": (["expired.crt", "expired.key"], "expired",
                "Our own certificate FOLDER/expired.crt has expired: it ended on YESTERDAY, so no client would accept it. "
                "It was not renewed in time, or the clock of this MACHINE, which says TODAY, is ahead. Renew it and put "
                "the new one in the place of that file; a running server takes it up by itself."),
}

TRY = "on a computer, openssl s_client -connect localhost:443 shows each step."

# name: (what the rude server of faults.test_codes does, settings of the client, facts, three sentences)
RUDE = {
    "a reset": ("reset_after_the_hello", {}, "during host", (
        "localhost closed the connection in the middle of the TLS handshake, without a word.",
        "It does not like the host name or our versions, wants no more connections, or something in between cuts TLS off.",
        "Try from another network; " + TRY,
    )),
    "silence": ("say_nothing", {"handshake_timeout": 0.4}, "host setting", (
        "The TLS handshake with localhost was not over within the handshake_timeout.",
        "It is a slow device (RSA-4096 takes a small board 23 s), or it accepts connections and says nothing.",
        "Prefer certificates with ECDSA on P-256; else raise handshake_timeout.",
    )),
}  # fmt: skip
NOT_TLS = {
    "cpython": (
        "localhost does not speak TLS on this port.",
        "The port is that of plain HTTP or of another service, or something in between (a login page) answers in its place.",
        "Check the port; if it is meant to be plain HTTP, ask for http://localhost.",
    ),
    "micropython": (
        "localhost does not speak TLS on this port.",
        "The port is that of plain HTTP or of another service; a TLS record that this board cannot hold looks the same.",
        "Check the port on a computer: microhttps get https://localhost; if that works, have the server send smaller "
        "records.",
    ),
}

# name: (options of the client, facts, three sentences), with no server at all
ALONE = {
    "refused": ({}, "host port", (
        "localhost is there, and nothing listens on port PORT.",
        "The server is not running, or it listens on another port or another address.",
        "Start it, or correct the port.",
    )),
    "no such host": ({"host": "nowhere.invalid"}, "host", (
        "There is no address for the name nowhere.invalid.",
        "The name is spelled otherwise, or this MACHINE is not in the network or asks a name server that does not know it.",
        "Check the spelling and the network; names in .local need mDNS, and an address works without any.",
    )),
    "no file": ({"trust": "missing"}, "file", (
        "The file FOLDER/missing.crt cannot be read.",
        "The path is spelled otherwise, the file was not copied to this MACHINE, or it may not be read.",
        "Check the path; on a board, paths begin at the root of its own file system.",
    )),
    "no authority": ({"trust": "garbage"}, "certificate", (
        "FOLDER/garbage.crt is not a certificate, or not one with its private key.",
        "The path is wrong, the file was cut or pasted badly, or certificate and key are the wrong way round.",
        "Look at it on a computer: openssl x509 -in FILE -noout -text; for the key: openssl pkey -in FILE -noout -check.",
    )),
    "a password": ({"url": "https://me:secret@local host/"}, "", (
        "The URL is refused: URL without white space expected.",
        "It lacks the scheme or the host, or has blanks in it.",
        "Write it whole: https://host/path; blanks in a path are %20.",
    )),
    "no URL": ({"url": "https://local host/"}, "", (
        "The URL is refused: URL without white space expected, got 'https://local host/'.",
        "It lacks the scheme or the host, or has blanks in it.",
        "Write it whole: https://host/path; blanks in a path are %20.",
    )),
    "another scheme": ({"url": "ftp://localhost/"}, "", (
        "The URL is refused: scheme http, https, ws or wss expected, got 'ftp'.",
        "It lacks the scheme or the host, or has blanks in it.",
        "Write it whole: https://host/path; blanks in a path are %20.",
    )),
}  # fmt: skip
