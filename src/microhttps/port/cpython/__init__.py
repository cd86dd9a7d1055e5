"""CPython: what the interpreter and the system give, as `system`. CPython only. Layer 3."""
