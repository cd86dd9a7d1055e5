"""A server that tells of its start, and a part that checks identities. Runs on both interpreters."""

from microhttps import Identity, MicrohttpsError


def make_server(play):
    def on_event(name, facts):
        if name == "key_exposed":
            play.say(name, facts["file"])

    server = play.server(identity=Identity(*play.options["files"]), on_event=on_event)

    @server.get("/")
    def page(request):
        return "page"

    return server


async def client(play):
    """What is said of each pair of files: the code, and where the key was published; and of one that a client shows."""
    for name, key in play.options["pairs"]:
        for switches in ({}, {"danger_demonstration_key": True}):
            try:
                Identity(play.path(name), play.path(key), **switches).check()
                play.say(name, "no error")
            except MicrohttpsError as error:
                play.say(name, error.code, error.facts.get("published"))
        shown = play.client(identity=Identity(play.path(name), play.path(key)))
        play.say("shown by a client:", await play.code_of(shown.get(play.url("/"))))
