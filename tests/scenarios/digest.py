"""Digest authentication with SHA-256: answered by hand, so that every part can be wrong, old, or used twice."""

import asyncio
import binascii
import hashlib

from microhttps.auth_digest import DigestAuth

HEAP = "4m"


def make_server(play):
    server = play.server()
    kept = {"ann": DigestAuth.digest("ann", "here", "pa:ss"), "Zoë": "ü"}
    digest = DigestAuth(kept, realm="here", max_failures=0)
    hashed = DigestAuth({"ann": "secret"}, realm="hidden", userhash=True)
    short = DigestAuth({"ann": "secret"}, realm="short", nonce_age=-1)

    async def find_slowly(name):
        await asyncio.sleep(0.01)
        return "slow" if name == "sue" else None

    def answer(request):
        return "for " + request.user

    server.get("/page")(digest(answer))
    server.post("/page")(digest(answer))
    server.get("/hashed")(hashed(answer))
    server.get("/short")(short(answer))
    server.get("/asked")(DigestAuth(find_slowly, realm="asked")(answer))
    server.get("/strict")(DigestAuth({"ann": "secret"}, realm="strict", max_failures=2)(answer))
    return server


class Asker:
    """Answers challenges of one path."""

    def __init__(self, play, ours, path):
        self.play, self.ours, self.path = play, ours, path
        self.challenge = {}
        self.answer = None

    async def ask(self, headers=(), method="GET"):
        self.answer = await self.ours.request(method, self.play.url(self.path), headers=headers)
        from microhttps.wire.auth_parameters import (
            parse_auth_parameters,  # a board's build has no such name for applications
        )

        told = self.answer.headers.get("WWW-Authenticate")
        if told:
            self.challenge = parse_auth_parameters(told[7:])
        return self.answer.status

    async def log_in(self, name, password, count=1, method="GET", **changes):
        """Ask with credentials; what `changes` names is put in after the response was computed, `!name` before."""
        given = {"username": name, "realm": self.challenge["realm"], "nonce": self.challenge["nonce"],
                 "uri": self.path, "qop": "auth", "algorithm": "SHA-256", "nc": "%08x" % count, "cnonce": "abc"}
        early = {key[1:]: value for key, value in changes.items() if key[0] == "!"}
        given.update(early)
        first = h(name + ":" + given["realm"] + ":" + password)
        second = h(method + ":" + given["uri"])
        given["response"] = h(":".join([first, given["nonce"], given["nc"], given["cnonce"], given["qop"], second]))
        given.update({key: value for key, value in changes.items() if key[0] != "!"})
        text = ", ".join(key + "=" + (value if key in ("nc", "algorithm", "userhash", "username*") else '"%s"' % value)
                         for key, value in given.items() if value is not None)
        status = await self.ask((("Authorization", "Digest " + latin(text)),), method)
        told = self.answer.text().strip() if status == 200 else "stale" if self.challenge.get("stale") else ""
        self.play.say(status, *([told] if told else []))


def h(text):
    return binascii.hexlify(hashlib.sha256(text.encode()).digest()).decode()


def latin(text):
    """UTF-8 of it, byte for character: what a field is."""
    return "".join(map(chr, text.encode()))


async def client(play):
    ours = play.client()
    page = Asker(play, ours, "/page")
    play.say(await page.ask())
    play.say(*[key + "=" + page.challenge[key] for key in ("algorithm", "charset", "qop", "realm")])
    play.say("right, and each number once, in any order")
    nonce = page.challenge["nonce"]
    for count in (1, 2, 70, 5, 69, 70, 6, 7, 5, 0, 71):
        await page.log_in("ann", "pa:ss", count)
        if page.answer.status != 200:
            play.say("again", count)
            page.challenge["nonce"] = nonce
        nonce = page.challenge["nonce"]
    play.say("wrong")
    await page.log_in("ann", "pass", 72)
    await page.log_in("eve", "pa:ss", 73)
    for changes in ({"response": "0" * 64}, {"response": ""}, {"realm": "there"}, {"qop": "auth-int"}, {"cnonce": None},
                    {"algorithm": None}, {"algorithm": "MD5"}, {"nc": "1"}, {"nc": "0000010g"}, {"username": None},
                    {"username*": "UTF-8''ann"}, {"uri": None}):
        await page.log_in("ann", "pa:ss", 74, **changes)
    play.say(await page.ask((("Authorization", 'Digest username="ann'),)))
    play.say("for another path")
    await page.log_in("ann", "pa:ss", 75, **{"!uri": "/other"})
    play.say("for another method")
    play.say(await page.ask(method="POST"))
    await page.log_in("ann", "pa:ss", 1, method="POST")
    nonce = page.challenge["nonce"]
    await page.log_in("ann", "pa:ss", 2, method="GET", response=h("anything"))
    play.say("nonces that are not ours")
    for change in ("0" * 48, "x", nonce[:-1] + ("0" if nonce[-1] != "0" else "1"), "0" * 8 + nonce[8:]):
        await page.log_in("ann", "pa:ss", 1, **{"!nonce": change})
    play.say("names beyond ASCII")
    await page.log_in("Zoë", "ü", 1)
    await page.log_in("Zoë", "ü", 2, **{"username": None, "username*": "UTF-8''Zo%C3%AB"})
    play.say("hashed names")
    hashed = Asker(play, ours, "/hashed")
    play.say(await hashed.ask(), hashed.challenge.get("userhash"))
    await hashed.log_in("ann", "secret", 1, username=h("ann:hidden"), userhash="true")
    await hashed.log_in("ann", "secret", 2, username=h("eve:hidden"), userhash="true")
    await hashed.log_in("ann", "secret", 3)
    play.say("too old")
    short = Asker(play, ours, "/short")
    await short.ask()
    await short.log_in("ann", "secret")
    await short.log_in("ann", "wrong")
    play.say("asked elsewhere")
    asked = Asker(play, ours, "/asked")
    await asked.ask()
    await asked.log_in("sue", "slow", 1)
    await asked.log_in("tom", "slow", 2)
    play.say("guessing")
    strict = Asker(play, ours, "/strict")
    await strict.ask()
    await strict.log_in("ann", "a", 1)
    await strict.log_in("ann", "b", 2)
    await strict.log_in("ann", "secret", 3)
    await ours.close()


EXPECTED = """
401
algorithm=SHA-256 charset=UTF-8 qop=auth realm=here
right, and each number once, in any order
200 for ann
200 for ann
200 for ann
401 stale
again 5
200 for ann
401 stale
again 70
401 stale
again 6
200 for ann
401 stale
again 5
401 stale
again 0
200 for ann
wrong
401
401
401
401
401
401
401
401
401
401
401
401
401
401
401
for another path
400
for another method
401
200 for ann
401
nonces that are not ours
401 stale
401 stale
401 stale
401 stale
names beyond ASCII
200 for Zoë
200 for Zoë
hashed names
401 true
200 for ann
401
200 for ann
too old
401 stale
401
asked elsewhere
200 for sue
401
guessing
401
401
429
"""
