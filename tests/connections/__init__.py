"""Which connection may live, and how one waits: decided without a network."""
