"""MicroPython's `tls` (Mbed TLS): its only engine. MicroPython only. Layer 3."""
