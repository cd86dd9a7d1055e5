"""The range by the engine `mbedtls` (Mbed TLS 2.28 on CPython): what it says otherwise than OpenSSL, and why.

VERDICTS is {site: (code, reason)}; UNDER has those that differ in a circumstance (see `sites`).
"""

from badssl.sites import HERE

_NO_LISTS = "python-mbedtls gives the library no lists"
_CONSTRAINTS = "Mbed TLS 2.28 cannot read critical constraints, and refuses who has them"
_NO_EDWARDS = "Mbed TLS has no Ed25519"
_NO_1_3 = "Mbed TLS 2.28 has no TLS 1.3"

VERDICTS = {
    "many-names": ("chain_too_large", "Mbed TLS takes what fits into a record of 16 KB"),
    "revoked": ("no_crl", _NO_LISTS),
    "not-revoked": ("no_crl", _NO_LISTS),
    "wrong-order": ("untrusted_issuer", "Mbed TLS looks for an issuer only further on"),
    "usage-encryption": ("handshake_refused", "under TLS 1.2 alone such a key is for an exchange that nobody offers"),
    "chain-of-9": ("chain_too_large", "Mbed TLS takes eight intermediates"),
    "constraints-kept": ("certificate_refused", _CONSTRAINTS),
    "constraints-broken": ("certificate_refused", _CONSTRAINTS),
    "ed25519": ("handshake_refused", _NO_EDWARDS),
    "ed25519-issuer": ("certificate_refused", _NO_EDWARDS),
    "ed25519-root": ("bad_certificate_file", _NO_EDWARDS),
    "secp256k1": (HERE, "Mbed TLS 2.28 offers that curve, and python-mbedtls has no switch for curves"),
    "tls-1.3": ("handshake_refused", _NO_1_3),
    "rsa-tls-1.3": ("handshake_refused", _NO_1_3),
}
UNDER = {"public": {"ed25519-root": "untrusted_issuer"}}
