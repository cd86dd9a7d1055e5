"""Sentences for what only `check` sees, and next commands in its terms, in the form of `microhttps.explanations`.

Data; imports nothing. Layer 13.
"""

TEXT = """

address_fails
The address [{address}|of the name] does not answer on port [{port}|this][ ({reason})], while another one does.
The name has an old address, or this network has no way there (often IPv6): programs that try it first wait in vain.
Correct the name's addresses; or on a board connect to the address that answers.

address_fails reason=deadline
The address [{address}|of the name] says nothing on port [{port}|this], while another one answers.
The name has an old address, or packets get lost on the way there (often IPv6): who tries it first waits in vain.
Correct the name's addresses; or on a board connect to the address that answers.

bad_status_line alpn=h2
[{host}|The server] speaks HTTP/2, and HTTP/1.1 not at all; TLS and certificate are fine.
It is made for gRPC or for browsers alone; small devices speak HTTP/1.1.
Have it speak HTTP/1.1 as well, or put a proxy between that speaks both.

certificate_refused certificate
-
A certificate in it breaks a rule: [{certificate}|one][, {detail}].
Look at the chain: microhttps roots find [{where}|HOST]; whoever issued it must issue it anew.

clock_differs
The clock of this computer is [{difference}|some] seconds [{direction}|off][ of the server's, which says {server_says}].
One of the two is not set by NTP; a certificate that is new or near its end is judged differently on each.
Set this clock (timedatectl set-ntp true), or have the server's set.

clock_wrong
The certificates are valid by the server's clock[, which says {server_says},] and not by the one of this computer.
This clock is [{difference}|some] seconds [{direction}|off], so that good certificates look expired or not valid yet.
Set this clock (timedatectl set-ntp true; on a board: import ntptime; ntptime.settime()), and check again.

deadline setting=recv_timeout
[{host}|The other side] said nothing more for as long as was waited.
It waits for something else than it was told, is busy, or its network lost the connection.
Try again with more patience: microhttps check --timeout 30 [{url}|URL]

deadline setting=handshake_timeout
-
-
microhttps check --timeout 60 [{url}|URL] waits for a slow device; one with a certificate on P-256 is quick.

expired which=own
The certificate of [{host}|the other side] has expired[: {certificate}, on {not_after}].
Nobody renewed it in time, or the clock of this {machine}, which says {today}, is ahead (see the step of the clock).
Renew it: by your own authority microhttps ca renew LABEL; else whoever runs [{host}|the other side] must.

expired which=intermediate
In the chain of [{host}|the other side] an authority above it has expired[: {certificate}, on {not_after}].
The server still sends the old certificate of its authority; its own may be good.
Whoever runs it must send the authority's new certificate: it comes with the newest fullchain.pem.

expired which=root
The root of [{host}|the other side] has expired[: {certificate}, on {not_after}].
Its authority has a new root by now, or crossed it with another one.
Renew the root on this side (a newer microhttps, or --cacert FILE), or the chain on the other.

expires_soon
A certificate ends soon[: {certificate}, on {not_after_day}, in {days} days].
Nobody has renewed it yet; what renews it by itself may have stopped.
Renew it now: by your own authority microhttps ca renew LABEL; else look why it was not renewed.

handshake_refused alert=certificate_required
-
-
microhttps check --certificate FILE --key FILE [{url}|URL]

handshake_refused alert=handshake_failure
-
-
openssl s_client -connect [{where}|HOST] shows more; with a certificate: microhttps check --certificate FILE --key FILE

handshake_refused alert=protocol_version
-
-
Bring its software up to date: it needs TLS 1.2 or 1.3. The step of TLS above says what it has.

http_bad_request
The server takes the request for a bad one (400); TLS and certificate are fine.
It wants another path, another Host, or a header that was not sent.
Ask as your program does: microhttps get -i -H 'Name: value' [{url}|URL]

http_forbidden
The server forbids this page (403): it is not about certificates, for TLS and certificate are fine.
Many sites forbid who does not say what it is: this site wants a User-Agent that names you; others want a password.
microhttps check --user-agent 'my-device (me@example.org)' [{url}|URL] - and send it from the board, too.

http_misdirected
The server says that it is not the one for this host name (421); TLS and certificate are fine.
Certificate or address are shared by several hosts, and this connection was made for another name than was asked for.
Connect by the name that is asked for; behind a proxy, have it pass on the server name (SNI).

http_not_found
There is no such page (404); TLS and certificate are fine.
The path is spelled otherwise, or needs its query.
Check the path: microhttps get -i [{url}|URL]

http_proxy_wants_password
A proxy in between wants a password (407); TLS and certificate are fine.
This network lets nobody out without one.
Give the proxy with its password to the client: Client(proxy="http://name:password@host:port").

http_refused
The server refuses the request[ (it answered {http_status})]; TLS and certificate are fine.
It is not content with the method, the path or a header.
See the whole answer: microhttps get -i [{url}|URL]

http_server_failed
The server has failed[ (it answered {http_status})]; TLS and certificate are fine.
The application behind it is down or has a fault, or a proxy in front does not reach it (502, 503, 504).
Try again later[, after {seconds} seconds]; whoever runs it finds the reason in its log.

http_too_many_requests
The server was asked too often (429); TLS and certificate are fine.
It counts requests by address, key or User-Agent, and others may use the same address.
Wait[ {seconds} seconds] and ask less often; many sites give a key of your own.

http_unauthorised
The server wants a password or a token (401); TLS and certificate are fine.
The request carried none[; it asks for: {realm}].
Send it from the program: client.get(url, auth=...), or headers=(("Authorization", "Bearer ..."),).

http_unauthorised user
The server does not let [{user}|us] in (401); TLS and certificate are fine.
The password is another one[, or it is to be given otherwise: {realm}].
Check name and password; what is special in them is percent-coded in a URL (@ is %40).

intercepted
The certificate was not made by the site's own authority but by [{product}|something in between][: {issuer}].
Something in this network or on this computer opens all TLS connections, reads them, and signs anew.
Try from another network; if it is meant to be so, its authority is to be trusted: --cacert FILE, and on the board, too.

low_grade
The server could be better than [{grade}|it is][: {reason}].
A setting was changed from what it is by default, or its certificate is an old one.
Change this first: [{cure}|what the reasons above say].

mqtt_hung_up
The broker closed the connection when it was greeted; TLS and certificate are fine.
It wants another protocol on this port (WebSocket), a client certificate, or a name and password before it answers.
Try with credentials: microhttps check mqtts://USER:PASSWORD@[{where}|HOST]; its log says more.

mqtt_identifier_refused
The broker does not take our client identifier; TLS and certificate are fine.
It knows its devices by their identifiers, and ours is not one of them.
Connect with the identifier that the broker's owner has given to the device.

mqtt_not_authorised
The broker does not let us in[ as {user}] (code [{connack}]); TLS and certificate are fine.
It wants a name and a password, others than these, or a client certificate that it knows.
microhttps check mqtts://USER:PASSWORD@[{where}|HOST]   or   --certificate FILE --key FILE

mqtt_other_version
The broker does not speak MQTT 3.1.1; TLS and certificate are fine.
It is set to MQTT 5 alone, or to an older version.
Use a client of its version.

mqtt_refused
The broker refused the connection[ (code {connack})]; TLS and certificate are fine.
The code is none of those that MQTT 3.1.1 knows.
Look into its log.

mqtt_unavailable
The broker says that its service is not available; TLS and certificate are fine.
It is starting, or what it works with is down.
Try again later; its log says more.

needs_user_agent
Without a User-Agent the server answers [{http_status}|with an error], and not with one: certificates are fine.
This site wants a User-Agent that names you; small devices send none by themselves.
Send one from the board: headers=(("User-Agent", "my-device (me@example.org)"),).

no_greeting
[{host}|The server] says nothing on port [{port}|this], where [{speaks}|the service] begins with a greeting.
TLS begins at once there (SMTP on 465, IMAP on 993), or it is another service.
microhttps check smtps://[{where}|HOST]   or   microhttps check imaps://[{where}|HOST]

no_name_server
No name server answered for [{host}|this name].
This computer is not in the network, its name server is down, or a firewall holds its packets back.
Check the network: the same for an address works without a name server, microhttps check 192.0.2.1:443 for one.

no_starttls
[{host}|The server] does not offer TLS on port [{port}|this][: it has {offers}].
It is not set up for it, or something in between takes the offer away so that mail goes in the clear.
Try from another network, or where TLS begins at once: smtps://HOST:465, imaps://HOST:993.

not_yet_valid certificate
A certificate in the chain of [{host}|the other side] is not valid yet: [{certificate}|one][, from {not_before} on].
The clock of this {machine}, which says {today}, is behind (see the step of the clock), or its issuer's is ahead.
Set this clock; if it is right, wait, or have the certificate made anew.

other_protocol
What answers on port [{port}|this] does not speak [{expected}|that][: it begins with {got}].
It is the port of another service.
Check the port: microhttps check [{where}|HOST:PORT] looks at TLS alone.

other_protocol speaks
What answers on port [{port}|this] speaks [{speaks}|the service], and not [{expected}|that].
It is the port of another service.
Check the port: microhttps check [{where}|HOST:PORT] looks at TLS alone.

peer_is_not_tls
-
-
See what answers there in the clear: microhttps check http://[{where}|HOST]

peer_is_not_tls speaks
On port [{port}|this] [{host}|the server] speaks [{speaks}|the service] in the clear, and not TLS.
TLS is on another port there, or is not set up.
Check the port that it should be.

peer_is_not_tls speaks=HTTP
On port [{port}|this] [{host}|the server] speaks plain HTTP, and not TLS.
https:// was asked for where http is served, or a login page of the network answers in its place.
microhttps check http://[{where}|HOST] shows what is there, and where HTTPS is.

peer_is_not_tls speaks=SMTP
On port [{port}|this] [{host}|the server] speaks SMTP: TLS begins there only when it is asked for (STARTTLS).
It was asked for TLS at once.
microhttps check smtp://[{where}|HOST]

peer_is_not_tls speaks=IMAP
On port [{port}|this] [{host}|the server] speaks IMAP: TLS begins there only when it is asked for (STARTTLS).
It was asked for TLS at once.
microhttps check imap://[{where}|HOST]

peer_is_not_tls speaks=MQTT
On port [{port}|this] [{host}|the server] speaks MQTT in the clear, and not TLS.
The usual port for MQTT over TLS is 8883; 1883 is the one in the clear.
microhttps check mqtts://[{host}|HOST]:8883

peer_speaks_tls
-
-
microhttps check https://[{where}|HOST]

plain_http
This is plain HTTP: everybody on the way reads and changes what passes[; HTTPS does not work there: {reason}].
http:// was asked for.
Serve it over HTTPS: microhttps serve APP; or see why that fails: microhttps check [{other}|https://HOST]

plain_http https
This is plain HTTP: everybody on the way reads and changes what passes, and HTTPS works as well.
http:// was asked for; even a redirect to https comes too late for what was sent with the request.
Ask for [{https}|https] instead.

self_signed
-
-
If you know its certificate: microhttps check --cacert FILE [{url}|URL]   or   --pin SHA256; --save-chain FILE saves it.

service_refused
[{host}|The server] refuses to serve us[: {got}].
It is busy, does not like our address, or wants something else first.
Try again later, or from another network.

starttls_refused
[{host}|The server] offers TLS and then refuses it[: {got}].
Its certificate or key cannot be used, or TLS is switched off for now.
Whoever runs it finds the reason in its log.

too_talkative
[{host}|The server] sends more than belongs there[: over {limit}].
It is another service, or means harm.
Check the port.

too_weak certificate
A certificate in the chain of [{host}|the other side] is too weak to be believed: [{certificate}|one][, {detail}].
It was made long ago: RSA below 2048 bits, or signed with SHA-1 or MD5.
It must be issued anew: ECDSA on P-256, or RSA 2048, signed with SHA-256.

untrusted_issuer
-
-
microhttps roots find [{where}|HOST] shows the authority; name it: microhttps check --cacert FILE [{url}|URL]

untrusted_issuer alone
[{host}|The server] sends its own certificate alone, by [{top}|an authority] that is no trusted root.
The intermediate certificate is missing there, or it is by a private authority that is not known here.
Have it send the whole chain (fullchain.pem); for an authority of your own: microhttps check --cacert FILE [{url}|URL]

untrusted_issuer root
The chain of [{host}|the server] leads to [{root}|a root], a public root, and another one is trusted here.
The site has changed to another authority, or the wrong file was given.
microhttps roots find [{where}|HOST] --save root.pem, then microhttps check --cacert root.pem [{url}|URL]

untrusted_issuer same_name
An authority called [{top}|like that] is trusted, and it has not signed the certificate of [{host}|the server].
The authority has a new key (ca init --replace makes one), or somebody else uses its name.
Take the authority's certificate of today; --save-chain FILE saves what the server shows.

wrong_order
[{host}|The server] sends its[ {sent}] certificates in the wrong order.
Browsers and OpenSSL sort them; Mbed TLS does not: most boards cannot connect, and microhttps needs three connections.
Put them in order in the server's file: its own first, then the one that signed it, and so on.

wrong_usage certificate
A certificate in the chain of [{host}|the other side] is not for servers: [{certificate}|one].
Its extendedKeyUsage lacks serverAuth: it was issued for a client, for signing or for mail.
Have it issued anew with serverAuth; by your own authority: microhttps ca issue NAME

wrong_pin
-
-
If the server has a new certificate, ask its owner for the new fingerprint: microhttps check --pin SHA256 [{url}|URL]

"""
