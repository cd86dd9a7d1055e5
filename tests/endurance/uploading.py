"""A board that takes uploads into files, part by part and raw; precompiled for a board by `test_uploads`.

    uploading PORT CERTIFICATE KEY FOLDER
"""

import asyncio
import gc
import sys

from microhttps import Identity, Server

server = Server(identity=Identity(sys.argv[2], sys.argv[3]), host="127.0.0.1", port=int(sys.argv[1]),
                max_body_length=64 * 1024 * 1024, max_open_sockets=2)


def kept():
    """The bytes of heap in use, rubbish collected."""
    gc.collect()
    return str(gc.mem_alloc())


@server.post("/upload")
async def upload(request):
    async for part in request.parts():
        if part.filename:
            await part.save(sys.argv[4] + "/" + part.filename)
    return kept()


@server.route("/raw", ("PUT",))
async def raw(request):
    with open(sys.argv[4] + "/raw", "wb") as file:
        async for chunk in request.body:
            file.write(chunk)
    return kept()


async def main():
    await server.start()
    print("ready")
    while True:
        await asyncio.sleep(60)


asyncio.run(main())
