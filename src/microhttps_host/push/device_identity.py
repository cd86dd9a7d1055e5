"""The certificate and key that go onto a board, as DER, and the authority that others have to trust for it.

From files that the user names or that lie beside the application under the names it uses, or from the local authority,
which issues for names. A chain of several certificates stays PEM, because DER has no form for it. Layer 13.
"""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from microhttps.errors import UsageError

from ..authority import founding, identities
from ..authority.authority import CA_CERTIFICATE, Ask, Plan, exists
from ..authority.identity_names import subject_name, text_of
from ..authority.issuing import common_name_for
from ..authority.key_kinds import DEFAULT_KIND, PrivateKey, pem_of
from ..authority.record import names_in
from ..authority.vault import Vault
from ..certificates import read_certificates
from ..credential_files import read_pair


@dataclass(frozen=True)
class DeviceIdentity:
    """Certificates, the device's own first, with their key; `authority` is the file to trust, `source` where it is."""

    certificates: list[x509.Certificate]
    key: PrivateKey
    source: Path
    authority: Path | None = None

    @property
    def expires(self) -> datetime.datetime:
        return min(one.not_valid_after_utc for one in self.certificates)

    @property
    def names(self) -> list[str]:
        return names_in(self.certificates[0])

    def files(self, names: Sequence[str]) -> list[tuple[str, bytes]]:
        """(name, content) for the board: certificate and key, or both in one file, which has to be PEM."""
        chain = b"".join(one.public_bytes(Encoding.PEM) for one in self.certificates)
        if len(names) == 1:
            return [(names[0], chain + pem_of(self.key))]
        der = self.certificates[0].public_bytes(Encoding.DER)
        secret = self.key.private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption())
        return [(names[0], der if len(self.certificates) == 1 else chain), (names[1], secret)]


def identity_of_files(certificate: Path, key: Path, ask: Ask, may_be_published: bool = False) -> DeviceIdentity:
    """From two files, or twice the same one.

    Raises UsageError as `read_pair` does, and "bad_option" when it has expired.
    """
    chain, secret = read_pair(certificate, key, ask, may_be_published)
    if chain[0].not_valid_after_utc < datetime.datetime.now(datetime.timezone.utc):
        raise UsageError("bad_option", f"{certificate} has expired, on {chain[0].not_valid_after_utc:%Y-%m-%d}")
    return DeviceIdentity(chain, secret, certificate)


def identity_for(vault: Vault, texts: Sequence[str], ask: Ask) -> DeviceIdentity:
    """The certificate that the local authority has issued for exactly these names, or a new one; makes an authority.

    Raises UsageError as `microhttps ca issue` does.
    """
    if not exists(vault):
        founding.found(vault, Plan(texts))
    names = [subject_name(text) for text in texts]
    label = identities.label_for(common_name_for(names) or text_of(names[0]))
    found = [one for one in identities.listed(vault) if one.label == label]
    if not found:
        identities.issue(vault, texts, "server", DEFAULT_KIND, label, ask)
    elif found[0].status != "good" or found[0].key_file is None or set(names_in(found[0].certificate)) != {
            text_of(name) for name in names}:  # fmt: skip
        identities.renew(vault, label, texts, ask, is_new_key=found[0].key_file is None)
    identity, key = identities.read_pair(vault, label)
    assert key is not None, "issued just now, or seen above"
    return DeviceIdentity([identity.certificate], key, identity.certificate_file, vault.path(CA_CERTIFICATE))


def trust_file(path: Path) -> tuple[bytes, datetime.datetime]:
    """Authorities for a board, one as DER, several as PEM, and when the first of them ends; raises UsageError."""
    found = read_certificates(path)
    content = found[0].public_bytes(Encoding.DER) if len(found) == 1 else b"".join(
        one.public_bytes(Encoding.PEM) for one in found)  # fmt: skip
    return content, min(one.not_valid_after_utc for one in found)
