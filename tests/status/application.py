"""A server whose status is to be looked at. Runs on both interpreters; the options say who may."""

import asyncio

from microhttps.status import Status

PASSWORD = "a password of the tests"


def make_server(play):
    options = play.options
    settings = {}
    if options.get("trust"):
        settings = {"trust": play.trust(), "client_certificate": "optional"}
    if options.get("other"):
        settings["identities"] = {"second.example": play.identity("other-name")}
    server = play.server(**settings)
    guards = {"users": {"admin": PASSWORD}} if not options.get("open") else {"danger_public": True}
    if options.get("certificate_rule"):
        guards = {"client_certificate": options["certificate_rule"]}
    server.mount(options.get("prefix", "/status"), Status(server, can_close=options.get("can_close", False), **guards))
    if options.get("hears"):
        server.on_event = lambda name, facts: play.say("heard", name)

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
        await asyncio.sleep(3)
        return "slow"

    return server
