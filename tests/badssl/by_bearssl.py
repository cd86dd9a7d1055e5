"""The range by the engine `bearssl` (BearSSL 0.6 on CPython): what it says otherwise than OpenSSL, and why.

VERDICTS is {site: (code, reason)}; UNDER has those that differ in a circumstance (see `sites`).
"""

_NO_LISTS = "BearSSL reads no lists"
_CONSTRAINTS = "BearSSL refuses who has a critical extension that it does not know, and it knows no constraints"
_NO_EDWARDS = "BearSSL has no Ed25519"
_NO_1_3 = "BearSSL has no TLS 1.3"

VERDICTS = {
    "revoked": ("no_crl", _NO_LISTS),
    "not-revoked": ("no_crl", _NO_LISTS),
    "usage-encryption": ("handshake_refused", "under TLS 1.2 alone such a key is for an exchange that nobody offers"),
    "constraints-kept": ("certificate_refused", _CONSTRAINTS),
    "constraints-broken": ("certificate_refused", _CONSTRAINTS),
    "rsa-pss": ("certificate_refused", "BearSSL has no RSA-PSS"),
    "ed25519": ("handshake_refused", _NO_EDWARDS),
    "ed25519-issuer": ("certificate_refused", _NO_EDWARDS),
    "ed25519-root": ("bad_certificate_file", _NO_EDWARDS),
    "tls-1.3": ("handshake_refused", _NO_1_3),
    "rsa-tls-1.3": ("handshake_refused", _NO_1_3),
}
UNDER = {"public": {"ed25519-root": "certificate_refused"}}
