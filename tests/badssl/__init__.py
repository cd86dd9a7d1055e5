"""A range of sites on loopback, good and bad, as data: what each is, and what clients must say of it."""
