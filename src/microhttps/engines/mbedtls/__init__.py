"""Mbed TLS on CPython, by the package `python-mbedtls`. CPython only. Layer 3."""
