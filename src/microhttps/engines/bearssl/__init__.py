"""BearSSL, by the system's library, with the C between us and it in the folder c. CPython only. Layer 3."""
