"""Certificates of which each breaks one rule, with the authority that signed them: the foreign ones of this world.

`make_odd(folder)` writes NAME.crt (the chain as a server sends it), NAME.key and NAME.ca.crt for every name of CASES.
"""

import datetime
import subprocess

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, padding, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

DAY = datetime.timedelta(days=1)
SERVER, CLIENT = ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH
KINDS = ("digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement",
         "key_cert_sign", "crl_sign", "encipher_only", "decipher_only")  # fmt: skip
ANY_DEPTH = (x509.BasicConstraints(True, None), True)
OURS = x509.ObjectIdentifier("1.3.6.1.4.1.55555.1")


def usage(*names):
    return x509.KeyUsage(**{name: name in names for name in KINDS})


def name_of(text):
    return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)] if text else [])


def p256():
    return ec.generate_private_key(ec.SECP256R1())


def certificate(subject, key, issuer, issuer_key, extensions, begins=-1, ends=300, pss=False):
    now = datetime.datetime.now(datetime.timezone.utc)
    builder = x509.CertificateBuilder(name_of(issuer), name_of(subject), key.public_key(),
                                      x509.random_serial_number(), now + begins * DAY, now + ends * DAY)
    for extension, is_critical in extensions:
        builder = builder.add_extension(extension, critical=is_critical)
    own = isinstance(issuer_key, ed25519.Ed25519PrivateKey)
    more = {"rsa_padding": padding.PSS(padding.MGF1(hashes.SHA256()), 32)} if pss else {}
    return builder.sign(issuer_key, None if own else hashes.SHA256(), **more)


def authority_extensions(key, *, basic=ANY_DEPTH, key_usage=("key_cert_sign", "crl_sign"), ski=True, more=()):
    found = [basic] if basic else []
    if key_usage:
        found.append((usage(*key_usage), True))
    if ski:
        found.append((x509.SubjectKeyIdentifier.from_public_key(key.public_key()), False))
    return [*found, *more]


def leaf_extensions(issuer_key, *, names=("localhost",), purposes=(SERVER,), key_usage=("digital_signature",),
                    aki=True, more=()):
    found = [(x509.BasicConstraints(False, None), True)]
    if names:
        found.append((x509.SubjectAlternativeName([x509.DNSName(name) for name in names]), False))
    if purposes:
        found.append((x509.ExtendedKeyUsage(purposes), False))
    if key_usage:
        found.append((usage(*key_usage), True))
    if aki:
        found.append((x509.AuthorityKeyIdentifier.from_issuer_public_key(issuer_key.public_key()), False))
    return [*found, *more]


def make(folder, name, *, authority=None, leaf=None, key=None, authority_key=None, subject="localhost", dates=None,
         pss=False, intermediate=None, between=1):
    """One chain: `authority` and `leaf` change their extensions, `intermediate` puts other authorities between."""
    root_key = authority_key or p256()
    title = f"odd {name}"
    root = certificate(title, root_key, title, root_key, authority_extensions(root_key, **(authority or {})), ends=3000)
    signing, issuer, chain = root_key, title, []
    for number in range(between if intermediate is not None else 0):
        middle = p256()
        by = (x509.AuthorityKeyIdentifier.from_issuer_public_key(signing.public_key()), False)
        extensions = [*authority_extensions(middle, **intermediate), by]
        chain.insert(0, certificate(f"{title} between {number}", middle, issuer, signing, extensions, ends=1000))
        signing, issuer = middle, f"{title} between {number}"
    key = key or p256()
    own = certificate(subject, key, issuer, signing, leaf_extensions(signing, **(leaf or {})), pss=pss, **(dates or {}))
    write(folder, name, [own, *chain], key, root)


def write(folder, name, chain, key, root):
    pem = Encoding.PEM
    (folder / f"{name}.crt").write_bytes(b"".join(one.public_bytes(pem) for one in chain))
    (folder / f"{name}.key").write_bytes(key.private_bytes(pem, PrivateFormat.PKCS8, NoEncryption()))
    (folder / f"{name}.ca.crt").write_bytes(root.public_bytes(pem))


def self_signed(folder, name, extensions, subject="localhost", ends=300):
    key = p256()
    own = certificate(subject, key, subject, key, extensions(key), ends=ends)
    write(folder, name, [own], key, own)


def by_openssl(folder, name, *options, extensions=True, root_is_v1=False):
    """What the library above refuses to make."""
    make(folder, name)
    run = ["openssl", "req", "-new", "-key", f"{name}.key", "-subj", "/CN=localhost", "-out", f"{name}.csr"]
    subprocess.run(run, cwd=folder, check=True, capture_output=True)
    root_key = folder / f"{name}.ca.key"
    subprocess.run(["openssl", "ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", root_key], check=True,
                   capture_output=True)
    config = folder / f"{name}.cnf"
    config.write_text(
        "[ca]\nbasicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\nsubjectKeyIdentifier=hash\n"
        "[leaf]\nbasicConstraints=critical,CA:FALSE\nkeyUsage=critical,digitalSignature\n"
        "extendedKeyUsage=serverAuth\nsubjectAltName=DNS:localhost\nauthorityKeyIdentifier=keyid,issuer\n"
        "subjectKeyIdentifier=hash\n")  # fmt: skip
    root = ["openssl", "req", "-new", "-key", root_key, "-subj", f"/CN=odd {name}", "-out", f"{name}.ca.csr"]
    subprocess.run(root, cwd=folder, check=True, capture_output=True)
    of_root = [] if root_is_v1 else ["-extfile", config, "-extensions", "ca"]
    subprocess.run(["openssl", "x509", "-req", "-in", f"{name}.ca.csr", "-signkey", root_key, "-days", "3000", *of_root,
                    "-out", f"{name}.ca.crt"], cwd=folder, check=True, capture_output=True)
    of_leaf = ["-extfile", config, "-extensions", "leaf"] if extensions else []
    subprocess.run(["openssl", "x509", "-req", "-in", f"{name}.csr", "-CA", f"{name}.ca.crt", "-CAkey", root_key,
                    "-days", "300", *of_leaf, *options, "-out", f"{name}.crt"], cwd=folder, check=True,
                   capture_output=True)


def critical_constraints():
    return x509.NameConstraints([x509.DNSName("localhost")], None)


CASES = {
    "good": lambda folder, name: make(folder, name),
    "good-rsa": lambda folder, name: make(folder, name, key=rsa.generate_private_key(65537, 2048)),
    "good-intermediate": lambda folder, name: make(folder, name, intermediate={}),
    "good-wildcard": lambda folder, name: make(folder, name, leaf={"names": ("localhost", "*.lamp.local")}),
    "sha1": lambda folder, name: by_openssl(folder, name, "-sha1"),
    "rsa-1024": lambda folder, name: make(folder, name, key=rsa.generate_private_key(65537, 1024)),
    "rsa-1024-authority": lambda folder, name: make(
        folder, name, authority_key=rsa.generate_private_key(65537, 1024)),
    "rsa-pss": lambda folder, name: make(
        folder, name, authority_key=rsa.generate_private_key(65537, 2048), pss=True),
    "no-san": lambda folder, name: make(folder, name, leaf={"names": ()}),
    "wildcard-of-everything": lambda folder, name: make(folder, name, leaf={"names": ("*.localhost",)}),
    "no-purpose": lambda folder, name: make(folder, name, leaf={"purposes": ()}),
    "client-only": lambda folder, name: make(folder, name, leaf={"purposes": (CLIENT,)}),
    "826-days": lambda folder, name: make(folder, name, dates={"ends": 826}),
    "400-days": lambda folder, name: make(folder, name, dates={"ends": 400}),
    "expired": lambda folder, name: make(folder, name, dates={"begins": -30, "ends": -1}),
    "not-yet-valid": lambda folder, name: make(folder, name, dates={"begins": 1}),
    "no-aki": lambda folder, name: make(folder, name, leaf={"aki": False}),
    "authority-without-ski": lambda folder, name: make(folder, name, authority={"ski": False}),
    "authority-not-critical": lambda folder, name: make(
        folder, name, authority={"basic": (x509.BasicConstraints(True, None), False)}),
    "authority-without-usage": lambda folder, name: make(folder, name, authority={"key_usage": ()}),
    "authority-that-may-not-sign": lambda folder, name: make(
        folder, name, authority={"key_usage": ("digital_signature",)}),
    "authority-that-is-none": lambda folder, name: make(folder, name, authority={"basic": None}),
    "authority-v1": lambda folder, name: by_openssl(folder, name, root_is_v1=True),
    "leaf-v1": lambda folder, name: by_openssl(folder, name, extensions=False),
    "too-deep": lambda folder, name: make(
        folder, name, authority={"basic": (x509.BasicConstraints(True, 0), True)}, intermediate={}),
    "eight-between": lambda folder, name: make(folder, name, intermediate={}, between=8),
    "nine-between": lambda folder, name: make(folder, name, intermediate={}, between=9),
    "no-usage": lambda folder, name: make(folder, name, leaf={"key_usage": ()}),
    "agreement-only": lambda folder, name: make(folder, name, leaf={"key_usage": ("key_agreement",)}),
    "encipherment-only": lambda folder, name: make(
        folder, name, key=rsa.generate_private_key(65537, 2048), leaf={"key_usage": ("key_encipherment",)}),
    "signs-certificates": lambda folder, name: make(
        folder, name, leaf={"key_usage": ("digital_signature", "key_cert_sign")}),
    "critical-constraints": lambda folder, name: make(
        folder, name, authority={"more": [(critical_constraints(), True)]}),
    "outside-constraints": lambda folder, name: make(
        folder, name, authority={"more": [(critical_constraints(), False)]},
        leaf={"names": ("localhost", "example.org")}),
    "unknown-critical": lambda folder, name: make(
        folder, name, leaf={"more": [(x509.UnrecognizedExtension(OURS, b"\x05\x00"), True)]}),
    "ed25519": lambda folder, name: make(folder, name, key=ed25519.Ed25519PrivateKey.generate()),
    "p384": lambda folder, name: make(folder, name, key=ec.generate_private_key(ec.SECP384R1())),
    "p521": lambda folder, name: make(folder, name, key=ec.generate_private_key(ec.SECP521R1())),
    "secp256k1": lambda folder, name: make(folder, name, key=ec.generate_private_key(ec.SECP256K1())),
    "address-as-name": lambda folder, name: make(folder, name, leaf={"names": ("127.0.0.1",)}),
    "no-subject": lambda folder, name: make(folder, name, subject=""),
    "long-serial": lambda folder, name: by_openssl(folder, name, "-set_serial", "0x1" + "23" * 20),
    "self-signed": lambda folder, name: self_signed(folder, name, lambda key: leaf_extensions(key)),
    "self-signed-authority": lambda folder, name: self_signed(folder, name, lambda key: [
        *authority_extensions(key, key_usage=()), (x509.SubjectAlternativeName([x509.DNSName("localhost")]), False)]),
}  # fmt: skip
# The host name to ask for where it is not localhost.
HOSTS = {"wildcard-of-everything": "a.localhost", "address-as-name": "127.0.0.1"}


def make_odd(folder):
    for name, make_one in CASES.items():
        make_one(folder, name)
