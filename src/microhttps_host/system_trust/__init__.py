"""Who on this machine believes our authority: the stores of the system, of NSS, of macOS and of Windows. Layer 12."""
