"""What to do next after an error of the command line: one line for each code. Data; imports nothing of ours.

Layer 11.
"""

NEXT_STEPS = {
    "port_in_use": "choose another port: microhttps serve --port {other_port}   or   make serve PORT={other_port}",
    "port_not_allowed": "ports below 1024 are root's: microhttps serve --port 8443   or   make serve PORT=8443",
    "cannot_listen": "listen on every address of this machine: microhttps serve --host 0.0.0.0",
    "bad_name": "microhttps serve --host 0.0.0.0 serves under all names and addresses of this machine",
    "no_such_application": "microhttps serve examples/device.py   or, with no APP, the demonstration",
    "bad_application": "correct the application and start again",
    "no_server_in_application": "in the application: server = Server()",
    "bad_url": "microhttps get https://example.org/path",
    "no_such_host": "check the spelling of the name, and that this machine can resolve names",
    "refused": "check the port, and that the server runs",
    "reset": "the server ended the connection; its log may say why",
    "deadline": "check that the server runs and that no firewall swallows the connection",
    "peer_is_not_tls": "if the server speaks plain HTTP on this port: microhttps get http://{host}",
    "untrusted_issuer": "name the authority that issued the certificate: microhttps get --cacert FILE {url}",
    "missing_intermediate": "whoever runs the server must send the whole chain; microhttps roots find {host} shows it",
    "no_such_root": "microhttps roots list",
    "bad_root_store": "microhttps roots build --to FILE",
    "self_signed": "if you know its certificate: microhttps get --cacert FILE {url}   or   --pin SHA256",
    "wrong_name": "use a name that the certificate is for; openssl s_client -connect {host} shows it",
    "wrong_pin": "if the server has a new certificate, ask its owner for the new fingerprint",
    "expired": "whoever runs the server must renew the certificate; or is the clock of this machine wrong?",
    "not_yet_valid": "check the clock of this machine and of the one that issued the certificate",
    "clock_not_set": "set the clock of this machine",
    "handshake_refused": "the server may want a certificate of ours, or another version of TLS",
    "bad_certificate_file": "the file must hold a certificate, as PEM or DER",
    "bad_pin": "openssl x509 -in CERTIFICATE -noout -fingerprint -sha256",
}


def next_step(code: str, facts: dict[str, object]) -> str:
    """The line for this code with the facts put in, or "" when there is none or a fact is missing."""
    try:
        return NEXT_STEPS.get(code, "").format(**facts)
    except KeyError:
        return ""
