"""New firmware for a board: by a form with a progress bar, or by curl; checked before it is taken, then activated.

    microhttps serve examples/firmware_update.py          a certificate is made for you
    python examples/firmware_update.py                    with device.crt and device.key in this folder
    micropython examples/firmware_update.py               the same, on MicroPython
    microhttps push examples/firmware_update.py --for lamp.local --with examples/firmware_update.html

    sum=$(sha256sum < new.bin | cut -c-64)
    curl --cacert ca.crt -u admin -# -T new.bin "https://localhost:8443/firmware?sha256=$sum"

It goes into a file piece by piece, in the memory of one piece, and is taken when its SHA-256 is the one that was
announced. What comes by half, is too large or is not what was announced leaves nothing behind. `activate` is to be
replaced where your board wants something else. The name is `admin`, the password is said at the first start.

The SHA-256 finds what was damaged on its way. Who sent it is known by the password alone: where others than you must
not be able to install anything even with the password, have the bootloader check a signature (ESP32: secure boot).
"""

import asyncio
import hashlib
import os
import sys
from binascii import hexlify

from microhttps import Identity, Request, Response, Server
from microhttps.auth_basic import BasicAuth
from password import password

VERSION = "1.0"
LARGEST = 4 * 1024 * 1024
COMING, WHOLE, RUNNING = "firmware.part", "firmware.new", "firmware.bin"
NOTHING_FROM_ELSEWHERE = (
    "Content-Security-Policy",
    "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self'; img-src data:",
)

server = Server(port=8443, max_body_length=LARGEST)
basic = BasicAuth({"admin": password()}, realm="firmware")
uploads: list[Request] = []  # the one in progress


@server.get("/")
@basic
def page(request: Request) -> Response:
    return Response.file("firmware_update.html", beside=__file__, headers=(NOTHING_FROM_ELSEWHERE,))


@server.get("/firmware")
@basic
def about(request: Request) -> dict[str, object]:
    return {"version": VERSION, "largest": LARGEST}


@server.put("/firmware")
@basic
async def take(request: Request) -> dict[str, object] | tuple[dict[str, object], int]:
    """The firmware as it is, nothing around it. A browser asks before it sends a PUT to another site than its own."""
    announced = request.query.get("sha256", "").lower()
    if len(announced) != 64:
        return {"error": "announce what comes: /firmware?sha256=…"}, 400
    if uploads:
        return {"error": "somebody else sends already"}, 409
    uploads.append(request)
    try:
        length, found = await save(request)
        if found != announced:
            return {"error": "it is not what was announced", "sha256": found}, 422
        os.rename(COMING, WHOLE)
    except OSError as error:
        return {"error": "it cannot be written: " + str(error)}, 507
    finally:
        uploads.remove(request)
        remove(COMING)
    server.call_soon(activate)
    return {"length": length, "sha256": found}


async def save(request: Request) -> tuple[int, str]:
    """Write the body to a file; its length and its SHA-256."""
    length, digest = 0, hashlib.sha256()
    with open(COMING, "wb") as file:
        async for piece in request.body:
            if file.write(piece) != len(piece):
                raise OSError(28)  # no space left: some file systems say it with a short count
            digest.update(piece)
            length += len(piece)
    return length, hexlify(digest.digest()).decode()


async def activate() -> None:
    """Run what has come: in a moment, when the answer has left."""
    await asyncio.sleep(1)
    if sys.platform == "esp32":
        await write_partition()
    else:
        os.rename(WHOLE, RUNNING)
    print("activated")
    if sys.platform in ("esp32", "rp2"):
        import machine

        machine.reset()


async def write_partition() -> None:
    """The other of the two partitions of an ESP32 (firmware built for OTA) is the one it starts from next."""
    import esp32

    partition = esp32.Partition(esp32.Partition.RUNNING).get_next_update()
    block, number = bytearray(4096), 0
    with open(WHOLE, "rb") as file:
        while file.readinto(block):
            partition.writeblocks(number, block)
            number += 1
            await asyncio.sleep(0)
    os.remove(WHOLE)
    partition.set_boot()  # which looks whether it is a firmware at all


@server.background
async def confirm() -> None:
    """Who has served for half a minute stays; an ESP32 that is reset before goes back to the firmware it had."""
    await asyncio.sleep(30)
    if sys.platform == "esp32":
        import esp32

        esp32.Partition.mark_app_valid_cancel_rollback()


def remove(path: str) -> None:
    """Remove a file, if it is there."""
    try:
        os.remove(path)
    except OSError:
        pass


remove(COMING)  # of an upload that a power cut ended

def main() -> None:
    server.identity = Identity("device.crt", "device.key")
    server.run()


if __name__ == "__main__":
    main()
