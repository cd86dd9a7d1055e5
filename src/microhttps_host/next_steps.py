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
    "no_authority": "microhttps ca init",
    "no_authority_key": "bring ca.key back for as long as you sign, and do it again",
    "authority_exists": "microhttps ca init --keep-key --for NAME   widens it;   --replace   makes another",
    "authority_ends": "microhttps ca init --keep-key   and have the new ca.crt trusted where the old one was",
    "passphrase_needed": "do it again at a terminal, or with --passphrase-file FILE",
    "wrong_passphrase": "do it again with the right one",
    "not_permitted": "microhttps ca init --keep-key --for NAME   and have the new ca.crt trusted where the old one was",
    "already_issued": "microhttps ca renew {label} --for NAME   for other names, or choose another --label",
    "no_such_identity": "microhttps ca list --all",
    "not_revocable": "microhttps ca list --all",
    "bad_key": "microhttps ca renew LABEL --new-key",
    "bad_label": "choose another with --label",
    "bad_passphrase": "choose one of several words",
    "record_damaged": "microhttps ca list   once it is back or away",
    "would_overwrite": "choose another folder with --to FOLDER, or overwrite it with --force",
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
