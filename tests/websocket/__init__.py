"""WebSocket: frames as data on every interpreter, and side by side with the library `websockets`."""

MAX_LENGTH = 100000  # bytes of a message that the echoing servers are told to take
