"""The local authority: its files, what it may vouch for, what it has issued and revoked. Layer 11."""
