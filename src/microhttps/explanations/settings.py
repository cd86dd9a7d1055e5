"""Certificates, keys and settings as they are given to a server or a client. Layer 1: imports nothing."""

TEXT = """

already_started
This server listens already[, on port {port}].
start() or run() was called twice.
Call it once, or await server.stop() before.

bad_certificate_file
[{certificate}|The file] is not a certificate, or not one with its private key.
The path is wrong, the file was cut or pasted badly, or certificate and key are the wrong way round.
Look at it on a computer: openssl x509 -in FILE -noout -text; for the key: openssl pkey -in FILE -noout -check.

bad_certificate_file file
The file {file} cannot be read.
The path is spelled otherwise, the file was not copied to this {machine}, or it may not be read.
Check the path; on a board, paths begin at the root of its own file system.

bad_certificate_file missing
A certificate or key cannot be used: {missing} is missing.
The file holds something else, often the certificate where the key belongs or the other way round.
Identity("certificate.crt", "private.key"): the certificate first; PEM and DER are both taken.

bad_choice
[The setting {setting}|A setting] cannot be [{got}|this][; {expected} is expected].
It was spelled otherwise, or contradicts another setting.
Correct it; docs/tls.md and docs/defaults.md have the choices.

bad_ciphers
The TLS library knows [none of the ciphers {got}|no such ciphers].
Names differ: OpenSSL wants a text like ECDHE+AESGCM, Mbed TLS a list of its own names.
Correct them, or leave ciphers out: the library's own choice is kept up to date by its authors.

bad_client_trust
A server was given a trust[ of the kind {got}], by which no client can be judged.
Clients are known by authorities: yours.
Name the authority that signs your clients: trust=Trust.load("clients-ca.crt").

bad_crl
The file given as crl= is no list of revoked certificates.
It is in DER, or is a certificate.
Convert it: openssl crl -inform DER -in FILE -out list.pem.

bad_curves
The TLS library knows [no curve {got}|no such curve].
Names are OpenSSL's: X25519, prime256v1, secp384r1.
Correct them, or leave curves out.

bad_transport
A server has [no transport {got}|no such transport].
It is "secure" (TLS) or "insecure" (plain HTTP).
Correct it: Server(transport="insecure").

cannot_share_port
This system has no port on which several processes may listen (SO_REUSEPORT).
reuse_port was set.
Leave it out, and run one process.

demonstration_key
The private key[ of {certificate}] was published[ ({published})]: anybody can pass for this server.
It was copied out of an example, or came with a firmware.
Make one of your own: microhttps ca issue NAME; only for a trial, Identity(..., danger_demonstration_key=True).

engine_elsewhere
[The engine {engine}|The engine] is another interpreter's[; here it is {here}].
The program was written for the other one: "micropython" is MicroPython's own TLS, all others are CPython's.
Leave engine= out: each interpreter then takes its own.

engine_not_installed
[The engine {engine}|The engine] needs a library that is not installed[: {reason}].
It is optional: an application that does not name the engine needs none.
Install it[: {install}]; docs/engines.md tells more.

expired certificate
Our own certificate {certificate} has expired[: it ended on {not_after}], so no client would accept it.
It was not renewed in time, or the clock of this {machine}, which says {today}, is ahead.
Renew it and put the new one in the place of that file; a running server takes it up by itself.

key_does_not_match_certificate
The private key does not belong to the certificate[ {certificate}].
One of the two files was renewed or copied without the other, or the chain stands in the wrong order.
Put both files of the same certificate there; the own certificate comes first in a file with a chain.

key_is_sealed
The private key[ {file}] is sealed, and no secret was given to open it.
It was made by microhttps embed --seal, or by seal() on the device.
Identity(certificate, key, sealed=SECRET), with the secret that it was sealed with: bytes, or a function.

no_client_trust
Something asks for certificates of clients, and this server has nobody whom it would believe.
client_certificate=, a rule of a route or trust= was given without the other part, or with transport="insecure".
Give a secure server trust=Trust.load("clients-ca.crt").

no_identity
A secure server was to start without a certificate.
identity= was not given.
Server(identity=Identity(certificate, key)); microhttps serve makes one; plain HTTP is transport="insecure".

no_identity got
A server was to start with something that is no Identity: {got}.
A path was given in its place, or a context.
Server(identity=Identity(certificate, key)): paths or bytes go into an Identity.

no_status_page
The page that shows what the server is doing is not there[: {file}].
It is a file beside the module status, and only the modules were copied to this {machine}, or frozen.
Copy it from the package, or say where it is: Status(server, page="status.html"); microhttps push brings it.

not_sealed
A private key[ {file}] was to be opened with a secret, and is not sealed.
The key was copied to the device as it was issued, and everybody who gets that file has it.
Seal it: microhttps embed NAME --seal FILE on a computer, or seal() on the device; or leave sealed= out.

not_yet_valid certificate
Our own certificate {certificate} is not valid yet[: it begins on {not_before}], so no client would accept it.
The clock of this {machine}, which says {today}, is behind, or the clock of the machine that made it is ahead.
Set the clock of this {machine}, then start again.

open_status
Everybody could see who is connected to this server, and how.
A Status was given nothing that says who may look at it.
Status(server, users=dict(admin="a password")), a guard= or a client_certificate=; danger_public=True for everybody.

redirect_to_nothing
redirect_port was set for a server that has no secure port to lead to.
The server has transport="insecure".
Leave redirect_port out, or give the server an identity.

sealed_key_damaged
The sealed private key[ {file}] is not whole[: {length} bytes].
The file was cut while it was copied, or changed.
Copy it again; if there is no good copy any more, renew the certificate with a new key and seal that.

unknown_engine
There is no [engine {got}|such engine][; {expected} are known].
It is spelled otherwise.
docs/engines.md tells what each of them can do; without engine= it is the interpreter's own.

unknown_setting
There is no [setting {setting}|such setting].
It is spelled otherwise, or belongs to the other side (server, client).
docs/defaults.md lists all of them.

unknown_setting setting=timeout
There is no setting timeout: each kind of waiting has a limit of its own.
It is what requests, httpx and urllib call it.
total_timeout is for a whole request; connect_timeout, handshake_timeout, recv_timeout and send_timeout for its parts.

unknown_setting setting=verify
There is no setting verify: a certificate is always verified, and trust= says whom to believe.
It is what requests and httpx call it.
An authority of your own: trust=Trust.load("ca.crt"); one certificate: trust=Trust.pinned(SHA256).

unsupported
This cannot be done here: {said}[ ({setting})][: {reason}].
The TLS library or the server around the application does not have it.
Leave it out where it is not there; docs/tls.md tells who can do what.

weak_certificate
Our own certificate[ {certificate}] has a key too small or a digest too weak; OpenSSL refuses to use it.
It was made long ago: RSA below 2048 bits, or signed with SHA-1 or MD5.
Make a new one: ECDSA on P-256, or RSA 2048, signed with SHA-256.

wrong_usage certificate
Our own certificate {certificate} is not for servers: its extendedKeyUsage lacks serverAuth. No client would accept it.
It was issued for a client, for signing or for mail.
Make one for servers: microhttps ca issue NAME, without --client.

wrong_secret
The sealed private key[ {file}] does not open with this secret.
It was sealed for another device, or the secret comes from elsewhere now; so looks a file that was changed with care.
Seal the key once more, with the secret of this {machine}.

wrong_password
The private key[ of {certificate}] does not open with this password.
The password is wrong or missing, or it has a line end that came out of a file.
Identity(certificate, key, password=...); to take the password off: openssl pkey -in KEY -out NEW.

"""
