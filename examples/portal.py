"""A device that is told the Wi-Fi by a phone, and then serves the same pages over HTTPS: a captive portal that moves.

    python examples/portal.py               with device.crt and device.key in this folder
    micropython examples/portal.py          the same, on MicroPython
    microhttps push examples/portal.py --for lamp.local

A new device opens a Wi-Fi of its own. A phone that joins asks for a page it knows, to see whether there is Internet:
every name leads here (`answer_names`), every page leads to the form, and the phone shows it. Once the device is in
the Wi-Fi it was told, the portal is gone, the pages are at https://lamp.local with the device's own certificate, and
plain HTTP leads there. On a computer the Wi-Fis are imaginary: `home`, whose passphrase is `correct horse`, is one
that can be joined.

Why is the portal not HTTPS? A certificate is for a name. The phone asks for names of others
(connectivitycheck.gstatic.com, captive.apple.com), for which nobody may have one but their owners; it cannot look up
ours, and no public authority vouches for 192.168.4.1. With a certificate of our own it would show a warning at best,
at worst no page at all. So:

- What goes over the portal is protected by the WPA2 of the device's own Wi-Fi, whose key is on the label. The
  passphrase of your Wi-Fi is sent within that, once. Who has the label, and listens from the start, can read it: do
  it at home.
- Nothing else goes over it. The device's password is asked for over HTTPS alone; the form is never served in your
  Wi-Fi without it; the passphrase is never shown again, by no page.
"""

import asyncio
import json
import os

from microhttps import Identity, Request, Response, Server
from microhttps.auth_basic import BasicAuth
from microhttps.csrf import Csrf
from microhttps.groups import Group
from password import password
from portal_names import answer_names, listen_for_names
from portal_wifi import IS_BOARD, close_wifi, join, networks, open_wifi

HTTP, HTTPS, DNS = (80, 443, 53) if IS_BOARD else (8080, 8443, 8053)
NAME = "lamp"  # of its own Wi-Fi; at home it is lamp.local
KEPT = "wifi.json"
LATER = 300  # seconds of portal, then the Wi-Fi that it knows is tried again: a router may only have been off
HEAD = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Lamp</title>
<link rel="icon" href="data:,">
<style>
body { max-width: 26rem; margin: 0 auto; padding: 1.5rem; font: 1rem/1.5 system-ui, sans-serif;
  background: light-dark(#f4f1ea, #16150f); color: light-dark(#26231d, #f1ecdf) }
input, button { width: 100%; box-sizing: border-box; min-height: 2.75rem; margin: 0 0 1rem; padding: 0 .75rem;
  font: inherit; border: 1px solid #8885; border-radius: .9rem }
a { color: inherit }
</style>
<h1>Lamp</h1>
"""
FORM = """<p role="status">%s</p>
<form method="post" action="/network">
<label for="name">Name of the Wi-Fi</label>
<input id="name" name="name" list="names" required maxlength="32" autocomplete="off" autocapitalize="off">
<datalist id="names">%s</datalist>
<label for="passphrase">Its passphrase</label>
<input id="passphrase" name="passphrase" type="password" required minlength="8" maxlength="63" autocomplete="off">
<button>Join</button>
</form>
"""
JOINING = """<p role="status">The lamp leaves here and joins %s.</p>
<p>Let this phone join it, too. The lamp is then at <a href="%s">%s</a>; the name is <b>admin</b>, the password is on
its label. If it cannot join, its own Wi-Fi comes back.</p>
"""

pages = Group()
portal = Server(transport="insecure", port=HTTP)
site = Server(port=HTTPS, redirect_port=HTTP)
portal.mount("", pages)
site.mount("", pages, BasicAuth({"admin": password()}, realm="lamp"))
state = {"note": "Which Wi-Fi should the lamp join?"}
told = asyncio.Event()  # there is another Wi-Fi to be joined


@pages.get("/")
def page(request: Request) -> Response:
    names = "".join(['<option value="%s">' % escape(name) for name in networks()])
    return html(FORM % (escape(state["note"]), names))


@pages.post("/network")
@Csrf(os.urandom(16), token=False)
async def change(request: Request) -> Response:
    """Take a Wi-Fi. Pages of other sites may not send this form in the name of who has the password."""
    form = await request.form()
    name, passphrase = form.get("name", ""), form.get("passphrase", "")
    if not 0 < len(name.encode()) <= 32 or not 8 <= len(passphrase.encode()) <= 63:
        state["note"] = "A name of 1 to 32 letters and a passphrase of 8 to 63, please."
        return Response.redirect("/", 303)
    keep({"name": name, "passphrase": passphrase})
    told.set()
    url = "https://%s.local%s/" % (NAME, "" if HTTPS == 443 else ":%d" % HTTPS)
    return html(JOINING % (escape(name), url, url))


@portal.get("/*")
def lead_here(request: Request) -> Response:
    """All else that a phone asks for, above all what it asks for to see whether there is Internet.

    Android /generate_204, Apple /hotspot-detect.html, Windows /connecttest.txt, Firefox /canonical.html and
    /success.txt: each knows the right answer and takes any other for a portal, a redirect best of all.
    """
    return Response.redirect("http://%s%s/" % (state["address"], "" if HTTP == 80 else ":%d" % HTTP))


async def live() -> None:
    """Join the Wi-Fi and serve there; without one, or when it is not there, set up."""
    site.identity = Identity("device.crt", "device.key")
    while True:
        wifi = kept()
        is_in = bool(wifi) and await join(wifi["name"], wifi["passphrase"])
        told.clear()
        if is_in:
            await serve(wifi["name"])
        else:
            if wifi:
                state["note"] = "The lamp could not join %s." % wifi["name"]
            await set_up()


async def serve(name: str) -> None:
    """The pages over HTTPS, until another Wi-Fi is chosen."""
    state["note"] = "The lamp is in %s. Another Wi-Fi:" % name
    await site.start()
    print("serving")
    try:
        await told.wait()
    finally:
        await site.stop()


async def set_up() -> None:
    """The portal in a Wi-Fi of our own, until somebody has told which Wi-Fi to join, or it is time to try again."""
    state["address"] = open_wifi(NAME, password())
    listener = listen_for_names(DNS)
    names = asyncio.create_task(answer_names(listener, state["address"]))
    try:
        await portal.start()
        print("portal")
        await asyncio.wait_for(told.wait(), LATER)
    except asyncio.TimeoutError:
        pass
    finally:
        names.cancel()
        listener.close()
        await portal.stop()
        close_wifi()


def keep(wifi: dict[str, str]) -> None:
    """Keep which Wi-Fi to join; the file is replaced whole."""
    with open(KEPT + ".new", "w") as file:
        if hasattr(os, "chmod"):  # boards keep no permissions
            os.chmod(KEPT + ".new", 0o600)
        json.dump(wifi, file)
    os.rename(KEPT + ".new", KEPT)


def kept() -> dict[str, str]:
    """What was kept, {} where nothing was."""
    try:
        with open(KEPT) as file:
            return dict(json.load(file))
    except (OSError, ValueError):
        return {}


def html(body: str) -> Response:
    return Response(HEAD + body + "</html>\n", content_type="text/html; charset=utf-8",
                    headers=(("Cache-Control", "no-store"),))


def escape(text: str) -> str:
    """Text as HTML shows it: a neighbour may call his Wi-Fi as he likes."""
    for character, coded in (("&", "&amp;"), ("<", "&lt;"), ('"', "&quot;")):
        text = text.replace(character, coded)
    return text


def main() -> None:
    try:
        asyncio.run(live())
    except KeyboardInterrupt:
        pass


if __name__ == "__main__":
    main()
