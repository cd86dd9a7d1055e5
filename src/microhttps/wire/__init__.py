"""Bytes in, messages out: what HTTP/1.1, WebSocket, URLs, forms and certificates look like, with no I/O. Layer 2."""
