"""What an application's own code gives to the server: routes, answers, cookies, messages. Layer 1: imports nothing."""

TEXT = """

already_receiving
Two tasks wait for messages of the same WebSocket.
receive() or `async for` was begun in a second task.
Let one task receive, and hand messages on to others.

bad_answer
A handler gave something that is no answer[: {got}].
A handler answers text, bytes, a dictionary, a list, None, a Response, or one of these with status or headers (a tuple).
Turn it into one of these: str(value), or a dictionary for JSON.

bad_close_code
A WebSocket cannot be closed with the code [{got}|given].
Codes for closing are 1000 to 1003, 1007 to 1014, and 3000 to 4999 for applications.
await socket.close(1000), or a code of your own from 4000 on.

bad_cookie
A cookie like this would be dropped by browsers: {said}.
Its value or an attribute has characters that cookies cannot have, or contradicts another.
Keep values short and plain: base64 or hexadecimal.

bad_error_handler
[{got}|This] is nothing that an error handler can be for.
An error handler is for a status from 400 to 599, or for a class of exceptions.
@server.error(404), or @server.error(ValueError).

bad_event
A server-sent event cannot be sent like this.
It has no field at all, or its name or id goes over two lines.
Event(data="...") is enough; line ends belong into data.

bad_file_name
The name for a downloaded file is not text in one line.
It has a line end, or is no text.
Give the bare name: Response.file(path, download="report.csv").

bad_length
The body does not have the length that was announced: {said}.
The handler gave content_length, and its pieces add up to something else.
Leave the length out, and the body is sent in chunks.

bad_message
This cannot be sent over a WebSocket[: {got}].
A message is text or bytes; what a ping carries has at most 125 bytes.
For an object: await socket.send(json.dumps(value)).

bad_piece
A piece of the body is neither bytes nor text[: {got}].
The iterator that a handler gave yields something else.
Yield bytes or text: str(value).encode().

bad_route
The route [{path}|given] cannot be.
A path begins with /, its parameters are whole segments, and it has one handler for each method; methods are a list of
  names in capitals.
Correct it: "/led/<name>", "/files/<path:rest>", "/any/*"; docs/routes.md has all forms.

bad_rule
[{got}|This] is no rule for certificates of clients.
A rule is True, a name, a SHA-256 fingerprint, several of these, or a function of `tls`.
client_certificate=("alice", "bob"); docs/tls.md has the others.

bad_same_site
SameSite cannot be [{got}|this].
It is Lax, Strict or None.
same_site="Lax" is right for nearly everybody.

bad_status
[{got}|This] is no status that a handler can give.
A status is a number from 200 to 599, of a redirect 301, 302, 303, 307 or 308.
Give one of those: return body, 404.

file_changed
A file was changed while it was sent[: {path}].
Something writes into it: a log, an upload, a new version.
Write new versions beside it and rename them over it, as Answer.save does.

handler_waited
A handler waited although it was declared as one that never does.
It has an await that took time after all.
Take the mark off, so that it runs in a task.

no_such_folder
There is no such folder to be served[: {path}].
The path is relative to where the program was started, or the folder was not copied to this {machine}.
Give the whole path.

no_such_route
There is no such route to be removed[: {path}].
It was removed already, or is spelled otherwise, or has other methods.
Give path and methods as they were given to route().

not_started
This server does not run yet, so nothing can be queued into its task.
start() was not called or not awaited.
await server.start() first; server.run() does so.

open_credentials
CORS would let every page of the web ask with the cookies and passwords of your users.
origins="*" stands together with credentials.
Name the origins that may: Cors(origins=("https://app.example",), credentials=True).

part_passed_over
A part of a form is asked for that has gone by[: {name}].
Parts come one after the other and are not kept.
Read each part before the next is asked for, or take the whole form: await request.form().

session_too_large
The session does not fit into a cookie[: {length} bytes of {limit}].
More is stored in it than a cookie holds.
Keep only a key in the session, and the rest in server.context or a file.

stream_not_begun
The queue of an event stream is full before its handler has returned it.
Events were sent into it in a loop before the return.
Return the stream first, and send from a task.

weak_secret
The secret is too short.
It has less than [{at_least}|16] bytes, or is a password.
Make one and keep it in a file: os.urandom(16).

"""
