"""What a program asks a client for, and how. Layer 1: imports nothing."""

TEXT = """

already_secure
This stream speaks TLS already.
start_tls was called twice, or the stream was opened with TLS from the beginning.
Open it with transport="insecure" if the protocol begins in the clear.

async_handler
What is told events is an async function, which would never run.
client.start calls a plain function.
Write def on_event(event, value); it may create tasks.

bad_body
The body to be sent is of a kind that cannot be sent[ ({got})].
A body is bytes, text or an async iterator of bytes.
For an object give json=...; for a form encode it first.

bad_credentials
Name and password, or the token, cannot be sent: {said}.
A blank, a line end or a colon in the name came with them, often from the end of a file.
Take it off: text.strip().

bad_header_name
The name of a header field is none, or not yours to set: {said}.
A field name is letters, digits and hyphens; Content-Length and its like follow from the body.
Correct the name, or leave the field out.

bad_header_value
The value of a header field is not text in one line: {said}.
It has a line end, often one that came with the text out of a file.
Take it off: value.strip(); numbers and bytes must be made text.

bad_host_name
[{host}|This] is no name that a certificate could carry.
It is empty, too long, or has characters that no host name has.
Correct the host in the URL.

bad_known_hosts
The file of known hosts cannot be read or written[: {file}].
The folder does not exist, the file system is full or may not be written, or the file was changed by hand.
Correct the path; delete the file only if you are sure of the hosts, for whoever was known is anyone again.

bad_method
[{got}|This] is no method.
A method is a word: GET, POST, PUT, PATCH, DELETE, HEAD.
Correct the first argument of request or stream.

bad_pin
[{got}|This] is no pin.
A pin is the SHA-256 of a certificate, 64 hexadecimal digits, or that of a key, sha256//... in base64.
On a computer: openssl x509 -in CERTIFICATE -noout -fingerprint -sha256.

bad_proxy
The setting proxy is no address of a proxy[ ({scheme})].
Proxies are spoken to by plain http, whatever goes through them.
Write proxy="http://host:port", with name:password@ before the host where it asks for them.

bad_root_store
The file of public roots cannot be used[: {reason}].
It was cut while it was copied, changed, or is of another version than this software.
Copy roots.bin to the {machine} again; on a computer, microhttps roots build --to roots.bin makes a new one.

bad_url
The URL is refused: {said}.
It lacks the scheme or the host, or has blanks in it.
Write it whole: https://host/path; blanks in a path are %20.

cancelled
The request was cancelled.
The program ended it, or closed its client.
Nothing is to be done.

cannot_unpack_roots
The public roots cannot be unpacked into [the folder {folder}|a folder].
The folder may not be written, the disk is full, or others may write there.
Set MICROHTTPS_HOME to a folder of your own.

danger_not_named
A socket was to be wrapped without believing anything (cert_reqs=CERT_NONE), and not by name.
Much code for boards does so, because without roots nothing else worked.
Leave cert_reqs out: the public roots are believed; or say it: trust=Trust.danger_anyone().

handler_failed
What is told events raised an exception, and the request was ended.
It is a mistake in that function; error.cause is its exception.
Correct it.

loop_is_running
This call waits, and was made inside async code, where nothing may wait so.
fetch() and server.run() are for programs without a running event loop.
Inside async code: await client.get(url), await server.start().

no_crl
The TLS engine here reads no list of revoked certificates.
Trust.load was given crl=, and that is OpenSSL's alone, on CPython.
Leave it out on a board or with another engine, and let certificates be short-lived instead.

no_server_hostname
A socket was to be wrapped without saying whom it leads to.
A certificate is verified for a name, and none was given.
wrap_socket(sock, server_hostname="example.org").

no_system_roots
This system has no roots of its own.
Trust.system() is for computers.
Use Trust.public(), whose roots come with this package, or Trust.load(file).

not_a_socket
What was to be wrapped is no connected socket[: {got}].
It was wrapped before, is not connected, or is a stream.
Connect a socket.socket, and wrap that once.

only_our_client
Pins and first use cannot be put into a context for other people's code.
They are judged by connections of this package.
Name the certificate itself: Trust.load("its.crt"), whose context anybody can use.

password_in_clear
A password or token was not sent, because [{url}|this address] is plain http.
Everybody on the way could read it.
Use https; or take the danger by name: Basic(name, password, danger_in_clear=True), or Digest.

root_not_known
Which public root [{host}|the host] needs is not known, and this socket is connected already.
On a board the root is found by a connection of its own, which needs the address.
Name where it answers TLS at once, address=(host, port), or whom to believe: trust=Trust.load(file).

roots_need_host
The context of Trust.public() for somebody else's library cannot be made on a board.
There the root is found for each host, and that library asks for it before a host is known.
On a computer: microhttps roots find HOST --save root.der; then Trust.load("root.der").client_context().

"""
