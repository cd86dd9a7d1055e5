"""A request that is started, and told as events to a function: `mg_connect_http`, and it verifies.

In place of the answer in Mongoose OS's forum to "HTTPS Client example":

    mg_connect_http(mgr, ev_handler, NULL, server, "User-Agent: ...\\r\\n", NULL)
    client.start(URL, ev_handler, headers={"User-Agent": USER_AGENT})

    mg_connect_http_opt(..., opts with ssl_ca_cert, ssl_cert, ssl_key, ...)
    Client(trust=Trust.load("ca.pem"), identity=Identity("alice.crt", "alice.key"))

    python examples/event_client.py
    micropython examples/event_client.py

It says who was connected to, then the status and the beginning of the answer, then `closed`.

"Access Denied" was the answer of that site, over TLS that had worked: it wants to know which program asks. A client
of ours always names one (`microhttps`); this site wants one that is yours, with an address.

"SW ECDH curve 3" told nothing else: keys were being exchanged, in software.

"Why do I need no CA certificate?" Because Mongoose OS believes anybody unless `ssl_ca_cert` is given: the connection
is encrypted, to whoever answered. It is not up to each server, who cannot see it, but up to the client. This one
verifies with the public roots, and says `untrusted_issuer` where it has to. A copy of the site's certificate alone is
enough, too, until it gets another key: pinned_client.py.
"""

import asyncio

from microhttps import Client, Trust
from microhttps.explain import explain

URL = "https://api.weather.gov/"
USER_AGENT = "window-lamp/1.0 (https://lamp.example/contact)"
TRUST = Trust.public()


def ev_handler(ev, ev_data) -> None:  # type: ignore[no-untyped-def]  # whatever the event brings, as `void *` there
    if ev == "connect":
        print("connected to", ev_data.peer_address[0], "with", ev_data.tls.version)
    elif ev == "reply":
        print(ev_data.status, ev_data.text()[:200])
    elif ev == "error":
        print("failed:", ev_data.code)
        print(*explain(ev_data), sep="\n")
    elif ev == "close":
        print("closed")


async def ask() -> None:
    async with Client(trust=TRUST) as client:
        started = client.start(URL, ev_handler, headers={"User-Agent": USER_AGENT})
        await started.wait()  # until then other tasks may do what they do


def main() -> None:
    asyncio.run(ask())


if __name__ == "__main__":
    main()
