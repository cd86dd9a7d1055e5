"""How the certificates of the range are made: one entry a site, and the anchors that are believed.

`Range.leaf` and `Range.authority` make what a good authority would; a site changes what is wrong with it.
"""

import ipaddress
import time

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.x509.oid import AuthorityInformationAccessOID, ExtendedKeyUsageOID

from harness.certificates import Made, key_usage, make, write
from harness.revocation import make_list
from microhttps_host.root_store import store_of

LOCALHOST = ("localhost",)
UNKNOWN = x509.ObjectIdentifier("1.3.6.1.4.1.55555.1")


def make_certificates(folder):
    """Write every site (NAME.crt with the chain that is sent, NAME.key), anchor, list (root.crl), store (store.bin).

    Returns the Range they are of.
    """
    made = Range()
    for group in (made.names, made.dates, made.chains, made.long_chains, made.constraints, made.keys):
        for name, site in group().items():
            write(folder, name, site)
    for name, anchor in made.anchors.items():
        write(folder, name, anchor)
    roots = [anchor.certificate for name, anchor in made.anchors.items() if name.startswith("root")]
    (folder / "store.bin").write_bytes(store_of(roots, int(time.time())))
    revoked = [x509.load_pem_x509_certificate((folder / "revoked.crt").read_bytes())]
    crl = make_list(made.root, revoked).public_bytes(serialization.Encoding.PEM)
    (folder / "root.crl").write_bytes(crl)
    return made


def sent(site, *issuers):
    """A site that sends these issuers' certificates."""
    return Made(site.certificate, site.key, [issuer.certificate for issuer in issuers])


def names_of(*names):
    """A list of names in place of the usual; a name that is none stays one."""
    return [(x509.SubjectAlternativeName([x509.DNSName(name) for name in names]), False)]


def permitted(name, is_critical=False, excluded=False):
    name = (x509.IPAddress(ipaddress.ip_network(name)) if "/" in name else x509.DNSName(name),)
    constraints = x509.NameConstraints(None, name) if excluded else x509.NameConstraints(name, None)
    return [(constraints, is_critical)]


class Range:
    """The authorities, and the sites under them."""

    def __init__(self):
        self.root = self.authority("range root", None)
        self.first = self.authority("range intermediate 1")
        self.second = self.authority("range intermediate 2", self.first)
        self.stranger = self.authority("a stranger", None)
        edwards = ed25519.Ed25519PrivateKey.generate()
        rsa_key = rsa.generate_private_key(65537, 2048)
        by_sha_1 = self.authority("range root by SHA-1", None, key=rsa_key)
        self.anchors = {
            "root": self.root,
            "intermediate-1": self.first,
            "root-expired": self.authority("range root that ended", None, begins=-30, ends=-1),
            "root-rsa": self.authority("range root with RSA", None, key=rsa_key),
            "root-ed25519": self.authority("range root with Ed25519", None, key=edwards),
            "root-rsa-1024": self.authority("range root, weak", None, key=rsa.generate_private_key(65537, 1024)),
            "root-sha-1": with_sha_1(by_sha_1, by_sha_1),
            "root-p521": self.authority("range root P-521", None, key=ec.generate_private_key(ec.SECP521R1())),
            "root-for-localhost": self.authority("range root for localhost", None, instead=permitted("localhost")),
            "root-for-example": self.authority("range root for example", None, instead=permitted("example.test")),
        }

    def authority(self, name, issuer="root", **changes):
        return make(name, issuer=self.root if issuer == "root" else issuer, is_authority=True, **changes)

    def leaf(self, names=LOCALHOST, issuer=None, common_name="localhost", **changes):
        return make(common_name, names, issuer or self.root, **changes)

    def below(self, issuer, names=LOCALHOST, **changes):
        """A site by that intermediate, which it sends."""
        return sent(self.leaf(names, issuer, **changes), issuer)

    def names(self):
        leaf = self.leaf
        wildcard = leaf(("*.range.test",))
        named = [f"number-{number}.range.test" for number in range(1000)]
        return {
            "good": leaf(),
            "wrong-name": leaf(("elsewhere.test",), common_name="elsewhere.test"),
            "common-name-only": leaf(()),
            "common-name-beside": leaf(("elsewhere.test",)),
            "common-name-beside-address": leaf(("127.0.0.1",)),
            "upper-case": leaf(("LOCALHOST",)),
            "digit-at-the-end": leaf(("device-7",)),
            "digit-at-the-end-wildcard": leaf(("*.range.test7",)),
            "nul-in-name": leaf(instead=names_of("localhost\0.evil.test"), common_name="evil.test"),
            "many-names": leaf(("localhost", *named)),
            "wildcard": wildcard,
            "wildcard-two-labels": wildcard,
            "wildcard-no-label": wildcard,
            "wildcard-partial": leaf(("f*.range.test",)),
            "wildcard-inside": leaf(("a.*.test",)),
            "wildcard-top": leaf(("*.test",)),
            "wildcard-alone": leaf(("*",), common_name="any"),
            "address": leaf(("127.0.0.1",)),
            "address-wrong": leaf(("127.0.0.2",)),
            "address-for-name": leaf(),
            "address-common-name": leaf((), common_name="127.0.0.1"),
            "address-as-name": leaf(instead=names_of("127.0.0.1")),
            "address-wildcard": leaf(instead=names_of("*.0.0.1")),
            "address-6": leaf(("::1",)),
            "address-6-mapped": leaf(("::ffff:127.0.0.1",)),
            "address-6-long": leaf(("2001:db8::1",)),
            "address-6-wrong": leaf(("::2",)),
        }

    def dates(self):
        old = self.authority("range intermediate that ended", begins=-30, ends=-1)
        return {
            "expired": self.leaf(begins=-30, ends=-1),
            "not-yet-valid": self.leaf(begins=1, ends=30),
            "expired-intermediate": self.below(old),
            "expired-root": self.leaf(issuer=self.anchors["root-expired"]),
            "revoked": self.leaf(),
            "not-revoked": self.leaf(),
        }

    def chains(self):
        first, second = self.first, self.second
        site = self.leaf(issuer=first)
        where = x509.AccessDescription(AuthorityInformationAccessOID.CA_ISSUERS,
                                       x509.UniformResourceIdentifier("http://ca.test/1.der"))
        crossed = make("range root", issuer=self.stranger, is_authority=True, key=self.root.key)
        impostor = make("range root", is_authority=True)
        no_authority = self.leaf(("elsewhere.test",), common_name="elsewhere.test")
        no_signer = self.authority("range intermediate without right", instead=[(key_usage(False), True)])
        for_clients = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH])
        for_any = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE])
        encryption = x509.KeyUsage(False, False, True, False, False, False, False, False, False)
        one_more = self.authority("range intermediate, one more", instead=[(x509.BasicConstraints(True, 1), True)])
        none_more = self.authority("range intermediate, none more", instead=[(x509.BasicConstraints(True, 0), True)])
        below_one = self.authority("range intermediate below one", one_more)
        below_none = self.authority("range intermediate below none", none_more)
        unknown = x509.UnrecognizedExtension(UNKNOWN, b"\x05\x00")
        return {
            "intermediate": sent(site, first),
            "with-root": sent(site, first, self.root),
            "missing-intermediate": site,
            "missing-intermediate-told": self.leaf(
                issuer=first, instead=[(x509.AuthorityInformationAccess([where]), False)]),
            "wrong-order": sent(self.leaf(issuer=second), first, second),
            "crossed": sent(site, first, crossed),
            "partial": sent(site, first),
            "self-signed": make("localhost", LOCALHOST),
            "unknown-issuer": self.leaf(issuer=self.stranger),
            "impostor": self.leaf(issuer=impostor),
            "bad-signature": with_bad_signature(self.leaf()),
            "issuer-no-authority": self.below(no_authority),
            "issuer-may-not-sign": self.below(no_signer),
            "issuer-for-clients": self.below(
                self.authority("range intermediate for clients", instead=[(for_clients, False)])),
            "path-length-kept": sent(self.leaf(issuer=below_one), below_one, one_more),
            "path-length": sent(self.leaf(issuer=below_none), below_none, none_more),
            "usage": self.leaf(usage=ExtendedKeyUsageOID.CLIENT_AUTH),
            "usage-any": self.leaf(usage=ExtendedKeyUsageOID.ANY_EXTENDED_KEY_USAGE),
            "usage-silent": self.leaf((), instead=names_of("localhost")),
            "usage-encryption": self.leaf(instead=[(encryption, True)]),
            "issuer-for-any": self.below(self.authority("range intermediate for any", instead=[(for_any, False)])),
            "unknown-critical": self.leaf(instead=[(unknown, True)]),
        }

    def long_chains(self):
        sites, chain = {}, []
        for number in range(1, 301):
            chain.insert(0, self.authority(f"range chain {number}", chain[0] if chain else "root"))
            if number in (8, 9, 120, 300):
                sites[f"chain-of-{number}"] = sent(self.leaf(issuer=chain[0]), *chain)
        return sites

    def constraints(self):
        def below(*limits, names=LOCALHOST, **more):
            limited = self.authority("range intermediate with limits", instead=permitted(*limits, **more))
            return self.below(limited, names)

        return {
            "constraints-kept": below("localhost", True),
            "constraints-broken": below("example.test", True),
            "constraints-kept-soft": below("localhost"),
            "constraints-broken-soft": below("example.test"),
            "constraints-excluded-soft": below("localhost", excluded=True),
            "constraints-address-kept": below("127.0.0.0/8", names=("127.0.0.1",)),
            "constraints-address-broken": below("10.0.0.0/8", names=("127.0.0.1",)),
            "constraints-root-kept": self.leaf(issuer=self.anchors["root-for-localhost"]),
            "constraints-root-broken": self.leaf(issuer=self.anchors["root-for-example"]),
        }

    def keys(self):
        leaf, strong = self.leaf, rsa.generate_private_key(65537, 2048)
        weak = rsa.generate_private_key(65537, 1024)
        pss = padding.PSS(padding.MGF1(hashes.SHA256()), padding.PSS.DIGEST_LENGTH)
        by_rsa = self.anchors["root-rsa"]
        old = with_sha_1(self.authority("range intermediate by SHA-1", by_rsa), by_rsa)
        return {
            "p384": leaf(key=ec.generate_private_key(ec.SECP384R1())),
            "p521": leaf(key=ec.generate_private_key(ec.SECP521R1())),
            "rsa-2048": leaf(key=strong),
            "rsa-4096": leaf(key=rsa.generate_private_key(65537, 4096)),
            "rsa-pss": leaf(issuer=by_rsa, rsa_padding=pss),
            "ed25519": leaf(key=ed25519.Ed25519PrivateKey.generate()),
            "ed25519-issuer": self.below(
                self.authority("range intermediate, Ed25519", key=ed25519.Ed25519PrivateKey.generate())),
            "ed25519-root": leaf(issuer=self.anchors["root-ed25519"]),
            "rsa-1024": leaf(key=weak),
            "rsa-1024-issuer": self.below(self.authority("range intermediate, weak", key=weak)),
            "rsa-1024-root": leaf(issuer=self.anchors["root-rsa-1024"]),
            "sha-1-root": leaf(issuer=self.anchors["root-sha-1"]),
            "p521-root": leaf(issuer=self.anchors["root-p521"]),
            "secp256k1": leaf(key=ec.generate_private_key(ec.SECP256K1())),
            "sha-1": with_sha_1(leaf(issuer=by_rsa), by_rsa),
            "sha-1-issuer": self.below(old),
            "rsa-tls-1.2": leaf(key=strong),
            "rsa-tls-1.3": leaf(key=strong),
        }


def with_bad_signature(site):
    der = bytearray(site.certificate.public_bytes(serialization.Encoding.DER))
    der[-1] ^= 1
    return Made(x509.load_der_x509_certificate(bytes(der)), site.key)


def with_sha_1(site, issuer):
    """Signed by RSA with SHA-1, which `cryptography` does no more: the last byte of the algorithm's name tells."""
    with_sha_256, with_sha_1 = (b"\x2a\x86\x48\x86\xf7\x0d\x01\x01" + end for end in (b"\x0b", b"\x05"))
    signed = site.certificate.tbs_certificate_bytes.replace(with_sha_256, with_sha_1)
    signature = issuer.key.sign(signed, padding.PKCS1v15(), hashes.SHA1())
    der = site.certificate.public_bytes(serialization.Encoding.DER)
    der = der.replace(site.certificate.tbs_certificate_bytes, signed).replace(with_sha_256, with_sha_1)
    return Made(x509.load_der_x509_certificate(der[:-len(signature)] + signature), site.key)
