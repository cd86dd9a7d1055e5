"""Programs that run on MicroPython only; they are precompiled with mpy-cross and never imported here."""
