"""The page by which a phone learns to trust us: certificate, profile, steps, QR code, and a test. Layer 12."""
