"""A real browser at the demonstration."""
