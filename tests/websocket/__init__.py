"""WebSocket: frames as data on every interpreter, and side by side with the library `websockets`."""
