"""OpenSSL, through CPython's `ssl`: the engine that CPython brings. CPython only. Layer 3."""
