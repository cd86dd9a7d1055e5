"""The range: every site, and the verdict on it of our client on CPython and on MicroPython, and of curl.

One row is one site: its name, what it is, what our client says on CPython (`HERE`, or the error's code), and what curl
does (its exit status). `board` is the verdict on MicroPython where it is another, `why` is the reason of any
difference; no difference is without one. `under` has the verdicts that differ when the root is in a store of public
roots ("public"), of which only name, key and end are kept, or where there is only TLS 1.2 ("1.2"). How the site is made
stands under its name in `making` (certificates) or in `rude` (what no server of repute does). docs/range.md is made
from this.
"""

from dataclasses import dataclass, field

HERE = "here"  # believed, and the page was read
# curl's exit status (its manual, "EXIT CODES")
FINE, TIMEOUT, NO_HANDSHAKE, CUT, REFUSED, LOST = 0, 28, 35, 18, 60, 56

# The class of an error by its code, where it is not TrustError.
KINDS = {
    "deadline": "DeadlineError", "reset": "NetworkError", "peer_is_not_tls": "PeerError",
    "handshake_failed": "PeerError", "no_common_version": "PeerError", "rsa_signature_refused": "PeerError",
    "body_cut_short": "PeerError",
    "no_crl": "Unsupported", "bad_certificate_file": "UsageError",
}  # fmt: skip


@dataclass(frozen=True)
class Site:
    """One site; `host` is the name it is asked for by, `trust` the anchor that is believed, `tls` lines for nginx."""

    name: str
    what: str
    verdict: str = HERE
    curl: int = FINE
    board: str = ""
    why: str = ""
    host: str = "localhost"
    trust: str = "root"
    tls: tuple[str, ...] = ()
    crl: bool = False
    under: dict[str, dict[str, str]] = field(default_factory=dict)
    settings: dict[str, float] = field(default_factory=dict)

    def verdict_on(self, interpreter: str, *circumstances: str) -> str:
        """What our client says of it there: the code of an error and its class."""
        engine = "cpython" if interpreter == "cpython" else "board"
        code = self.board if self.board and engine == "board" else self.verdict
        for circumstance in circumstances:
            code = self.under.get(circumstance, {}).get(engine, code)
        return code if code == HERE else f"{code} {KINDS.get(code, 'TrustError')}"


NAMES = [
    Site("good", "nothing is wrong"),
    Site("wrong-name", "for elsewhere.test", "wrong_name", REFUSED),
    Site("common-name-only", "the name in the subject's common name, and no other names", "name_in_common_name",
         why="RFC 9525 reads common names no more, nor do browsers; curl does"),
    Site("common-name-beside", "… and other names", "wrong_name", REFUSED),
    Site("common-name-beside-address", "… and an address", "wrong_name", REFUSED),
    Site("upper-case", "for LOCALHOST"),
    Site("digit-at-the-end", "for device-7, asked for that", host="device-7"),
    Site("digit-at-the-end-wildcard", "for *.range.test7, asked for a.range.test7", host="a.range.test7"),
    Site("nul-in-name", "for `localhost\\0.evil.test`", "wrong_name", REFUSED),
    Site("many-names", "for a thousand names besides", board="chain_too_large",
         why="Mbed TLS takes what fits into a record of 16 KB"),
    Site("wildcard", "for *.range.test, asked for a.range.test", host="a.range.test"),
    Site("wildcard-two-labels", "… for a.b.range.test", "wrong_name", REFUSED, host="a.b.range.test"),
    Site("wildcard-no-label", "… for range.test", "wrong_name", REFUSED, host="range.test"),
    Site("wildcard-partial", "for f*.range.test, asked for foo.range.test", "wrong_name", REFUSED,
         host="foo.range.test"),
    Site("wildcard-inside", "for a.*.test, asked for a.range.test", "wrong_name", REFUSED, host="a.range.test"),
    Site("wildcard-top", "for *.test, asked for range.test", "wrong_name", REFUSED, host="range.test"),
    Site("wildcard-alone", "for *", "wrong_name", REFUSED),
    Site("address", "for 127.0.0.1, asked for that", host="127.0.0.1"),
    Site("address-wrong", "for 127.0.0.2, asked for 127.0.0.1", "wrong_name", REFUSED, host="127.0.0.1"),
    Site("address-for-name", "for localhost, asked for 127.0.0.1", "wrong_name", REFUSED, host="127.0.0.1"),
    Site("address-common-name", "127.0.0.1 as common name, and no other names", "name_in_common_name",
         why="RFC 9525 reads common names no more, nor do browsers; curl does", host="127.0.0.1"),
    Site("address-as-name", "127.0.0.1 as a DNS name", "wrong_name", REFUSED, host="127.0.0.1"),
    Site("address-wildcard", "*.0.0.1 as a DNS name", "wrong_name", REFUSED, host="127.0.0.1"),
    Site("address-6", "for ::1, asked for that", host="[::1]"),
    Site("address-6-mapped", "for ::ffff:127.0.0.1, asked for that", host="[::ffff:127.0.0.1]"),
    Site("address-6-long", "for 2001:db8::1, asked for 2001:db8:0:0:0:0:0:1", host="[2001:db8:0:0:0:0:0:1]"),
    Site("address-6-wrong", "for ::2, asked for ::1", "wrong_name", REFUSED, host="[::1]"),
]

DATES = [
    Site("expired", "ended yesterday", "expired", REFUSED),
    Site("not-yet-valid", "begins tomorrow", "not_yet_valid", REFUSED),
    Site("expired-intermediate", "its intermediate ended yesterday", "expired", REFUSED),
    Site("expired-root", "its root ended yesterday", "expired", REFUSED, trust="root-expired"),
    Site("revoked", "on the authority's list, which is looked at", "revoked", REFUSED, "no_crl",
         "Mbed TLS as MicroPython has it reads no lists", crl=True),
    Site("not-revoked", "not on that list", HERE, FINE, "no_crl",
         "Mbed TLS as MicroPython has it reads no lists", crl=True),
]

CHAINS = [
    Site("intermediate", "by an intermediate, which is sent"),
    Site("with-root", "… and the root is sent, too"),
    Site("missing-intermediate", "its intermediate is not sent", "untrusted_issuer", REFUSED),
    Site("missing-intermediate-told", "… but where it is to be had is said", "missing_intermediate", REFUSED),
    Site("wrong-order", "two intermediates, sent in the wrong order"),
    Site("crossed", "its root is sent as signed by another, who is unknown"),
    Site("partial", "the intermediate is what is trusted, and its root is not there", trust="intermediate-1"),
    Site("self-signed", "signed by itself", "self_signed", REFUSED),
    Site("unknown-issuer", "by an authority that is not trusted", "untrusted_issuer", REFUSED),
    Site("impostor", "by another with the root's name", "untrusted_issuer", REFUSED),
    Site("bad-signature", "a byte of its signature was changed", "untrusted_issuer", NO_HANDSHAKE),
    Site("issuer-no-authority", "by a certificate that is no authority", "untrusted_issuer", REFUSED),
    Site("issuer-may-not-sign", "by an authority whose key is not for certificates", "untrusted_issuer", REFUSED),
    Site("issuer-for-clients", "by an intermediate that is for clients alone", "wrong_usage", REFUSED),
    Site("path-length-kept", "below an authority that allows one more, by that one"),
    Site("path-length", "below an authority that allows no other", "untrusted_issuer", REFUSED),
    Site("usage", "for clients alone", "wrong_usage", REFUSED),
    Site("usage-any", "for any use, as it says", "wrong_usage", REFUSED),
    Site("usage-silent", "it does not say for what use"),
    Site("usage-encryption", "its key is for encryption alone", board="wrong_usage",
         why="RFC 8446 section 4.4.2.2 wants a key for signatures; OpenSSL does not insist",
         under={"1.2": {"cpython": "handshake_refused", "board": "handshake_refused"}}),
    Site("issuer-for-any", "by an intermediate that is for any use, as it says", "wrong_usage", REFUSED),
    Site("unknown-critical", "a critical extension that nobody knows", "certificate_refused", REFUSED),
    Site("chain-of-8", "eight intermediates"),
    Site("chain-of-9", "nine intermediates", board="chain_too_large", why="Mbed TLS takes eight intermediates"),
    Site("chain-of-120", "a hundred and twenty intermediates", "chain_too_large", REFUSED),
    Site("chain-of-300", "three hundred intermediates, more than 100 KB", "chain_too_large", NO_HANDSHAKE),
]

CONSTRAINTS = [
    Site("constraints-kept", "its intermediate is for localhost alone, which is critical",
         board="certificate_refused", why="Mbed TLS cannot read critical constraints, and refuses who has them"),
    Site("constraints-broken", "its intermediate is for example.test alone, which is critical", "name_not_permitted",
         REFUSED, "certificate_refused", "Mbed TLS cannot read critical constraints, and refuses who has them"),
    Site("constraints-kept-soft", "… localhost, and not critical"),
    Site("constraints-broken-soft", "… example.test, and not critical", "name_not_permitted", REFUSED),
    Site("constraints-excluded-soft", "… all but localhost, and not critical", "name_not_permitted", REFUSED),
    Site("constraints-address-kept", "… the address 127.0.0.0/8, not critical", host="127.0.0.1"),
    Site("constraints-address-broken", "… the address 10.0.0.0/8, not critical", "name_not_permitted", REFUSED,
         host="127.0.0.1"),
    Site("constraints-root-kept", "its root is for localhost alone, not critical", trust="root-for-localhost"),
    Site("constraints-root-broken", "its root is for example.test alone, not critical", "name_not_permitted",
         REFUSED, trust="root-for-example", under={"public": {"cpython": HERE, "board": HERE}}),
]

BY_RSA = {"1.2": {"board": "rsa_signature_refused"}}  # see VERSIONS
KEYS = [
    Site("p384", "a P-384 key"),
    Site("p521", "a P-521 key"),
    Site("rsa-2048", "an RSA key of 2048 bits", under=BY_RSA),
    Site("rsa-4096", "an RSA key of 4096 bits", under=BY_RSA),
    Site("rsa-pss", "signed by an RSA root with PSS", trust="root-rsa"),
    Site("ed25519", "an Ed25519 key", board="handshake_refused", why="Mbed TLS has no Ed25519, and does not offer it"),
    Site("ed25519-issuer", "by an intermediate with an Ed25519 key", board="certificate_refused",
         why="Mbed TLS has no Ed25519"),
    Site("ed25519-root", "by a root with an Ed25519 key", board="bad_certificate_file",
         why="Mbed TLS has no Ed25519", trust="root-ed25519", under={"public": {"board": "certificate_refused"}}),
    Site("rsa-1024", "an RSA key of 1024 bits", "too_weak", REFUSED),
    Site("rsa-1024-issuer", "by an intermediate with an RSA key of 1024 bits", "too_weak", REFUSED),
    Site("rsa-1024-root", "by a root with an RSA key of 1024 bits", "too_weak", REFUSED, trust="root-rsa-1024"),
    Site("sha-1-root", "by a root that has signed itself with SHA-1, which proves nothing anyhow", trust="root-sha-1"),
    Site("p521-root", "by a root with a P-521 key", trust="root-p521"),
    Site("secp256k1", "a key on the curve secp256k1, which nobody asks for", "handshake_refused", NO_HANDSHAKE),
    Site("sha-1", "signed with SHA-1", "too_weak", REFUSED, trust="root-rsa"),
    Site("sha-1-issuer", "by an intermediate that was signed with SHA-1", "too_weak", REFUSED,
         trust="root-rsa"),
]

VERSIONS = [
    Site("tls-1.0", "TLS 1.0 alone", "handshake_refused", NO_HANDSHAKE,
         tls=("ssl_protocols TLSv1;", "ssl_ciphers ALL:@SECLEVEL=0;")),
    Site("tls-1.1", "TLS 1.1 alone", "handshake_refused", NO_HANDSHAKE,
         tls=("ssl_protocols TLSv1.1;", "ssl_ciphers ALL:@SECLEVEL=0;")),
    Site("tls-1.2", "TLS 1.2 alone", tls=("ssl_protocols TLSv1.2;",)),
    Site("tls-1.3", "TLS 1.3 alone", tls=("ssl_protocols TLSv1.3;",)),
    Site("no-common-cipher", "ciphers that nobody wants", "handshake_refused", NO_HANDSHAKE,
         tls=("ssl_protocols TLSv1.2;", "ssl_ciphers aNULL:@SECLEVEL=0;")),
    Site("rsa-tls-1.2", "an RSA key, and TLS 1.2 alone", board="rsa_signature_refused",
         why="Mbed TLS 3.6 refuses RSA-PSS there (its issue 10668)", tls=("ssl_protocols TLSv1.2;",)),
    Site("rsa-tls-1.3", "an RSA key, and TLS 1.3 alone", tls=("ssl_protocols TLSv1.3;",)),
]

SLOW = {"handshake_timeout": 0.5, "recv_timeout": 0.5}
MANNERS = [
    Site("plain-http", "speaks HTTP without TLS", "peer_is_not_tls", NO_HANDSHAKE),
    Site("other-protocol", "speaks SSH", "peer_is_not_tls", NO_HANDSHAKE),
    Site("garbage", "answers with random bytes", "peer_is_not_tls", NO_HANDSHAKE),
    Site("garbage-in-record", "answers with random bytes in a TLS record", "handshake_failed", NO_HANDSHAKE),
    Site("long-record", "answers with a record longer than there may be", "peer_is_not_tls", NO_HANDSHAKE,
         "chain_too_large", "Mbed TLS has one number for a record and for a message that is too long"),
    Site("old-tls", "answers with TLS 1.0 whatever is offered", "no_common_version", NO_HANDSHAKE),
    Site("alert", "ends the handshake with an alert", "handshake_refused", NO_HANDSHAKE),
    Site("silent", "says nothing", "deadline", TIMEOUT, settings=SLOW),
    Site("closed", "closes when it was greeted", "reset", NO_HANDSHAKE),
    Site("reset", "resets when it was greeted", "reset", NO_HANDSHAKE),
    Site("reset-after-handshake", "resets when the handshake is done", "reset", LOST),
    Site("silent-after-handshake", "says nothing when the handshake is done", "deadline", TIMEOUT, settings=SLOW),
    Site("truncated", "ends in the middle of the page", "body_cut_short", CUT),
    Site("record-of-16k", "sends its page in one record of 16 KB"),
]

SITES = [*NAMES, *DATES, *CHAINS, *CONSTRAINTS, *KEYS, *VERSIONS, *MANNERS]
