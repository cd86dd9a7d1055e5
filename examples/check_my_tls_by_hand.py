"""HTTP/1.0 by hand over a secure connection, line by line as with WiFiClientSecure.

In place of the sketch "How to use HTTPS in Arduino ESP32":

    client.setCACert(ca_cert)                        trust=Trust.load("howsmyssl.der")
    client.connect(server, 443)                      await connect(SERVER, 443, trust=...)
    client.println("GET ...")                        await client.write(b"GET ...")
    client.available(), client.read()                client.available(), await client.read()
    !client.connected(), client.stop()               client.at_eof(), await client.close()

The certificate pasted there is that of an intermediate authority and has ended in 2021. Which root a site needs now,
without choosing among what `openssl s_client -showcerts` prints, and saved as a file:

    microhttps roots find www.howsmyssl.com --save howsmyssl.der
    python examples/check_my_tls_by_hand.py
    micropython examples/check_my_tls_by_hand.py

It says that it is connected, a dot for each twentieth of a second until something comes, then the whole answer, head
and JSON, then `Server disconnected`. Unlike the sketch it does not wait for ever. The same in one line, with the
public roots: check_my_tls.py. On a board, boot.py has waited for Wi-Fi by then, and set the clock.
"""

import asyncio

from microhttps import MicrohttpsError, Trust, connect

SERVER = "www.howsmyssl.com"
PORT = 443
PATH = "/a/check"
TRUST = Trust.load("howsmyssl.der")
PATIENCE = 10  # seconds for the beginning of the answer, and for each silence in it
MOST = 64 * 1024  # bytes of an answer that are read


async def ask() -> None:
    print("Connect to server via port", PORT)
    try:
        client = await connect(SERVER, PORT, trust=TRUST, recv_timeout=PATIENCE)
    except MicrohttpsError as error:
        print("Connection failed!", error)
        return
    print("Connected to server!", client.session.tls.version, client.session.tls.cipher)
    answer = b""
    try:
        await client.write(b"GET " + PATH.encode() + b" HTTP/1.0\r\n")
        await client.write(b"Host: " + SERVER.encode() + b"\r\n")
        await client.write(b"Connection: close\r\n\r\n")
        for _ in range(int(PATIENCE * 20)):
            if client.available() or client.at_eof():
                break
            print(".", end="")  # nothing blocks: something else could be done meanwhile
            await asyncio.sleep(0.05)
        while not client.at_eof() and len(answer) < MOST:
            answer += await client.read()
        print("\n" + answer.decode() + "\nServer disconnected")
    except MicrohttpsError as error:
        print("\nConnection lost!", error)
    await client.close()


def main() -> None:
    asyncio.run(ask())


if __name__ == "__main__":
    main()
