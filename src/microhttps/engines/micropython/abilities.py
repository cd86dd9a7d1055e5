"""MicroPython's `tls`: what it is called and can do beyond what every engine does; loaded when asked for. Layer 3."""

NAME = "micropython"
CAN = {"peer_certificate", "client_certificate", "ciphers", "rehearsal"}
