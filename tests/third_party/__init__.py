"""Other people's clients and servers: what they say of us counts more than what we say of ourselves."""
