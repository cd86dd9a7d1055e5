"""Which broker, who we are, and why it does not work: for mqtt_on_a_board.py and mqtt_on_a_computer.py.

What clouds want besides a certificate that they know:

    Azure IoT Hub    the device's name as client id, USER as below, no password, TOPIC as below
    AWS IoT Core     the thing's name as client id, USER = None, a TOPIC that its policy allows
    mosquitto        USER = None: with `use_identity_as_username` the certificate's name is the user

Alone it tries the connection, and says what is wrong with it:

    python examples/mqtt_broker.py              with device.crt and device.key here
    micropython examples/mqtt_broker.py
"""

import asyncio

from microhttps import Identity, MicrohttpsError, Trust, connect
from microhttps.explain import explain

HOST = "xxx.azure-devices.net"
PORT = 8883
DEVICE = "lamp"
USER = HOST + "/" + DEVICE + "/?api-version=2021-04-12"
TOPIC = "devices/" + DEVICE + "/messages/events/"
TRUST = Trust.public()  # Azure's and Amazon's roots are among them; Trust.load("ca.crt") for a broker of your own
IDENTITY = Identity("device.crt", "device.key")  # paths or bytes, PEM or DER
PATIENCE = 20  # seconds for each answer of the broker
LISTEN = 3  # seconds to hear whether TLS is content


async def try_connection() -> None:
    """Raises a MicrohttpsError if it is the network or TLS that does not work."""
    stream = await connect(HOST, PORT, trust=TRUST, identity=IDENTITY, recv_timeout=LISTEN)
    print("connected:", stream.session.tls.version, stream.session.tls.cipher)
    try:
        await stream.read(1)  # brokers wait to be spoken to, but TLS 1.3 tells now whether our certificate will do
    finally:
        await stream.close()


def why() -> None:
    """Say, in three sentences, what is wrong with the connection; or that nothing is."""
    try:
        asyncio.run(try_connection())
        print("the broker has ended the connection without a word")
    except MicrohttpsError as error:
        if error.code == "deadline" and error.facts["setting"] == "recv_timeout":
            print("TLS is good on both sides: ask the broker about DEVICE, USER and TOPIC")
        else:
            print("failed:", error.code)
            print(*explain(error), sep="\n")


main = why

if __name__ == "__main__":
    main()
