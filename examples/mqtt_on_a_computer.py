"""MQTT with a client certificate to a cloud broker, on a computer: paho-mqtt over our TLS.

The same as mqtt_on_a_board.py, which says what it is in place of; the broker's name is in mqtt_broker.py.

    pip install paho-mqtt
    python examples/mqtt_on_a_computer.py       with device.crt and device.key here

It says `published`.
"""

from typing import Any

from paho.mqtt.client import Client
from paho.mqtt.enums import CallbackAPIVersion

import mqtt_broker as broker


def publish(message: bytes) -> bool:
    """Whether the broker has it, once that is known."""
    published = []
    client = Client(CallbackAPIVersion.VERSION2, broker.DEVICE, reconnect_on_failure=False)
    client.tls_set_context(broker.TRUST.client_context(broker.IDENTITY, broker.HOST, broker.PORT))
    if broker.USER:
        client.username_pw_set(broker.USER)

    def on_connect(client: Client, _: Any, flags: Any, reason: Any, properties: Any) -> None:
        if reason.is_failure:
            print("refused:", reason)
        else:
            client.publish(broker.TOPIC, message, qos=1)

    def on_publish(client: Client, _: Any, number: int, reason: Any, properties: Any) -> None:
        published.append(number)
        client.disconnect()

    client.on_connect, client.on_publish = on_connect, on_publish
    client.connect(broker.HOST, broker.PORT)
    client.loop_forever()
    return bool(published)


def main() -> None:
    try:
        is_published = publish(b"21.5")
    except OSError as error:
        print("not published:", error)
        is_published = False
    if is_published:
        print("published")
    else:
        broker.why()


if __name__ == "__main__":
    main()
