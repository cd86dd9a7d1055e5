"""A part of `play.py` on MicroPython: micropython-lib's `umqtt.simple` over a context of ours.

Says "received TOPIC MESSAGE", or "refused" and the interpreter's own words.
"""

import sys


def blocking_client(play):
    options = play.options
    sys.path.append(options["umqtt"])
    identity = play.identity(options["identity"]) if options.get("identity") else None
    context = play.trust(options.get("trust", "ca")).client_context(identity)
    # It asks a module of this name, which this firmware has not, to wrap its socket: the context does. Later versions
    # are given the context itself: MQTTClient(..., ssl=context).
    sys.modules["ussl"] = context
    from umqtt.simple import MQTTClient

    received = []
    try:
        name = options.get("host", "localhost")
        client = MQTTClient("board", "127.0.0.1", play.port, ssl=True, ssl_params={"server_hostname": name})
        client.set_callback(lambda topic, message: received.append((topic.decode(), message.decode())))
        client.connect()
        client.subscribe(b"rooms/#")
        client.publish(b"rooms/kitchen", b"21.5", qos=1)
        while not received:  # the message may come before the answer to its publication
            client.wait_msg()
        client.disconnect()
        play.say("received", *received[0])
    except (OSError, ValueError, IndexError, AssertionError) as error:  # of a closed connection it reads nothing
        play.say("refused", repr(error))
