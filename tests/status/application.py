"""A server whose status is to be looked at. Runs on both interpreters; the options say who may."""

import asyncio

from microhttps import UsageError
from microhttps.status import Status

PASSWORD = "a password of the tests"


def make_server(play):
    options = play.options
    settings = {}
    if options.get("clients"):
        settings = {"trust": play.trust(), "client_certificate": options["clients"]}
    if options.get("other"):
        settings["identities"] = {"second.example": play.identity("other-name")}
    server = play.server(**settings)
    guards = guards_of(options.get("guard", "users"))
    server.mount(options.get("prefix", "/status"), Status(server, can_close=options.get("can_close", False), **guards))
    if options.get("hears"):
        server.on_event = lambda name, facts: play.say("heard", name)
    if options.get("refuses"):
        elsewhere = {"danger_public": True, "page": "nowhere.html"}
        for wrong in ({}, {"users": {}}, {"client_certificate": False}, elsewhere):
            try:
                Status(server, **wrong)
            except UsageError as error:
                play.say(error.code)

    @server.get("/")
    def page(request):
        return "page"

    @server.get("/moved")
    def moved(request):
        return "", 302, {"Location": "/"}

    @server.get("/fails")
    def fails(request):
        raise ValueError("on purpose")

    @server.get("/slow")
    async def slow(request):
        await asyncio.sleep(30)
        return "slow"

    return server


def guards_of(kind):
    """The arguments of a Status that say who may look."""
    if kind == "bearer":
        from microhttps.auth_bearer import BearerAuth

        return {"guard": BearerAuth({"a-token": "admin"})}
    if kind == "session":
        from microhttps.cookie_sessions import CookieSessions

        return {"guard": CookieSessions(b"a secret of these tests").required()}
    if kind == "certificate":
        return {"client_certificate": "alice.example"}
    return {"danger_public": True} if kind == "public" else {"users": {"admin": PASSWORD}}
