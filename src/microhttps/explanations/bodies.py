"""Bodies, forms, redirects, WebSockets: what the other side sends or asks for. Layer 1: imports nothing."""

TEXT = """

bad_compression
The body of the answer is compressed and cannot be made whole.
It was cut or changed on the way, or is not in the coding that its head names.
Ask without compression: Client(accept_gzip=False).

bad_credentials
The credentials were refused: {said}.
A client signed for another path (Digest), or a proxy rewrites paths.
Have the client sign the path that it asks for.

bad_form
The text of a form is not UTF-8.
The page that has the form, or the program that sends it, uses another coding.
Serve the page as UTF-8, or read such a field as bytes.

bad_json
The body is not JSON.
The client sends a form or nothing at all, or forgot to quote a name.
Send JSON: curl --json '[]' URL shows how, Client.post(url, json=...) does it.

bad_multipart
The parts of a form are broken: {said}.
The client was programmed by hand, or stopped in the middle.
Have a library make the body; the boundary in it must be the one in the Content-Type field.

bad_redirect
The server redirects to something that is no address of the web[: {location}].
It is set up wrongly.
Ask for the right page directly; whoever runs the server must correct its Location field.

bad_websocket_handshake
The server does not answer as one that speaks WebSocket: {said}.
Another server or a proxy that does not know WebSocket answers on that path.
Check path and port; a proxy in between must pass on the Upgrade field.

body_cannot_be_repeated
The server wants the body a second time (it answered [{answered}|with a redirect]), and an iterator gives it only once.
It redirects, or asks for a password first.
Send bytes, or ask for the final address, with auth= from the beginning.

body_cut_short
The body ended too early[: {received} bytes came][, {announced} were announced].
The other side was switched off or failed while it sent, or the connection broke.
Try again; nothing of what came is to be trusted as whole.

body_too_large
The body is longer than is taken here[: at most {limit} bytes][ ({setting})].
The other side sends more than was expected.
Raise [{setting}|the limit], or read the body piece by piece: client.stream.

body_too_large role=server
-
A client sends more than this server takes.
Raise [{setting}|max_body_length] if that is welcome, or read the body piece by piece: async for chunk in request.body.

coded_body
The body of a request is compressed, which nobody here undoes.
The client compresses what it sends.
Send it as it is.

forbidden
This may not be read.
The file belongs to somebody else, or the path leads out of the folder that is served.
Give the program the right to read the file, or put it into the folder.

not_a_form
The body is not a form[, or not of the kind that is wanted: {got}].
The client sends JSON or plain text to a page that wants a form.
Send application/x-www-form-urlencoded or multipart/form-data, or read the body with request.json().

not_acceptable
The page is there only in a compressed form that the client does not take.
Only the .gz of the file lies in the folder.
Put the file itself beside it.

not_found
There is no such page.
The path is spelled otherwise, or the file is not in the folder.
Check the path, and the folder that was given to Response.file or to the route.

proxy_refused
The proxy[ {proxy}] opens no tunnel to this host[: it answered {answered}].
It wants a name and a password (407), or does not let this host or port through (403).
Give it name and password, proxy="http://name:password@host:port", or ask whoever runs it.

redirect_to_plain
The server redirects from https to plain http[: {location}], which is never followed.
It is set up wrongly, or somebody tries to get at what would be sent.
Ask for the page by https directly; whoever runs the server must correct its redirect.

too_many_parts
A form has too many fields: {said}.
The page sends more than was expected, or somebody means harm.
Raise max_form_fields if they are welcome.

too_many_redirects
The server redirects again and again ([{limit}|many] times).
Two of its addresses lead to each other, often because a cookie is not kept.
Keep cookies (keep_cookies=True), or ask for the final address; max_redirects is the limit.

websocket_bad_frame
The other side broke a rule of WebSocket: {said}.
Its library is broken or old, or something in between changes the bytes.
Update it; the connection was closed with a code that says why.

websocket_bad_text
The other side sent text over a WebSocket that is not UTF-8.
It sends bytes as text.
Have it send a binary message.

websocket_closed
The WebSocket is closed[ (code {close_code})].
The other side left, or the connection broke (1006), or one of the two ended it for a reason that the code tells.
Leave the loop, and connect again if it should go on.

websocket_refused
The server does not open a WebSocket here[: it answered {got}].
The path is another one (404), it wants a password (401, 403), or another origin.
Check the path; give credentials as headers=.

websocket_too_large
A message of a WebSocket is longer than is taken[: at most {limit} bytes].
The other side sends more than was expected.
Send it in several messages, or raise websocket_max_message_length.

"""
