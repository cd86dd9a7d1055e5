"""Forms that only our own pages can send: where a request comes from, and a token that no other site can know."""

from microhttps.csrf import Csrf

SECRET = "a secret of this test, long enough"


def make_server(play):
    server = play.server()
    csrf = Csrf(SECRET, origins=("https://friend.example",))
    plain = Csrf(SECRET, token=False)

    @server.get("/form")
    @csrf
    def form(request):
        return csrf.token(request)

    @server.post("/form")
    @csrf
    async def take(request):
        return "took " + (await request.read()).decode().split("&")[0]

    @server.post("/fields")
    @csrf
    async def take_fields(request):
        form = await request.form()
        return "%s and %d files" % (form["a"], len(form.files))

    @server.post("/plain")
    @csrf
    def take_in_one_piece(request):
        return "took %d bytes" % len(request.content)

    @server.delete("/thing")
    @csrf
    def delete(request):
        return "gone"

    @server.post("/origin")
    @plain
    def origin(request):
        return "from here"

    return server


def multipart(*fields):
    return b"".join(b'--x\r\nContent-Disposition: form-data; name="%s"\r\n\r\n%s\r\n' % (name.encode(), value.encode())
                    for name, value in fields) + b"--x--\r\n"


async def client(play):
    ours = play.client()
    host = "localhost:" + str(play.port)

    async def ask(path, *headers, method="POST", body=b"a=1"):
        answer = await ours.request(method, play.url(path), headers=headers, body=body)
        play.say(path, answer.status, answer.text().strip())

    page = await ours.get(play.url("/form"))
    token, field = page.text(), page.headers["set-cookie"]
    cookie = ("Cookie", field.split(";")[0])
    play.say(field.split("=")[0], field.partition(";")[2], page.headers["cache-control"])
    again = await ours.get(play.url("/form"), headers=(cookie,))
    play.say("another token", again.text() != token, "the same cookie", "set-cookie" not in again.headers)
    play.say("with the token")
    form = ("Content-Type", "application/x-www-form-urlencoded")
    await ask("/form", cookie, ("X-CSRF-Token", token))
    await ask("/form", cookie, ("X-CSRF-Token", again.text()))
    await ask("/form", cookie, form, body=b"a=2&csrf_token=" + token.encode())
    await ask("/fields", cookie, form, body=b"a=2&csrf_token=" + token.encode())
    parts = ("Content-Type", "multipart/form-data; boundary=x")
    await ask("/fields", cookie, parts, body=multipart(("a", "2"), ("csrf_token", token), ('f"; filename="g', "h")))
    await ask("/fields", cookie, parts, ("X-CSRF-Token", token), body=multipart(("a", "2")))
    await ask("/plain", cookie, form, body=b"csrf_token=" + token.encode() + b"&b=3")
    await ask("/thing", cookie, ("X-CSRF-Token", token), method="DELETE", body=None)
    play.say("without it")
    stranger = await ours.get(play.url("/form"))
    for value in ("", ".", token + "x", "x" + token, token.split(".")[0], stranger.text()):
        await ask("/form", cookie, ("X-CSRF-Token", value))
    await ask("/form", cookie)
    await ask("/form", ("X-CSRF-Token", token))
    await ask("/form", ("Cookie", stranger.headers["set-cookie"].split(";")[0]), ("X-CSRF-Token", token))
    await ask("/form", cookie, form, body=b"a=2&csrf_token=%zz")
    await ask("/form", cookie, form, body=b"a=2&csrf_token=\xff")
    await ask("/form", cookie, form, body=b"a=2&token=" + token.encode())
    await ask("/form", cookie, body=b"a=2&csrf_token=" + token.encode())
    await ask("/fields", cookie, parts, body=multipart(("a", "2")))
    await ask("/thing", cookie, method="DELETE", body=None)
    play.say("from elsewhere")
    right = cookie, ("X-CSRF-Token", token)
    for site in ("same-origin", "none", "same-site", "cross-site", "what?"):
        await ask("/form", *(right + (("Sec-Fetch-Site", site),)))
    for origin in ("https://" + host, "https://friend.example", "https://evil.example", "null",
                   "https://" + host + ".evil"):
        await ask("/form", *(right + (("Origin", origin),)))
    await ask("/form", *(right + (("Origin", "https://friend.example"), ("Sec-Fetch-Site", "cross-site"))))
    play.say("the origin alone")
    await ask("/origin")
    await ask("/origin", ("Sec-Fetch-Site", "same-origin"))
    await ask("/origin", ("Sec-Fetch-Site", "cross-site"))
    await ours.close()


ELSEWHERE = "403 403 Forbidden: this request comes from another site"
MISSING = "403 403 Forbidden: the token of this form is missing or too old: load it again"

EXPECTED = """
__Host-csrf  Path=/; SameSite=Lax; Secure; HttpOnly no-store
another token True the same cookie True
with the token
/form 200 took a=1
/form 200 took a=1
/form 200 took a=2
/fields 200 2 and 0 files
/fields 200 2 and 1 files
/fields 200 2 and 0 files
/plain 200 took LENGTH bytes
/thing 200 gone
without it
/form MISSING
/form MISSING
/form MISSING
/form MISSING
/form MISSING
/form MISSING
/form MISSING
/form MISSING
/form MISSING
/form 400 400 Bad Request
/form 400 400 Bad Request
/form MISSING
/form MISSING
/fields MISSING
/thing MISSING
from elsewhere
/form 200 took a=1
/form 200 took a=1
/form ELSEWHERE
/form ELSEWHERE
/form ELSEWHERE
/form 200 took a=1
/form 200 took a=1
/form ELSEWHERE
/form ELSEWHERE
/form ELSEWHERE
/form 200 took a=1
the origin alone
/origin 200 from here
/origin 200 from here
/origin ELSEWHERE
""".replace("MISSING", MISSING).replace("ELSEWHERE", ELSEWHERE).replace("LENGTH", str(11 + 55 + 4))
