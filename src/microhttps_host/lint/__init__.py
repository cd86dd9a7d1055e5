"""Who would refuse a certificate, and why. Layer 11."""
