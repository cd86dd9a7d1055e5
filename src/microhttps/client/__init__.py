"""A client: connecting, the bare stream, one kept connection, requests and answers. Layer 9."""
