"""A server: listening, which connection may live, one request in a task of its own. Layer 9."""
