"""Prints what a client keeps of the heap: `client_heap WHO PORT STORE [once]`, "import N", then "request N".

WHO is microhttps, which verifies with the one root among all that it needs, or requests, which verifies nothing. With
`once` the import alone is made.
"""
import gc
import sys

gc.collect()
before = gc.mem_alloc()
who, port, store = sys.argv[1:4]
url = "https://localhost:" + port + "/"
if who == "microhttps":
    from microhttps import Client, Trust

    used = (Client, Trust)
else:
    import requests
gc.collect()
imported = gc.mem_alloc()
print("import", imported - before)


async def ask():
    client = Client(trust=Trust.public(store))
    answer = await client.get(url)
    assert answer.body == b"Hello, World!"
    answer = None
    gc.collect()
    print("request", gc.mem_alloc() - imported)
    await client.close()


if len(sys.argv) > 4:
    pass
elif who == "microhttps":
    import asyncio

    asyncio.run(ask())
else:
    answer = requests.get(url)
    assert answer.content == b"Hello, World!"
    answer = None
    gc.collect()
    print("request", gc.mem_alloc() - imported)
