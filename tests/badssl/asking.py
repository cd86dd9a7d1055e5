"""A client that walks the range and says of each site what it thinks of it. Runs on both interpreters, by `play.py`."""

from microhttps import Client, MicrohttpsError, Trust


async def client(play):
    for site in play.options["sites"]:
        trust = trust_of(play, site)
        settings = dict(site["settings"])
        if site.get("proxy"):
            settings["proxy"] = site["proxy"]
        ours = Client(trust=trust, **settings)
        try:
            answer = await ours.get("https://%s:%d/" % (site["host"], site["port"]))
            play.say(site["name"], answer.text().strip())
        except MicrohttpsError as error:
            play.say(site["name"], error.code, type(error).__name__)
            if play.options.get("tells_why"):
                play.say("why", error, repr(error.cause))
        await ours.close()


def trust_of(play, site):
    store = play.options.get("store")
    if store:
        return Trust.public(play.path(store))
    return Trust.load(play.path(site["trust"] + ".crt"), crl=play.path("root.crl") if site["crl"] else None)
