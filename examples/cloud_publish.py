"""Publish a measurement over HTTPS to a cloud that knows its devices by their certificates.

In place of Sming's sample Basic_AWS (a client certificate and its key, in DER, as a part of the program) where no
MQTT is needed: AWS IoT Core takes a message as a POST at port 8443. With MQTT: mqtt_on_a_board.py and
mqtt_on_a_computer.py.

    python examples/cloud_publish.py            with device.crt and device.key here: those that the cloud has registered
    micropython examples/cloud_publish.py

It says `200` and what the cloud answers. Without a certificate, or with one that it does not know, the handshake is
refused or the answer is 403. The cloud is verified, too (Amazon's roots are among the public ones), which the sample
leaves out: its `verifyLater` with no validator believes anybody.

Certificates made by `microhttps ca issue lamp --client` are for clouds that let you register your own authority, as
AWS IoT and Azure IoT Hub do, or for a broker of your own.
"""

from microhttps import Identity, MicrohttpsError, Trust, fetch
from microhttps.explain import explain

ENDPOINT = "https://xxxxxxxxxxxxxx-ats.iot.eu-central-1.amazonaws.com:8443"
TOPIC = "lamp/temperature"
TRUST = Trust.public()
IDENTITY = Identity("device.crt", "device.key")  # paths or bytes, PEM or DER


def main() -> None:
    url = ENDPOINT + "/topics/" + TOPIC + "?qos=1"  # 1: at least once
    try:
        answer = fetch(url, "POST", json={"degrees": 21.5}, trust=TRUST, identity=IDENTITY)
    except MicrohttpsError as error:
        print("failed:", error.code)
        print(*explain(error), sep="\n")
        return
    print(answer.status, answer.text())


if __name__ == "__main__":
    main()
