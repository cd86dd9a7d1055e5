"""What a server says of settings, ports and identities that are none, when it starts; runs on both interpreters."""

import asyncio

from microhttps import Identity, MicrohttpsError, Server, Trust

WRONG = (
    ("none would be let in", {"max_open_sockets": 0}),
    ("text for a number", {"max_open_sockets": "4"}),
    ("yes for a number", {"max_headers": True}),
    ("less than nothing", {"header_timeout": -1}),
    ("a deadline that is over", {"handshake_timeout": 0}),
    ("no deadline", {"keep_alive_timeout": None}),
    ("a queue of nobody knows how many", {"websocket_max_queue": "many"}),
    ("a port as text", {"port": "8443"}),
    ("a port beyond all", {"port": 99999}),
    ("a second port beyond all", {"redirect_port": -1}),
)
GOOD = ({"stop_timeout": 0, "max_body_length": 0, "identity_check_interval": 0, "min_rate": 0, "send_timeout": 0.5},
        {"websocket_ping_interval": None, "websocket_ping_timeout": 3})


async def code_of(server):
    try:
        await server.start()
    except MicrohttpsError as error:
        facts = error.facts
        told = ("setting", "certificate", "got", "expected")
        return [error.code] + [str(facts[name]) for name in told if name in facts]
    await server.stop()
    return ["started"]


async def main():
    for name, settings in WRONG:
        chosen = {"host": "127.0.0.1", "port": 0, "transport": "insecure"}
        chosen.update(settings)
        print(name + ":", *await code_of(Server(**chosen)))
    for settings in GOOD:
        print("good:", *await code_of(Server(host="127.0.0.1", port=0, transport="insecure", **settings)))
    print("no identity:", *await code_of(Server(host="127.0.0.1", port=0)))
    print("a path:", *await code_of(Server("device.crt", host="127.0.0.1", port=0)))
    print("a trust, too:", *await code_of(Server(Trust.danger_anyone(), host="127.0.0.1", port=0)))
    print("a file of something else:", *await code_of(Server(Identity(__file__), host="127.0.0.1", port=0)))


asyncio.run(main())
