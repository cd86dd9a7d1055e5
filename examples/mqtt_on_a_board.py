"""MQTT with a client certificate to a cloud broker, on a board: micropython-lib's umqtt.simple over our TLS.

In place of Sming's samples Basic_AWS and MqttClient_Hello, and of what a reader of "How to use HTTPS in Arduino
ESP32" tried with `setCACert`, `setCertificate`, `setPrivateKey` and `connect(server, 8883)`, and which "was not
working": nothing told why. Here mqtt_broker.py does, which also holds the broker's name and what clouds want.

    mpremote mip install umqtt.simple           1.5 or newer
    microhttps push examples/mqtt_on_a_board.py --certificate lamp.crt --key lamp.key
    micropython examples/mqtt_on_a_board.py     with device.crt and device.key here

It says `published`. On a computer: mqtt_on_a_computer.py.
"""

from umqtt.simple import MQTTClient

import mqtt_broker as broker


def publish(message: bytes) -> None:
    """Returns when the broker has it."""
    user = {"user": broker.USER, "password": ""} if broker.USER else {}
    context = broker.TRUST.client_context(broker.IDENTITY, broker.HOST, broker.PORT)
    client = MQTTClient(broker.DEVICE, broker.HOST, broker.PORT, keepalive=60, ssl=context, **user)
    client.connect(timeout=broker.PATIENCE)
    client.publish(broker.TOPIC.encode(), message, qos=1)
    client.disconnect()


def main() -> None:
    try:
        publish(b"21.5")
    except Exception as error:  # umqtt raises what comes: OSError, ValueError, IndexError, its own
        print("not published:", repr(error))
        broker.why()
        return
    print("published")


if __name__ == "__main__":
    main()
