"""Certificates of clients that are not to be believed, and ours that clients refuse. Layer 1: imports nothing."""

TEXT = """

certificate_refused role=server
The certificate that a client showed was refused[: {verify_message}].
It breaks a rule that has no code of its own: an authority that may not be one, a constraint, a field nobody knows.
Issue the client another one with an authority that passes openssl verify -x509_strict.

chain_too_large role=server
A client shows more certificates, or larger ones, than are taken.
It sends a whole collection instead of its own chain, or means harm.
Give the client its own certificate and those between it and the root, and no others.

expired role=server
A client showed a certificate that has expired[: it ended on {not_after}].
It was not renewed in time, or the clock of this {machine}, which says {today}, is ahead.
Give the client a new certificate; clients do best to renew theirs when a third of its life is left.

handshake_refused role=server
A client ended the handshake[ with the alert {alert}].
It does not believe our certificate: it does not know the authority, or asks for another name.
Have the client trust our authority, and open the server by a name that stands in its certificate.

handshake_refused role=server alert=unknown_ca
-
It does not know the authority that signed our certificate (a browser before somebody clicks "continue").
Install the authority where the client runs: its file is what microhttps serve calls "CA file".

handshake_refused role=server alert=certificate_unknown
-
It does not believe our certificate: Chrome says so of authorities it does not know, Apple of more than 825 days.
Install the authority where the client runs; have a certificate of at most 397 days with subjectAltName and serverAuth.

handshake_refused role=server alert=bad_certificate
-
It refused our certificate: Firefox and Python 3.13 say so of unknown authorities and of fields that are missing.
Install the authority where the client runs; it needs key identifiers and critical basicConstraints (-x509_strict).

handshake_refused role=server alert=certificate_expired
-
Our certificate is out of its dates, by the clock of the client.
Renew the certificate of this server; if it is still valid, the clock of the client is wrong.

not_yet_valid role=server
A client showed a certificate that is not valid yet[: it begins on {not_before}].
The clock of this {machine}, which says {today}, is behind, or the one of the authority that issued it is ahead.
Set the clock of this {machine}; authorities do best to let certificates begin a day earlier.

revoked role=server
A client showed a certificate that was revoked by its authority.
Its key was lost or stolen, or the client was dismissed.
Nothing is to be done here; give the client a new certificate if it should come back.

self_signed role=server
A client showed a certificate signed by itself, which is not among the trusted ones.
It was made for a test, or by an authority that this server does not know.
Issue the client a certificate by the authority that stands in trust=Trust.load(file).

too_weak role=server
A client's certificate, or one above it, has a key too small or a digest too weak to believe.
It was made long ago: RSA below 2048 bits, or signed with SHA-1 or MD5.
Issue the client a new one: ECDSA on P-256, or RSA 2048, signed with SHA-256.

untrusted_issuer role=server
A client showed a certificate that no trusted authority of ours has signed[; its issuer is {issuer}].
It belongs to another authority, or the chain between the client and ours was not sent.
Issue the client one by the authority in trust=Trust.load(file), or name its authority there, too.

wrong_usage role=server
A client showed a certificate that is not for clients (extendedKeyUsage without clientAuth).
It was issued for a server; public authorities have not issued certificates for clients since 2026.
Issue the client one with clientAuth by an authority of your own.

"""
