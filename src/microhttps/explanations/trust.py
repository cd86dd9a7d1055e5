"""Certificates of servers that are not to be believed, and ours that servers refuse. Layer 1: imports nothing."""

TEXT = """

certificate_refused
The certificate of [{host}|the other side] was refused[: {verify_message}].
It breaks a rule that has no code of its own: an authority that may not be one, a constraint, a field nobody knows.
Look at the chain on a computer: microhttps roots find [{host}|HOST]; whoever issued it must issue it anew.

chain_too_large
[{host}|The other side] shows more certificates, or larger ones, than are taken.
It sends a whole collection instead of its own chain, or one with thousands of names, or means harm.
Whoever runs it should send its own certificate and those between it and the root, and no others.

chain_too_large machine=board
-
It sends a whole collection instead of its own chain, or a TLS record that this board has no room for.
-

clock_not_set
The certificate could not be judged, because the clock of this {machine} says {today}, before this software was made.
The clock was never set: a board without a battery begins anew at each start.
Set it before the first request: import ntptime; ntptime.settime() on a board with Wi-Fi.

clock_not_set machine=computer
-
The clock was never set, or the battery that keeps it is empty.
Set the clock of this computer, or have it kept by NTP (timedatectl set-ntp true).

crl_out_of_date
There is no list of revoked certificates that is valid today, so [{host}|the other side] cannot be judged.
The list given as crl= belongs to another authority, or its next update is past.
Fetch the newest list from the authority, and give that file to Trust.load(..., crl=FILE).

expired
The certificate of [{host}|the other side] has expired[: it ended on {not_after}|, or one above it has].
Nobody renewed it in time, or the clock of this {machine}, which says {today}, is ahead.
Compare that date with a calendar; if it is right, whoever runs [{host}|the other side] must renew the certificate.

missing_intermediate
[{host}|The other side] sent its own certificate alone, signed by [{issuer}|an authority] that is no root.
Its server is set up with the certificate file where the file with the whole chain belongs; browsers hide that.
Whoever runs it must send the whole chain (fullchain.pem); microhttps roots find [{host}|HOST] shows what it sends.

name_in_common_name
The certificate of [{host}|the other side] has its name as common name alone, where nobody looks any more.
It was made the old way; browsers, phones and Python want the names as subjectAltName.
Have it made anew with [{host}|its names and addresses] as subjectAltName.

name_not_permitted
The certificate of [{host}|the other side] was signed by an authority that may not sign for this name.
Authorities can be limited to some names (name constraints), and this one went beyond its own.
Widen the authority, or have the certificate signed by another one; if it is not yours, do not connect.

no_client_certificate
A client showed no certificate, and this server serves only clients that do.
The client was given none, or none that our authorities have signed (browsers then offer nothing to choose).
Give it one, or let others in as well: client_certificate="optional".

not_yet_valid
The certificate of [{host}|the other side] is not valid yet[: it begins on {not_before}].
The clock of this {machine}, which says {today}, is behind, or the clock of the machine that made it is ahead.
Set the clock of this {machine}; if it is right, wait, or have the certificate made anew.

other_key
[{host}|The host] shows another key than at the first visit[ (SHA-256 {got}, known is {known})].
It has a new certificate with a new key, or somebody between here and there answers in its place.
Ask its owner; if the key is really new, take the line of the host out of [{file}|the file] and visit again.

revoked
The certificate of [{host}|the other side] was revoked by its authority.
Its key was lost or stolen, or it was replaced before its time.
Do not connect; whoever runs [{host}|it] must get a new certificate.

self_signed
[{host}|The other side] shows a certificate signed by itself, which is not among the trusted ones.
It is a device or a test server with a certificate of its own making[ ({issuer})].
If it is yours, trust exactly that one: Trust.load("its.crt"), or Trust.pinned(its SHA-256).

too_weak
The certificate of [{host}|the other side], or of one above it, has a key too small or a digest too weak to believe.
It was made long ago: RSA below 2048 bits, or signed with SHA-1 or MD5.
Whoever runs [{host}|it] must get a new one: ECDSA on P-256, or RSA 2048, signed with SHA-256.

untrusted_issuer
No trusted authority has signed the certificate of [{host}|the other side][; its issuer is {issuer}].
It has another authority than those that are loaded: a private one, or the host has changed to a new one.
On a computer, microhttps roots find [{host}|HOST] shows the root to trust; load that: Trust.load(file).

wrong_name
The certificate of [{host}|the other side] is for other names[: {names}].
The server is asked by an address or a name that its certificate does not carry, or another server answers there.
Ask by one of its names, or have [{host}|that name] put into the certificate (subjectAltName).

wrong_name listed
The TLS library says that the certificate is for another name, although it carries {host} (it has {names}).
Mbed TLS before 3.5 compares only DNS names and never an address.
Ask by a DNS name that is in the certificate, or use firmware with Mbed TLS 3.5 or newer (MicroPython 1.24).

wrong_pin
[{host}|The host] shows a certificate or key that is not a pinned one[ (certificate {got}, key {key})].
It has a new certificate, or somebody between here and there answers in its place.
Ask its owner for the new fingerprint and pin that; pin the key (sha256//...) and a second one for next time.

wrong_usage
The certificate of [{host}|the other side] is not for servers (extendedKeyUsage without serverAuth).
It was issued for a client, for signing or for mail.
Whoever runs [{host}|it] must get one for servers; Apple's systems want serverAuth in any case.

"""
