"""A public world of the tests' own: 150 roots of every kind, and sites under them.

`store.bin` holds the roots, `newer.bin` the same later, when the root named "renewed" has another key. Sites (each
NAME.crt and NAME.key, the chain in the .crt as the site sends it):

    p256 p384 p521 rsa2048 rsa4096   by a root of that key       version1    by a root without extensions
    odd-name                         by a root whose subject is spelled oddly, and whose key identifier is its own
    intermediate                     by an intermediate           with-root  sends the root, too
    disordered                       two intermediates, sent in the wrong order
    crossed                          its root is sent as signed by another, which is in no store
    crossed-known                    … by another, which is in the store, and has expired
    alone                            by an intermediate that it does not send, though it says where it is to be had
    stranger                         by a root in no store        by-itself   by itself
    renewed, renewed-later           by the root of that name, before and after its key was changed
    elsewhere                        another name                 expired     ended yesterday
    impostor                         by a root whose subject is that of one in the store, and whose key is another
    twin, other-twin                 by two roots with the same subject
    ed25519                          by a root with such a key, which Mbed TLS does not know
"""

import time

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.x509.oid import AuthorityInformationAccessOID, NameOID

from harness.certificates import HERE, Made, make, write
from microhttps_host.root_store import store_of

COUNT = 150
ODD_IDENTIFIER = b"our own way"
GOOD = ("p256", "p384", "p521", "rsa2048", "rsa4096", "version1", "odd-name", "intermediate", "with-root", "crossed",
        "crossed-known", "renewed", "twin", "other-twin")  # fmt: skip
BAD = {"alone": "missing_intermediate", "stranger": "untrusted_issuer", "by-itself": "self_signed",
       "elsewhere": "wrong_name", "expired": "expired", "impostor": "untrusted_issuer"}  # fmt: skip


def make_world(folder):
    """Write the stores and the sites into the folder."""
    kinds = {
        "p256": ec.generate_private_key(ec.SECP256R1()),
        "p384": ec.generate_private_key(ec.SECP384R1()),
        "p521": ec.generate_private_key(ec.SECP521R1()),
        "rsa2048": rsa.generate_private_key(65537, 2048),
        "rsa4096": rsa.generate_private_key(65537, 4096),
    }
    roots = {name: make(f"root {name}", is_authority=True, key=key, ends=3650) for name, key in kinds.items()}
    roots["version1"] = remade(make("root version 1", ends=3650), version_1)
    roots["odd-name"] = odd_root()
    roots["renewed"] = make("root renewed", is_authority=True)
    roots["old"] = make("root old", is_authority=True, ends=-1)
    roots["twin"], roots["other-twin"] = (make("root twin", is_authority=True) for _ in range(2))
    roots["ed25519"] = make("root ed25519", is_authority=True, key=ed25519.Ed25519PrivateKey.generate())
    for name in [*kinds, "version1", "renewed", "twin", "other-twin", "ed25519"]:
        write(folder, name, make("localhost", HERE, roots[name]))
    write(folder, "odd-name", remade(make("localhost", HERE, roots["odd-name"]), names_oddly, roots["odd-name"]))
    write_chains(folder, roots)
    write_bad(folder, roots)
    keys = [*kinds.values(), roots["ed25519"].key]
    others = [make(f"root number {number}", is_authority=True, key=keys[number % len(keys)]).certificate
              for number in range(COUNT - len(roots))]
    certificates = [root.certificate for root in roots.values()]
    (folder / "store.bin").write_bytes(store_of([*others, *certificates], int(time.time())))
    roots["renewed"] = make("root renewed", is_authority=True)
    write(folder, "renewed-later", make("localhost", HERE, roots["renewed"]))
    certificates = [root.certificate for root in roots.values()]
    (folder / "newer.bin").write_bytes(store_of([*others, *certificates], int(time.time())))


def write_chains(folder, roots):
    root = roots["p256"]
    first = make("intermediate 1", issuer=root, is_authority=True)
    second = make("intermediate 2", issuer=first, is_authority=True)
    site, deep = make("localhost", HERE, first), make("localhost", HERE, second)
    write(folder, "intermediate", Made(site.certificate, site.key, [first.certificate]))
    write(folder, "with-root", Made(site.certificate, site.key, [first.certificate, root.certificate]))
    write(folder, "disordered", Made(deep.certificate, deep.key, [first.certificate, second.certificate]))
    for name, above in (("crossed", make("root of nobody", is_authority=True)), ("crossed-known", roots["old"])):
        other = make("root p256", issuer=above, is_authority=True, key=root.key)
        write(folder, name, Made(site.certificate, site.key, [first.certificate, other.certificate]))
    write(folder, "alone", remade(make("localhost", HERE, first), says_where, first))


def write_bad(folder, roots):
    stranger = make("root of nobody", is_authority=True)
    write(folder, "stranger-root", stranger)
    write(folder, "stranger", make("localhost", HERE, stranger))
    write(folder, "by-itself", make("localhost", HERE))
    write(folder, "elsewhere", make("elsewhere", ("elsewhere.example",), roots["p256"]))
    write(folder, "expired", make("localhost", HERE, roots["p256"], begins=-30, ends=-1))
    write(folder, "impostor", make("localhost", HERE, make("root p384", is_authority=True)))


def odd_root():
    """Spaces, capitals and letters beyond ASCII, which OpenSSL evens out; a key identifier of its own."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([
        x509.NameAttribute(NameOID.COUNTRY_NAME, "DE"),
        x509.NameAttribute(NameOID.ORGANIZATION_NAME, "  Größte   TRUST  Œuvre "),
        x509.NameAttribute(NameOID.EMAIL_ADDRESS, "Root@Example.ORG"),
    ])  # fmt: skip
    plain = make("odd", is_authority=True, key=key)
    builder = x509.CertificateBuilder().subject_name(subject).issuer_name(subject).public_key(key.public_key())
    builder = builder.serial_number(1).not_valid_before(plain.certificate.not_valid_before_utc)
    builder = builder.not_valid_after(plain.certificate.not_valid_after_utc)
    builder = builder.add_extension(x509.BasicConstraints(True, None), critical=True)
    builder = builder.add_extension(x509.SubjectKeyIdentifier(ODD_IDENTIFIER), critical=False)
    return Made(builder.sign(key, hashes.SHA256()), key)


def remade(made, change, issuer=None):
    """The same certificate with something changed, signed again."""
    old = made.certificate
    builder = x509.CertificateBuilder().subject_name(old.subject).issuer_name(old.issuer)
    builder = builder.public_key(made.key.public_key()).serial_number(old.serial_number)
    builder = builder.not_valid_before(old.not_valid_before_utc).not_valid_after(old.not_valid_after_utc)
    return Made(change(builder, old).sign((issuer or made).key, hashes.SHA256()), made.key)


def version_1(builder, old):
    """The oldest roots say nothing of themselves. (cryptography calls it version 3; no reader looks.)"""
    return builder


def names_oddly(builder, old):
    """OpenSSL compares this identifier with the anchor's: it must be the one that the root has, not one made anew."""
    for extension in old.extensions:
        if not isinstance(extension.value, x509.AuthorityKeyIdentifier):
            builder = builder.add_extension(extension.value, extension.critical)
    return builder.add_extension(x509.AuthorityKeyIdentifier(ODD_IDENTIFIER, None, None), critical=False)


def says_where(builder, old):
    for extension in old.extensions:
        builder = builder.add_extension(extension.value, extension.critical)
    where = x509.AccessDescription(AuthorityInformationAccessOID.CA_ISSUERS,
                                   x509.UniformResourceIdentifier("http://ca.example/1.der"))
    return builder.add_extension(x509.AuthorityInformationAccess([where]), critical=False)
