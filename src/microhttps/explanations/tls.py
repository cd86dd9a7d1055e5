"""The TLS connection itself, as far as it is not a matter of certificates. Layer 1: imports nothing."""

TEXT = """

bad_record
[{host}|The other side] sent a TLS record that cannot be taken, in the middle of the connection.
Something between here and there changes the bytes, or the record is longer than the TLS library of a board takes.
Try from another network; where it fails for large answers only, have the server send records of at most 4 KB.

data_before_tls
The other side sent more in the clear than was read when TLS was to begin[: {got} bytes].
Somebody in between may have put it there (an attack on STARTTLS), or the answer to it was not read whole.
Read the answer to its end before start_tls; do not go on over this connection.

handshake_failed
No TLS connection with [{host}|the other side] could be agreed on[ (the TLS library says {reason})].
Versions, ciphers or keys do not fit, or the other side ended the handshake with an alert that cannot be read here.
Look into the log of the other side; on a computer, openssl s_client -connect [{host}|HOST]:443 shows each step.

handshake_failed role=server
No TLS connection with a client could be agreed on[ (the TLS library says {reason})].
It was no whole TLS hello, or a client so old or so odd that nothing fits; scanners of ports send such things.
Nothing is to be done, unless it is a client of yours: then compare its versions and ciphers with ours (docs/tls.md).

handshake_failed role=client machine=board
-
The server may want a certificate of its clients: Mbed TLS cannot read that alert under TLS 1.3.
Look into the log of the server; if it wants one, Client(identity=Identity("client.crt", "client.key")).

no_common_cipher
We and [{host}|the other side] have no cipher, curve or kind of signature in common.
One of the two is old, or its choice of ciphers was narrowed too far.
Name more on the narrow side; ECDHE with AES-GCM and an ECDSA certificate on P-256 is what all of today can do.

no_common_cipher role=server
A client offers no cipher, curve or kind of signature that this server takes.
It is old, or ciphers= or curves= of this server leave too little.
Leave ciphers and curves to the TLS library; an ECDSA certificate on P-256 is what all clients of today can use.

no_common_version
[{host}|The other side] speaks none of our versions of TLS, which are 1.2 and 1.3.
It is old and speaks TLS 1.0 or 1.1, which are broken (RFC 8996), or it was narrowed to one that we do not have.
Bring its software up to date; nothing here brings those versions back.

no_common_version role=server
A client speaks no version of TLS that this server takes.
It is old (TLS 1.0 or 1.1), or minimum_tls and maximum_tls of this server leave only one that it does not have.
Bring the client up to date, or widen minimum_tls and maximum_tls within 1.2 and 1.3.

peer_is_not_tls
[{host}|The other side] does not speak TLS on this port.
The port is that of plain HTTP or of another service, or something in between (a login page) answers in its place.
Check the port; if it is meant to be plain HTTP, ask for http://[{host}|HOST].

peer_is_not_tls machine=board
-
The port is that of plain HTTP or of another service; a TLS record that this board cannot hold looks the same.
Check the port on a computer: microhttps get https://[{host}|HOST]; if that works, have the server send smaller records.

peer_is_not_tls role=server
A client does not speak TLS to the secure port.
It was asked for http:// where https:// is meant, or it is a scanner of ports.
Use https:// in the client; redirect_port=80 leads those who come by plain HTTP to the secure port.

peer_is_not_tls role=server protocol=http
A client speaks plain HTTP to the secure port.
It was asked for http:// where https:// is meant.
Use https:// in the client; redirect_port=80 leads those who come by plain HTTP to the secure port.

peer_speaks_tls
The other side speaks TLS where plain HTTP was expected.
http:// was asked for on a port that serves https.
Ask for https:// instead.

peer_speaks_tls role=server
A client began a TLS handshake, and this server speaks plain HTTP.
https:// was asked for, or a browser tries it first; the server has transport="insecure".
Ask for http://, or give the server an identity: Server(identity=Identity(certificate, key)).

rsa_signature_refused
The handshake with [{host}|the server] fails over a fault of Mbed TLS 3.6: it refuses RSA-PSS under TLS 1.2.
The server has an RSA certificate and does not offer TLS 1.3; servers on OpenSSL 3 then sign with RSA-PSS.
Give the server TLS 1.3 or an ECDSA certificate; danger_rsa_key_exchange=True goes without, and without forward secrecy.

"""
