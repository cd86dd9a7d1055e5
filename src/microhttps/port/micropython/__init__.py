"""MicroPython: what the interpreter and the board give, as `system`. MicroPython only. Layer 3."""
