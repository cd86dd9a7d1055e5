"""What a TLS server does with a hello that we write field by field, and hang up on before the end. Layer 12."""
