"""Sessions in a signed cookie: kept, changed, ended; and what is not ours, or too old, or too long, is no session."""

import asyncio

from microhttps import UsageError
from microhttps.cookie_sessions import CookieSessions

HEAP = "4m"
MAY_COMPLAIN = True  # a session that is too large is told to the event loop

OLD, NEW = "an old secret of twenty-six", b"a new secret of twenty-six"


def make_server(play):
    server = play.server()
    sessions = CookieSessions(NEW, max_age=1000)
    rotated = CookieSessions([NEW, OLD], name="kept")
    old = CookieSessions(OLD, name="kept", same_site="Strict")
    short = CookieSessions(NEW, max_age=4, name="short")

    @server.get("/count")
    @sessions
    def count(request):
        mine = sessions.of(request)
        mine["count"] = mine.get("count", 0) + 1
        return {"count": mine["count"]}

    @server.get("/look")
    @sessions
    async def look(request):
        await asyncio.sleep(0.01)
        return {"seen": sessions.of(request).get("count")}

    @server.post("/login")
    @sessions
    async def login(request):
        sessions.of(request)["user"] = (await request.read()).decode()
        return None

    @server.get("/logout")
    @sessions
    def logout(request):
        sessions.of(request).clear()
        return "bye"

    @server.get("/home")
    @sessions.required(otherwise="/login")
    def home(request):
        sessions.of(request)["visits"] = sessions.of(request).get("visits", 0) + 1
        return "home of " + request.user

    @server.get("/inner")
    @sessions
    @sessions.required()
    def inner(request):
        sessions.of(request)["inner"] = True
        return "inner of " + request.user

    @server.get("/large")
    @sessions
    def large(request):
        sessions.of(request)["much"] = "x" * 4000
        return "never seen"

    @server.get("/old")
    @old
    def made_with_the_old_secret(request):
        old.of(request)["from"] = "old"
        return "made"

    @server.get("/rotated")
    @rotated
    def rotated_page(request):
        rotated.of(request)["more"] = True
        return {"from": rotated.of(request).get("from")}

    @server.get("/only-old")
    @old
    def only_old(request):
        return "%s %s" % (old.of(request).get("from"), old.of(request).get("more"))

    @server.get("/short")
    @short
    def short_page(request):
        short.of(request).setdefault("stays", 1)
        return "here"

    @server.get("/short/look")
    @short
    def short_look(request):
        return {"stays": short.of(request).get("stays")}

    return server


class Browser:
    """Keeps cookies as a browser does, and says what it was told of them."""

    def __init__(self, play, ours):
        self.play, self.ours = play, ours
        self.jar = {}

    async def go(self, path, method="GET", body=None):
        headers = (("Cookie", "; ".join(name + "=" + value for name, value in sorted(self.jar.items()))),)
        answer = await self.ours.request(method, self.play.url(path), headers=headers if self.jar else (), body=body)
        told = [taken_apart(value) for name, value in answer.headers if name.lower() == "set-cookie"]
        for name, value, _ in told:
            self.jar[name] = value
            if not value:
                del self.jar[name]
        self.play.say(path, answer.status, answer.text().strip(), answer.headers.get("vary"),
                      *[name + ("" if value else " gone") + attributes for name, value, attributes in told])
        return answer


def taken_apart(field):
    """(name, value, attributes) of a Set-Cookie field."""
    pair, semicolon, attributes = field.partition(";")
    name, _, value = pair.partition("=")
    return name, value, semicolon + attributes


async def client(play):
    for secret in ("short", b"", [], ["long enough, this one", "short"]):
        try:
            CookieSessions(secret)
            play.say("taken", secret)
        except UsageError as error:
            play.say(error.code)
    ours = play.client()
    browser = Browser(play, ours)
    await browser.go("/look")
    await browser.go("/count")
    await browser.go("/count")
    await browser.go("/look")
    cookie = browser.jar["__Host-session"]
    payload, end, signature = cookie.split(".")
    play.say("changed by somebody")
    later = str(int(end) + 1)
    for value in (cookie[:-1] + ("A" if cookie[-1] != "A" else "B"), payload + "." + later + "." + signature,
                  "e30." + end + "." + signature, payload, "", "..", cookie + "."):
        browser.jar["__Host-session"] = value
        await browser.go("/look")
    browser.jar = {"session": cookie, "__Host-kept": cookie}
    play.say("under another name")
    await browser.go("/look")
    await browser.go("/rotated")
    play.say("logging in and out")
    browser.jar = {"__Host-session": cookie}
    await browser.go("/home")
    await browser.go("/inner")
    await browser.go("/login", "POST", b"ann")
    await browser.go("/home")
    await browser.go("/inner")
    await browser.go("/logout")
    await browser.go("/logout")
    await browser.go("/home")
    play.say("too much")
    await browser.go("/large")
    play.say("secrets that change")
    await browser.go("/old")
    await browser.go("/rotated")
    await browser.go("/only-old")
    play.say("time that passes")
    await browser.go("/short")
    first = browser.jar["__Host-short"]
    await browser.go("/short/look")
    await asyncio.sleep(2.2)
    await browser.go("/short/look")
    play.say("renewed", browser.jar["__Host-short"] != first)
    browser.jar["__Host-short"] = first
    await asyncio.sleep(2.2)
    await browser.go("/short/look")
    await ours.close()


EXPECTED = """
weak_secret
weak_secret
weak_secret
weak_secret
/look 200 {"seen": null} Cookie
/count 200 {"count": 1} Cookie __Host-session; Max-Age=1000; Path=/; SameSite=Lax; Secure; HttpOnly
/count 200 {"count": 2} Cookie __Host-session; Max-Age=1000; Path=/; SameSite=Lax; Secure; HttpOnly
/look 200 {"seen": 2} Cookie
changed by somebody
/look 200 {"seen": null} Cookie __Host-session gone; Max-Age=0; Path=/; SameSite=Lax; Secure; HttpOnly
/look 200 {"seen": null} Cookie __Host-session gone; Max-Age=0; Path=/; SameSite=Lax; Secure; HttpOnly
/look 200 {"seen": null} Cookie __Host-session gone; Max-Age=0; Path=/; SameSite=Lax; Secure; HttpOnly
/look 200 {"seen": null} Cookie __Host-session gone; Max-Age=0; Path=/; SameSite=Lax; Secure; HttpOnly
/look 200 {"seen": null} Cookie __Host-session gone; Max-Age=0; Path=/; SameSite=Lax; Secure; HttpOnly
/look 200 {"seen": null} Cookie __Host-session gone; Max-Age=0; Path=/; SameSite=Lax; Secure; HttpOnly
/look 200 {"seen": null} Cookie __Host-session gone; Max-Age=0; Path=/; SameSite=Lax; Secure; HttpOnly
under another name
/look 200 {"seen": null} Cookie
/rotated 200 {"from": null} Cookie __Host-kept; Max-Age=1209600; Path=/; SameSite=Lax; Secure; HttpOnly
logging in and out
/home 303  None
/inner 403 403 Forbidden: log in first Cookie
/login 204  Cookie __Host-session; Max-Age=1000; Path=/; SameSite=Lax; Secure; HttpOnly
/home 200 home of ann Cookie __Host-session; Max-Age=1000; Path=/; SameSite=Lax; Secure; HttpOnly
/inner 200 inner of ann Cookie __Host-session; Max-Age=1000; Path=/; SameSite=Lax; Secure; HttpOnly
/logout 200 bye Cookie __Host-session gone; Max-Age=0; Path=/; SameSite=Lax; Secure; HttpOnly
/logout 200 bye Cookie
/home 303  None
too much
/large 500 500 Internal Server Error None
secrets that change
/old 200 made Cookie __Host-kept; Max-Age=1209600; Path=/; SameSite=Strict; Secure; HttpOnly
/rotated 200 {"from": "old"} Cookie __Host-kept; Max-Age=1209600; Path=/; SameSite=Lax; Secure; HttpOnly
/only-old 200 None None Cookie __Host-kept gone; Max-Age=0; Path=/; SameSite=Strict; Secure; HttpOnly
time that passes
/short 200 here Cookie __Host-short; Max-Age=4; Path=/; SameSite=Lax; Secure; HttpOnly
/short/look 200 {"stays": 1} Cookie
/short/look 200 {"stays": 1} Cookie __Host-short; Max-Age=4; Path=/; SameSite=Lax; Secure; HttpOnly
renewed True
/short/look 200 {"stays": null} Cookie __Host-short gone; Max-Age=0; Path=/; SameSite=Lax; Secure; HttpOnly
"""
