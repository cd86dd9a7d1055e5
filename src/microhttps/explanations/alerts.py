"""See `explanations`: handshakes that the peer has refused, by the alert it sent (RFC 8446 section 6.2). Layer 1."""

TEXT = """

handshake_refused
[{host}|The other side] ended the handshake[ with the alert {alert}].
It does not accept something that we offer or show: our certificate, our versions of TLS, our ciphers, or the name.
Look into its log; if it asks its clients for certificates, give the client one: Client(identity=Identity(...)).

handshake_refused alert=certificate_required
-
It serves only clients that show a certificate, and we showed none.
Give the client one that it believes: Client(identity=Identity("client.crt", "client.key")).

handshake_refused alert=bad_certificate
-
It does not accept the certificate that we showed: unreadable, without the fields it wants, or for another use.
Show it one with subjectAltName and clientAuth that its own authority has signed.

handshake_refused alert=unknown_ca
-
It does not know the authority that signed the certificate which we showed.
Use a certificate that its own authority has signed, or have it trust the authority of ours.

handshake_refused alert=certificate_expired
-
The certificate that we showed is out of its dates, by the clock of the other side.
Renew our certificate; if it is still valid, the clock over there is wrong.

handshake_refused alert=protocol_version
-
It speaks none of the versions of TLS that we do (1.2 and 1.3); older ones are broken, and none of ours.
Bring the software of the other side up to date; on a computer, openssl s_client -connect [{host}|HOST]:443 shows more.

handshake_refused alert=handshake_failure
-
We have no cipher, curve or kind of key in common, or it wants a certificate of its clients (TLS 1.2).
Compare on a computer: openssl s_client -connect [{host}|HOST]:443; an ECDSA certificate on P-256 is what all can do.

handshake_refused alert=unrecognized_name
-
It has no certificate for the name that was asked for.
Use the host name that it is known by, and not its address or an alias.

handshake_refused alert=internal_error
-
It had trouble of its own; some servers say so, too, when they do not know the host name that was asked for.
Use the host name that it is known by; then look into its log.

"""
