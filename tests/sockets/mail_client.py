"""A client that begins in the clear and goes on as TLS: `connect` and `start_tls`.

    mail_client.py PORT FOLDER [AUTHORITY]      both interpreters
"""

import asyncio
import sys

from microhttps import MicrohttpsError, Trust, connect


async def command(stream, text):
    """The code of the reply to a command."""
    await stream.write(text)
    line = await stream.readline()
    while line[3:4] == b"-":
        line = await stream.readline()
    return line[:3].decode()


async def main(port, folder, authority="ca"):
    stream = await connect("localhost", int(port), transport="insecure")
    print(await command(stream, b""))
    print(await command(stream, b"EHLO here\r\n"), stream.session.tls)
    print(await command(stream, b"STARTTLS\r\n"))
    try:
        await stream.start_tls(trust=Trust.load(folder + "/" + authority + ".crt"))
        print("secure", stream.session.tls.version[:4], stream.available())
        print(await command(stream, b"EHLO here\r\n"))
        print(await command(stream, b"NOOP\r\n"))
        try:
            await stream.start_tls()
        except MicrohttpsError as error:
            print("once more:", error.code)
        print(await command(stream, b"QUIT\r\n"))
    except MicrohttpsError as error:
        print("error", error.code, stream.session.is_open)
        try:
            await stream.write(b"MAIL FROM:<in@the.clear>\r\n")
            print("went on in the clear")
        except MicrohttpsError as error:
            print("then", error.code)
    await stream.close()


asyncio.run(main(*sys.argv[1:]))
