"""One connection, whichever side opened it: attempt, want, wait, retry, with a deadline; who is there. Layer 5."""
