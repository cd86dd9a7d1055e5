"""A certificate for a key that was published: of that key, only the half that is public is here."""

import base64

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, load_der_public_key

from harness.certificates import HERE, Made, make

# The public key of a tutorial of Mongoose's, and nothing else of it: what is secret of it anybody can read there.
TUTORIAL = load_der_public_key(base64.b64decode(
    "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEfHG4HK7kraTsNipvd5CwdvdVjk1aCVa6ftrGHr05YXtX05RTI43XLwhKKsvQaPlk86iAiCsH2I5z"
    "Poqr2fw1Aw=="
))


class Public:
    """A key of which only the public half is known, for `make`."""

    def public_key(self):
        return TUTORIAL


def write_demonstration(folder):
    """The path of such a certificate, PEM, by an authority of the tests."""
    issuer = Made(make("somebody", is_authority=True).certificate, ec.generate_private_key(ec.SECP256R1()))
    path = folder / "demonstration.crt"
    path.write_bytes(make("localhost", HERE, issuer, key=Public()).certificate.public_bytes(Encoding.PEM))
    return path
