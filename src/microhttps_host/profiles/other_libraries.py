"""The boards with other TLS libraries: axTLS, BearSSL, and the one that is built into Mongoose. Layer 12."""

from ..probing.numbers import GROUPS, SCHEMES, TLS_1_0, TLS_1_1, TLS_1_2, TLS_1_3, X25519, numbers_in
from ..probing.offer import Offer
from .profile import AUTHORITIES, BY_GLOB, FULL, NOTHING, PINS, Checks, Memory, Profile

OLD_VERSIONS = (TLS_1_2, TLS_1_1, TLS_1_0)
RSA_SCHEMES = numbers_in(SCHEMES, "rsa_pkcs1_sha512 rsa_pkcs1_sha384 rsa_pkcs1_sha256 rsa_pkcs1_sha1")
BEARSSL_SCHEMES = numbers_in(
    SCHEMES, "ecdsa_secp256r1_sha256 ecdsa_secp384r1_sha384 ecdsa_secp521r1_sha512 ecdsa_sha224 ecdsa_sha1"
    " rsa_pkcs1_sha256 rsa_pkcs1_sha384 rsa_pkcs1_sha512 rsa_pkcs1_sha224 rsa_pkcs1_sha1")  # fmt: skip
EVERYTHING = "everything: whoever answers is believed, so that who stands between reads and changes it all"
BY_PIN = "nothing but a fingerprint that the program pins; without one it refuses, or with verifyLater believes anyone"
UNPINNED = ("the name, the dates and who issued it, where no fingerprint is pinned",
            "on a second connection the fingerprints: the list is used up")  # fmt: skip

ESP8266 = Profile(
    "esp8266", "ESP8266, MicroPython", "axTLS",
    Offer(OLD_VERSIONS, (0x002F, 0x003C, 0x0035, 0x003D), schemes=RSA_SCHEMES, has_renegotiation_info=False),
    Checks(NOTHING, ("rsa",), (0, 4096), signers=("rsa",)), 5115,
    Memory(12_000, 5_400, 200, 32_700, "MicroPython's own heap",
           "estimated: one buffer of 5 KB (axtls, RT_MAX_PLAIN_LENGTH and RT_EXTRA) and an RSA operation of 2048 "
           "bits; free: gc.mem_free() of MicroPython 1.21"),
    "nobody: there is no way to give it an authority", (EVERYTHING,), "none is asked",
    ("MicroPython, extmod/axtls-include/config.h, built with micropython/axtls 531cab9 and run on the tests' range",),
)  # fmt: skip
SMING_AXTLS = Profile(
    "sming-axtls", "ESP8266, Sming with axTLS", "axTLS",
    Offer(OLD_VERSIONS, (0x003C, 0x003D, 0x0035, 0x002F), schemes=RSA_SCHEMES, has_renegotiation_info=False),
    Checks(PINS, ("rsa",), (0, 4096), signers=("rsa",)), FULL,
    Memory(24_000, 17_400, 200, 0, "the heap of Sming",
           "estimated: the buffer grows to 17 KB (igrr/axtls-8266 9ebc3ee); Sming: 16 KB for a handshake"),
    BY_PIN, UNPINNED, "none is asked", ("Sming 19273b4, Components/ssl", "igrr/axtls-8266 9ebc3ee, ssl/tls1.c"),
)  # fmt: skip
SMING_BEARSSL = Profile(
    "sming-bearssl", "ESP8266, Sming with BearSSL", "BearSSL 0.6",
    Offer(OLD_VERSIONS, (0x002F, 0x0035, 0x003C, 0x003D),
          numbers_in(GROUPS, "secp256r1 secp384r1 secp521r1 x25519"), schemes=BEARSSL_SCHEMES,
          max_fragment_length=4096),
    Checks(PINS, ("rsa", "secp256r1", "secp384r1", "secp521r1"), (0, 4096), reads_all=False), 4096 + 325,
    Memory(15_000, 9_000, 0, 0, "the heap of Sming",
           "estimated: one buffer of 4421 bytes, 6200 of stack (bearssl-esp8266); nothing is kept of a chain"),
    BY_PIN, UNPINNED, "none is asked", ("Sming 19273b4, Components/ssl/BearSsl", "earlephilhower/bearssl-esp8266"),
    suite_advice="Ask for all of them: session.cipherSuites = &Ssl::CipherSuites::full.",
)  # fmt: skip
MONGOOSE = Profile(
    "mongoose-builtin", "any board, Mongoose 7.22 with its built-in TLS", "Mongoose",
    Offer((TLS_1_3,), (0x1303,), (X25519,), (X25519,),
          numbers_in(SCHEMES, "ecdsa_secp256r1_sha256 rsa_pss_rsae_sha256 rsa_pkcs1_sha256"), asks_for_ticket=True,
          has_renegotiation_info=False, is_compatible=True),
    Checks(AUTHORITIES, ("rsa", "secp256r1", "secp384r1"), (2048, 4096), ("sha256", "sha384"), names=BY_GLOB,
           has_usage=False, refuses_unknown_critical=False, tries_roots_everywhere=False,
           reads_signatures_of_roots=True, most_sent=6),
    FULL,
    Memory(22_000, 18_000, 0, 0, "the heap of the firmware",
           "estimated: a record of 16 KB, and its own state (src/tls_builtin.c)"),
    "what the program gives as mg_tls_opts.ca; without it nobody is verified",
    ("what a certificate is for, and how long a path may be", "critical extensions that it does not know",
     "whether the certificate was revoked", "a `*` in a name may stand anywhere, and the subject's name counts too"),
    "SNTP, which it asks itself before the first verified connection",
    ("Mongoose 282ae0d, src/tls_builtin.c, compiled and run against the tests' range",), message=16384,
)  # fmt: skip
