"""Who we are and whom we believe, as files and fingerprints: reading, pins, the folder of public roots. Layer 4."""
