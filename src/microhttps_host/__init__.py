"""The host tools: certificates and the command line. CPython only; the runtime never imports them."""
