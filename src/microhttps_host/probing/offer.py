"""What a client offers in its hello, exactly and in its order; nothing that is not named here is sent.

    Offer(versions=(TLS_1_2,), suites=(0xC02B,), groups=(SECP256R1,), schemes=(0x0403,), server_name="lamp.local")

Layer 12.
"""

from dataclasses import dataclass

from .numbers import GROUPS, SCHEMES, SSL_3, TLS_1_0, TLS_1_1, TLS_1_2, TLS_1_3, numbers_in
from .suites import OF_TLS_1_3, UNTIL_TLS_1_1, UNTIL_TLS_1_2

# What today's OpenSSL and browsers offer; of a group for which we cannot do the exchange no share is sent.
USUAL_GROUPS = numbers_in(GROUPS, "x25519 secp256r1 secp384r1 secp521r1 x448")
ALL_GROUPS = numbers_in(
    GROUPS,
    "X25519MLKEM768 x25519 secp256r1 x448 secp384r1 secp521r1 brainpoolP256r1 brainpoolP384r1 brainpoolP512r1"
    " ffdhe2048 ffdhe3072 ffdhe4096 ffdhe6144 ffdhe8192 SecP256r1MLKEM768 SecP384r1MLKEM1024 brainpoolP256r1tls13"
    " brainpoolP384r1tls13 brainpoolP512r1tls13 secp256k1 secp224r1 secp224k1 secp192r1 secp192k1 secp160r1 secp160r2"
    " secp160k1 sect571r1 sect571k1 sect409r1 sect409k1 sect283r1 sect283k1 sect239k1 sect233r1 sect233k1 sect193r1"
    " sect193r2 sect163r1 sect163r2 sect163k1",
)
ALL_SCHEMES = tuple(SCHEMES)
USUAL_SCHEMES = tuple(number for number, name in SCHEMES.items() if not name.endswith(("sha1", "md5", "sha224")))

SUITES_OF = {
    SSL_3: UNTIL_TLS_1_1, TLS_1_0: UNTIL_TLS_1_1, TLS_1_1: UNTIL_TLS_1_1, TLS_1_2: UNTIL_TLS_1_2, TLS_1_3: OF_TLS_1_3,
}  # fmt: skip


@dataclass(frozen=True)
class Offer:
    """The fields of a ClientHello; an empty tuple, text or number leaves the extension away."""

    versions: tuple[int, ...]  # the highest first; without TLS 1.3 the server sees the highest alone
    suites: tuple[int, ...]
    groups: tuple[int, ...] = ()
    shares: tuple[int, ...] = ()  # groups for which a key comes along (TLS 1.3); the server may ask for another
    schemes: tuple[int, ...] = ()
    server_name: str = ""
    alpn: tuple[str, ...] = ()
    max_fragment_length: int = 0  # 512, 1024, 2048 or 4096
    record_size_limit: int = 0
    asks_for_status: bool = False
    asks_for_ticket: bool = False
    has_extended_master_secret: bool = False
    has_encrypt_then_mac: bool = False
    has_renegotiation_info: bool = True
    is_compatible: bool = False  # a made-up session id, as TLS 1.3 sends past old boxes on the way (RFC 8446, D.4)


def everything(versions: tuple[int, ...] = (TLS_1_3, TLS_1_2), server_name: str = "") -> Offer:
    """All that there is in these versions, without a share: who speaks TLS 1.3 names its group, nothing is computed."""
    suites = tuple(dict.fromkeys(suite for version in versions for suite in SUITES_OF[version]))
    return Offer(versions, suites, ALL_GROUPS, (), ALL_SCHEMES, server_name, has_extended_master_secret=True)
