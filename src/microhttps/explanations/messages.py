"""Heads of requests and answers that break a rule of HTTP. Layer 1: imports nothing.

`{said}` is what the parser itself says: it quotes the bytes.
"""

TEXT = """

bad_chunk
The body in chunks is broken: {said}.
The other side, or a proxy in between, miscounts its chunks, or somebody tries to smuggle a request past a proxy.
Look at the bytes with a capture on the other side; its HTTP library may need an update.

bad_content_length
The head is refused: {said}.
The other side writes the length twice or not as a number; servers that guess here have been fooled.
Have the other side send one Content-Length, in digits.

bad_header
A field of the head is refused: {said}.
The other side was programmed by hand, or puts text into a field that was never checked.
Correct the field over there: a name of letters and hyphens, a colon, a value in one line.

bad_host
The Host field of a request is refused: {said}.
The client was programmed by hand, or somebody tries to be taken for another host.
Send one Host field with the name, and the port if it is not the usual one: Host: device.local:8443.

bad_percent_coding
A path or a query is refused: {said}.
The client does not code special characters, or not in UTF-8.
Code them as percent signs with two hexadecimal digits, of UTF-8: encodeURIComponent in JavaScript, quote in Python.

bad_request_line
The first line of a request is refused: {said}.
The client does not speak HTTP/1.1 (scanners of ports send anything), or was programmed by hand.
Send METHOD, a blank, the path, a blank, HTTP/1.1 and the two bytes CR LF.

bad_status_line
The first line of an answer is refused: {said}.
What answers on this port is no web server, or a broken one.
Check the port; look at the answer with curl -v.

bad_target
The target of a request is refused: {said}.
The client sends something else than a path, or takes this server for a proxy.
Send the path alone: GET /path HTTP/1.1.

bad_transfer_encoding
The head is refused: {said}.
The other side says in an unclear way where the body ends; servers that guess here have been fooled.
Have it send Transfer-Encoding: chunked or a Content-Length, not anything else.

expectation_failed
A request is refused: {said}.
The client expects something that nobody but it knows.
Leave the Expect field out, or send Expect: 100-continue.

header_too_long
The head is too long: {said}.
Cookies have piled up, or the other side sends more than it should.
Delete the cookies of this site, or raise max_header_length.

http_version_not_supported
The version of HTTP is not spoken here: {said}.
The other side begins with HTTP/2 without asking, or is from the time of HTTP/0.9.
Have it speak HTTP/1.1.

too_many_headers
The head has too many fields: {said}.
The other side adds a field at every step, or means harm.
Send fewer, or raise max_headers.

too_many_interim
The server sent [{got}|many] interim answers (1xx) and no final one.
Its software is broken, or it means harm.
Look at its answers with curl -v.

two_lengths
The head is refused: {said}.
The other side says twice, and differently, where the body ends: the way in which requests are smuggled past proxies.
Have it send one of the two.

unexpected_upgrade
The server changed to another protocol, which nobody had asked for.
Its software is broken, or something in between answers in its place.
Look at its answer with curl -v.

unsupported_transfer_coding
The body cannot be read: {said}.
The other side compresses the transfer itself, which hardly anybody does.
Have it send Transfer-Encoding: chunked alone; compressed content belongs into Content-Encoding.

uri_too_long
The target of a request is too long: {said}.
A form was sent with GET, or the client adds to the query at every step.
Send forms with POST, or raise max_uri_length.

"""
