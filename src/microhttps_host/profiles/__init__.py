"""What the TLS of each kind of board offers and checks, as data, and whether it would connect. Layer 12."""
