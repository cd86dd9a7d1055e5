"""What a client says of numbers that are none, and how often it looks at its clock; runs on both interpreters."""

import asyncio

from microhttps import Client, MicrohttpsError, connect
from microhttps.settings import tick_of

WRONG = (
    {"recv_timeout": None}, {"recv_timeout": "5"}, {"connect_timeout": 0}, {"total_timeout": -1},
    {"max_connections": 0}, {"max_body_length": True}, {"websocket_max_queue": "many"},
)
GOOD = ({}, {"total_timeout": 0, "max_redirects": 0, "keep_alive_timeout": 0, "recv_timeout": 0.5})


def told(call, **settings):
    try:
        made = call(**settings)
    except MicrohttpsError as error:
        return " ".join([error.code] + [str(error.facts[name]) for name in ("setting", "got", "expected")])
    return "looks every %.3f s" % tick_of(made.settings)


for chosen in WRONG + GOOD:
    print(told(Client, **chosen))
print(told(lambda: asyncio.run(connect("localhost", 443, recv_timeout="long"))))
