"""The device of the pages: `device.local`, `old.local`, `mail.local`, `example.org`. HTTPS, HTTP, mail with STARTTLS.

Run in a folder with device.crt and device.key; `other_ports` puts other ports in the place of 443, 80 and 587.
"""

import asyncio
import contextlib

from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Sink

from microhttps import Identity, Server
from microhttps.auth import AnyOf
from microhttps.auth_basic import BasicAuth
from microhttps.auth_bearer import BearerAuth
from microhttps.auth_digest import DigestAuth

identity = Identity("device.crt", "device.key")
secure = Server(identity, host="127.0.0.1", port=443, keep_alive_timeout=2)
plain = Server(transport="insecure", host="127.0.0.1", port=80)
passwords = {"name": "password"}
state = {"on": False}


@secure.get("/")
@AnyOf(BasicAuth(passwords), BearerAuth({"token": "anna"}))
def page(request):
    return "hello " + request.user


@plain.get("/")
@AnyOf(DigestAuth(passwords), BasicAuth(passwords))
def old_page(request):
    return "hello " + request.user


@secure.get("/led")
@secure.get("/state")
def read(request):
    return state


@secure.post("/led")
async def switch(request):
    state.update(await request.json())
    return state


@secure.get("/firmware.bin")
def firmware(request):
    return b"firmware" * 10_000


async def main():
    mail = Controller(Sink(), hostname="127.0.0.1", port=587, tls_context=identity.server_context())
    mail.start()
    await plain.start()
    await secure.start()
    await asyncio.Event().wait()


with contextlib.suppress(KeyboardInterrupt):
    asyncio.run(main())
