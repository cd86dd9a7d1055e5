"""umqtt.simple as micropython-lib has it today, made of the older one that the package index has.

Since 1.4 `ssl=` takes a context, which wraps the socket for the name of the server; before, a module `ussl` did it,
and was given `ssl_params`. Since 1.5 `connect` takes a timeout. That is the whole difference here. To be imported
before the example; MicroPython alone.
"""

import sys

from umqtt import simple

Older = simple.MQTTClient


class MQTTClient(Older):
    """With `ssl=context`."""

    def __init__(self, name, server, port=0, user=None, password=None, keepalive=0, ssl=None):
        super().__init__(name, server, port, user, password, keepalive, True, {"server_hostname": server})
        sys.modules["ussl"] = ssl

    def connect(self, clean_session=True, timeout=None):
        return super().connect(clean_session)


simple.MQTTClient = MQTTClient
