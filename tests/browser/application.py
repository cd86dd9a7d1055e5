"""What a browser's page asks of a server of ours: one page for each subject, whose script reports what it saw."""

import asyncio
import json

from microhttps import Response
from microhttps.cookie_sessions import CookieSessions
from microhttps.sse import Event, EventStream

PAGE = """<!doctype html><title>%s</title><link rel="icon" href="data:,"><body><script type="module">
const report = seen => fetch("/report", {method: "POST", body: JSON.stringify(seen)});
const url = "wss://" + location.host;
const sha256 = async data => [...new Uint8Array(await crypto.subtle.digest("SHA-256", data))].map(
    byte => byte.toString(16).padStart(2, "0")).join("");
const pattern = size => Uint8Array.from({length: size}, (_, at) => at * at %% 251);
try {
%s
} catch (error) { report({error: String(error)}); }
</script>"""

SCRIPTS = {
    "websocket": """
const seen = [];
const socket = new WebSocket(url + "/echo", ["other", "chat"]);
socket.binaryType = "arraybuffer";
socket.onopen = () => { socket.send("grüß dich"); socket.send(pattern(70000)); };
socket.onmessage = async event => {
    if (typeof event.data == "string") seen.push(event.data);
    else { seen.push(await sha256(event.data) == await sha256(pattern(70000))); socket.send("close"); }
};
socket.onclose = event => {
    seen.push(socket.protocol, event.code, event.reason, event.wasClean);
    const ours = new WebSocket(url + "/echo");
    ours.onopen = () => ours.close(3333, "ours");
    ours.onclose = event => report([...seen, event.code, event.wasClean]);
};""",
    "events": """
const seen = [];
const source = new EventSource("/feed");
source.addEventListener("count", event => {
    seen.push(event.lastEventId + " " + event.data);
    if (seen.length == 6) { source.close(); report(seen); }
});""",
    "upload": """
const form = new FormData();
form.append("note", "größer als 'ein' \\"Wort\\"");
form.append("file", new File([pattern(200000)], "mu\\"ster ü.bin", {type: "application/x-pattern"}));
form.append("empty", new File([], ""));
const answer = await fetch("/upload", {method: "POST", body: form});
report([await answer.json(), await sha256(pattern(200000))]);""",
    "parallel": """
const numbers = [1, 2, 3, 4, 5, 6];
const ask = async number => (await fetch("/slow/" + number)).text();
report([await Promise.all(numbers.map(ask)), await Promise.all(numbers.map(ask))]);""",
    "ranges": """
const seen = [];
for (const range of ["bytes=0-9", "bytes=-5", "bytes=99990-", "bytes=200000-"]) {
    const answer = await fetch("/file", {headers: {Range: range}, cache: "no-store"});
    const data = new Uint8Array(await answer.arrayBuffer());
    const from = Number((answer.headers.get("Content-Range") || "").match(/ (\\d+)-/)?.[1]);
    seen.push([answer.status, data.length, data.every((byte, at) => byte == pattern(from + at + 1)[from + at])]);
}
report(seen);""",
    "login": """
const seen = [];
const look = async () => { const answer = await fetch("/home"); seen.push(answer.status, await answer.text()); };
await look();
await fetch("/login", {method: "POST", body: new URLSearchParams({name: "ann"})});
await look();
await look();
await fetch("/logout", {method: "POST"});
await look();
seen.push(document.cookie);
report(seen);""",
    "form": """
document.body.innerHTML = `<form method="post" action="/upload" enctype="multipart/form-data">
    <input name="note"><input type="file" name="file"></form>`;
const files = new DataTransfer();
files.items.add(new File([pattern(3000)], "a.bin"));
document.querySelector("[type=file]").files = files.files;
document.querySelector("[name=note]").value = "two words";
document.forms[0].submit();""",
}


def make_server(play):
    server = play.server(websocket_max_message_length=100 * 1024)
    sessions = CookieSessions(b"a secret of the browser's test")
    server.get("/page/<name>")(lambda request: Response(
        PAGE % (request.params["name"], SCRIPTS[request.params["name"]]), content_type="text/html; charset=utf-8"))

    @server.post("/report")
    async def report(request):
        play.say("seen", json.dumps(await request.json()))

    @server.websocket("/echo", subprotocols=("chat",))
    async def echo(socket):
        async for message in socket:
            if message == "close":
                await socket.close(4321, "as you wish")
            else:
                await socket.send(message)

    @server.get("/feed")
    async def feed(request):
        first = int(request.headers.get("Last-Event-ID", "0")) + 1
        return EventStream(Event("number %d" % number, event="count", id=number, retry=100)
                           for number in range(first, first + 3))

    @server.post("/upload")
    async def upload(request):
        from hashlib import sha256

        seen = []
        async for part in request.parts():
            if part.filename is None:
                seen.append([part.name, await part.text()])
                continue
            digest, size = sha256(), 0
            async for chunk in part:
                digest.update(chunk)
                size += len(chunk)
            seen.append([part.name, part.filename, part.content_type, size,
                         "".join("%02x" % byte for byte in digest.digest())])
        if request.headers.get("sec-fetch-mode") == "navigate":
            play.say("seen", json.dumps(seen))
        return seen

    @server.get("/slow/<number>")
    async def slow(request):
        await asyncio.sleep(0.1)
        return "slow " + request.params["number"]

    @server.get("/file")
    def file(request):
        return Response.file(play.path("pattern.bin"))

    @server.get("/home")
    @sessions.required()
    def home(request):
        sessions.of(request)["visits"] = sessions.of(request).get("visits", 0) + 1
        return "%s %d" % (request.user, sessions.of(request)["visits"])

    @server.post("/login")
    @sessions
    async def login(request):
        sessions.of(request)["user"] = (await request.form())["name"]

    @server.post("/logout")
    @sessions
    def logout(request):
        sessions.of(request).clear()

    return server
