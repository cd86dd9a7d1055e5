"""One sentence for each code of an error; loaded when an error is shown, so that a board that shows none has none.

What a parser says of a peer's bytes comes with the error itself, because it quotes them. Layer 1.
"""

from .explanations.quoting import shown

SENTENCES = {
    # you
    "already_secure": "this stream speaks TLS already",
    "async_handler": "what is told events is a plain function: a coroutine would never run",
    "cancelled": "the request was cancelled",
    "already_receiving": "one task at a time waits for the messages of a WebSocket",
    "already_started": "this server listens already",
    "bad_answer": "a handler answers text, bytes, a dictionary, a list, None, a Response, or a tuple of one of these "
                  "with a status or headers",
    "bad_body": "a body is bytes, text or an async iterator",
    "bad_certificate_file": "this is not a certificate, or not one with its private key",
    "bad_choice": "this setting cannot have this value",
    "bad_ciphers": "the TLS library knows no such ciphers",
    "bad_client_trust": "a server believes authorities: name those that sign its clients with Trust.load(file)",
    "bad_close_code": "a close code is 1000 to 1003, 1007 to 1014 or 3000 to 4999",
    "bad_curves": "the TLS library knows no such curve",
    "bad_event": "an event has data or another field, and its name and id are in one line",
    "bad_error_handler": "an error handler is for a status from 400 to 599 or for a class of exceptions",
    "bad_crl": "this is no list of revoked certificates (PEM)",
    "bad_host_name": "this is not a name that a certificate could carry",
    "bad_message": "a message is text or bytes, and what a ping carries at most 125 bytes",
    "bad_method": "a method is a word",
    "bad_pin": "a pin is the SHA-256 of a certificate, 64 hexadecimal digits, or of a key, sha256//… in base64",
    "bad_root_store": "this is not a whole store of public roots",
    "bad_route": "a path begins with /, its parameters are whole segments <name>, <int:name> or last <path:name>, it "
                 "may end in *, ? or ?*, and it has one handler a method, of a list of them in capitals",
    "bad_proxy": "a proxy is http://host:port",
    "bad_rule": "client_certificate is True, a name, a SHA-256 fingerprint, several of these, or a function of `tls`",
    "bad_same_site": "SameSite is Lax, Strict or None",
    "bad_status": "a status is a number from 200 to 599",
    "bad_transport": 'the transport is "secure" or "insecure"',
    "cannot_share_port": "this system has no port that several processes may listen on (SO_REUSEPORT)",
    "cannot_unpack_roots": "the public roots cannot be unpacked into this folder; MICROHTTPS_HOME names another",
    "engine_elsewhere": "this engine is another interpreter's",
    "engine_not_installed": "this engine needs a library that is not installed",
    "handler_waited": "a coroutine without an await has waited",
    "demonstration_key": "the private key of this certificate was published in somebody's examples: it is no secret",
    "key_does_not_match_certificate": "the private key belongs to another certificate",
    "key_is_sealed": "this private key is sealed: Identity(certificate, key, sealed=secret) opens it",
    "not_sealed": "sealed= was given, and this private key is not sealed",
    "sealed_key_damaged": "this file of a sealed key was cut or changed",
    "wrong_secret": "the sealed private key does not open with this secret",
    "loop_is_running": "this call blocks; inside async code await the form that does not",
    "no_client_trust": 'a server asks for client certificates only with transport="secure" and trust=Trust.load(file)',
    "not_started": "this server does not run: call start() first",
    "password_in_clear": "a password or token is not sent over plain http, where everybody on the way reads it",
    "bad_known_hosts": "the file of known hosts cannot be read or written; whoever was known would be anyone again",
    "no_crl": "this TLS engine reads no list of revoked certificates",
    "no_status_page": "the page of microhttps.status is not there; say where it is: Status(server, page=path)",
    "open_status": 'a status page needs users={"name": "password"}, a guard= or a client_certificate=, or '
                   "danger_public=True",
    "no_identity": 'a secure server needs identity=Identity(certificate, key), or transport="insecure"',
    "no_system_roots": "this system has no roots of its own: Trust.public() brings some, Trust.load(file) takes yours",
    "no_such_root": "no root has this name, or no chain of this site leads to one",
    "not_an_authority": "this certificate may not sign others, so it is no root",
    "only_our_client": "pins and first use are judged by connections of this package; for others name the certificate "
                       "or its authority with Trust.load(file)",
    "roots_need_host": "which public root is needed is known only when the host is: client_context(host=...), or name "
                       "a CA with Trust.load(file)",
    "redirect_to_nothing": 'redirect_port leads to the secure port, and with transport="insecure" there is none',
    "open_credentials": "cookies and passwords for pages of every site: name the origins that may",
    "session_too_large": "a session has to fit into one cookie",
    "stream_not_begun": "the queue of this stream is full before its handler has returned it",
    "no_such_route": "there is no such route, or not with all of these methods",
    "part_passed_over": "this part of a form is gone: read it before the next is asked for",
    "unknown_engine": "there is no such TLS engine",
    "unknown_setting": "there is no such setting",
    "unsupported": "this interpreter's TLS cannot do this",
    "weak_secret": "a secret has 16 random bytes or more",
    "weak_certificate": "OpenSSL refuses a key this small or a digest this weak",
    "wrong_password": "the private key does not open with this password",
    "bad_cookie": "a cookie like this is dropped by browsers",
    "bad_file_name": "a file's name is text in one line",
    "bad_length": "a length is a number of bytes, and the body has as many",
    "bad_piece": "the pieces of a body are bytes or text",
    "file_changed": "the file was changed while it was sent",
    "no_such_folder": "there is no such folder to serve",
    "danger_not_named": "cert_reqs=CERT_NONE believes anyone who answers: leave it out, or say it with "
                        "trust=Trust.danger_anyone()",
    "no_server_hostname": "a certificate is verified for a name: say whom you expect with server_hostname=, or believe "
                          "anyone with trust=Trust.danger_anyone()",
    "not_a_socket": "a connected socket.socket is wrapped, and once only",
    "root_not_known": "which public root this host needs is found by a connection of its own: name where it answers "
                      "TLS at once with address=(host, port), or whom to believe with trust=Trust.load(file)",
    # the peer
    "bad_credentials": "the credentials are for another path",
    "bad_form": "the text of a form is not UTF-8",
    "bad_compression": "the compressed body is broken",
    "bad_redirect": "the peer redirects to what is no URL of the Web",
    "body_cannot_be_repeated": "the peer wants the body once more, and an iterator gives it once: send bytes",
    "bad_json": "the body is not JSON",
    "bad_multipart": "the body is not parts between boundaries",
    "body_cut_short": "the connection ended before the body did",
    "body_too_large": "the body is longer than is taken",
    "data_before_tls": "more came in the clear behind the consent to TLS: somebody in between may have put it there",
    "coded_body": "the body is compressed, which nobody here undoes",
    "bad_record": "a TLS record that was broken, or is longer than is taken",
    "handshake_failed": "no TLS connection could be agreed on",
    "no_common_cipher": "the two sides have no cipher, curve or signature in common",
    "no_common_version": "the two sides have no version of TLS in common",
    "not_a_form": "the body is neither application/x-www-form-urlencoded nor multipart/form-data, or not the one "
                  "that is wanted",
    "peer_is_not_tls": "the peer does not speak TLS on this port",
    "rsa_signature_refused": "this TLS library refuses how the server signs with RSA under TLS 1.2 (RSA-PSS): it needs "
                             "TLS 1.3, an ECDSA certificate, or a client with danger_rsa_key_exchange=True",
    "too_many_parts": "the form has more fields than are taken",
    "unexpected_upgrade": "the peer changed to a protocol that nobody had asked for",
    "proxy_refused": "the proxy opens no tunnel to this host",
    "redirect_to_plain": "the peer redirects from https to plain http",
    "too_many_redirects": "the peer redirects again and again",
    "too_many_interim": "the peer sends interim answers and no final one",
    "bad_websocket_handshake": "the peer does not answer as one who speaks WebSocket",
    "websocket_bad_frame": "the peer broke a rule of WebSocket",
    "websocket_bad_text": "the peer sent text that is not UTF-8",
    "websocket_closed": "the WebSocket is closed",
    "websocket_refused": "the server does not open a WebSocket here",
    "websocket_too_large": "the message is longer than is taken",
    "forbidden": "this may not be read",
    "not_acceptable": "there is this page only in a coding that the client does not take",
    "not_found": "there is no such page",
    # trust
    "certificate_refused": "the certificate was refused",
    "chain_too_large": "the peer shows more certificates, or larger ones, than are taken",
    "clock_not_set": "dates cannot be judged: this clock is older than this software",
    "expired": "the certificate has expired",
    "handshake_refused": "the peer ended the handshake with an alert",
    "missing_intermediate": "the peer sent its own certificate alone, and its issuer is none of the trusted roots: an "
                            "intermediate certificate is missing there",
    "name_in_common_name": "the certificate has the name as common name alone, where nobody looks any more: it needs "
                           "subjectAltName",
    "name_not_permitted": "an authority has signed for a name that it may not sign for",
    "no_client_certificate": "the client shows no certificate",
    "not_yet_valid": "the certificate is not valid yet",
    "revoked": "the certificate was revoked",
    "self_signed": "the certificate is signed by itself and is not among the trusted ones",
    "too_weak": "a key this small or a digest this weak is no proof",
    "untrusted_issuer": "no trusted authority has signed this certificate",
    "wrong_name": "the certificate is for another name",
    "crl_out_of_date": "there is no list of revoked certificates of this authority that is valid now",
    "other_key": "this host has another key than at the first visit: it was renewed, or somebody is in between",
    "wrong_pin": "neither the certificate nor its key is a pinned one",
    "wrong_usage": "the certificate is not for this use: clients need clientAuth, servers need serverAuth",
    # the network
    "cannot_listen": "this address cannot be listened on",
    "deadline": "the peer took too long",
    "gave_way": "the client was silent while another waited for its place",
    "no_place": "every place was taken for as long as a newcomer waits",
    "no_such_host": "no address for this host name",
    "out_of_descriptors": "this system may open no more sockets",
    "port_in_use": "another program listens on this port",
    "port_not_allowed": "ports below 1024 need a privilege",
    "refused": "nothing listens on that port",
    "reset": "the peer closed the connection without notice",
    "too_many_of_address": "this address holds its share of connections, and none of them is idle",
    "unreachable": "the network refused",
    # memory
    "out_of_memory": "there is no memory for a TLS connection",
}


def sentence_of(error):
    """The sentence of an error's code with its facts in parentheses."""
    sentence = plain_sentence_of(error)
    facts = [name + "=" + shown(value) for name, value in sorted(error.facts.items()) if value is not None]
    return sentence + " (" + ", ".join(facts) + ")" if facts else sentence


def plain_sentence_of(error):
    """The same without the facts."""
    return error.message or SENTENCES.get(error.code) or error.code.replace("_", " ")
