"""A part of `play.py` on CPython: `paho-mqtt` over a context of ours; says what `by_umqtt` does."""

import queue

from paho.mqtt.client import CallbackAPIVersion, Client, MQTTv5


def blocking_client(play):
    options = play.options
    identity = play.identity(options["identity"]) if options.get("identity") else None
    context = play.trust(options.get("trust", "ca")).client_context(identity)
    happened = queue.Queue()
    client = Client(CallbackAPIVersion.VERSION2, "computer", protocol=MQTTv5, reconnect_on_failure=False)
    client.tls_set_context(context)
    client.on_connect = lambda *_: client.subscribe("rooms/#")
    client.on_subscribe = lambda *_: client.publish("rooms/kitchen", b"21.5", qos=1)
    client.on_message = lambda _, __, message: happened.put(f"received {message.topic} {message.payload.decode()}")
    client.on_disconnect = lambda _, __, ___, reason, ____: happened.put(f"refused {reason}")
    try:
        client.connect(options.get("host", "localhost"), play.port)
    except OSError as error:
        play.say("refused", repr(error))
        return
    client.loop_start()
    try:
        play.say(happened.get(timeout=20))
    finally:
        client.disconnect()
        client.loop_stop()
