"""The local authority itself: made, opened, its key read when something is to be signed, and forgotten.

May vouch for what is private and for what it was told (`constraints`), for servers and clients of TLS and for nothing
else; may have no authority below it. Without `ca.key` all goes on but signing. Knows no sockets. Layer 11.
"""

import datetime
import getpass
import os
import socket
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TypeVar

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from microhttps.errors import UsageError

from ..certificates import UNREADABLE, readable
from .constraints import IS_CRITICAL, constraints_for, constraints_of, given_names
from .key_kinds import DEFAULT_KIND, PrivateKey, as_private, hash_for, kind_of, pem_of
from .record import key_identifier, serial_text
from .vault import PUBLIC, SECRET, Vault

AUTHORITY_LIFETIME = datetime.timedelta(days=3650)
# An authority this close to its end signs nothing more: whom it vouches for would outlive it.
RENEWED_BEFORE = datetime.timedelta(days=30)
# A board's clock may be behind ours.
BEGINS_BEFORE = datetime.timedelta(days=1)
MAX_COMMON_NAME = 64  # RFC 5280, appendix A.1, ub-common-name
# What somebody with a list of likely words tries in a night on a stolen key; the format's own hash is a quick one.
MIN_PASSPHRASE = 12
MAX_PASSPHRASE = 1023  # OpenSSL's

CA_CERTIFICATE, CA_KEY = "ca.crt", "ca.key"

# Gives the passphrase of the authority's key, or None when nobody is there to be asked.
Ask = Callable[[], "bytes | None"]
Result = TypeVar("Result")


@dataclass(frozen=True)
class Plan:
    """What a new authority shall be: what it may vouch for beside what is private, and how its key is kept."""

    names: Sequence[str] = ()
    is_unconstrained: bool = False
    kind: str = DEFAULT_KIND
    passphrase: bytes | None = None


def nobody() -> None:
    """An `Ask` for where nobody can be asked."""


class Authority:
    """The authority of a vault. `identifier` is its key's, and stays when it is renewed with the same key."""

    def __init__(self, vault: Vault, certificate: x509.Certificate, ask: Ask = nobody) -> None:
        self.certificate = certificate
        self.constraints = constraints_of(certificate)
        self.identifier = key_identifier(certificate)
        self._vault = vault
        self._ask = ask

    @property
    def has_key(self) -> bool:
        return self._vault.path(CA_KEY).is_file()

    @property
    def is_locked(self) -> bool:
        """Whether its key has a passphrase."""
        return b"ENCRYPTED" in (self._vault.find(CA_KEY) or b"")

    def read_key(self) -> PrivateKey:
        """Its key.

        Raises UsageError: "no_authority_key", "passphrase_needed", "wrong_passphrase", "authority_damaged".
        """
        pem = self._vault.find(CA_KEY)
        if pem is None:
            raise UsageError(
                "no_authority_key", f"{self._vault.path(CA_KEY)} is not there, so nothing can be signed; the rest works"
            )
        _check_exposure(self._vault)
        passphrase = self._ask() if self.is_locked else None
        if self.is_locked and not passphrase:
            raise UsageError("passphrase_needed", f"{self._vault.path(CA_KEY)} has a passphrase, and nobody gave it")
        key = _load_key(self._vault, pem, passphrase)
        if key.public_key() != self.certificate.public_key():
            raise _damaged(self._vault, f"{CA_KEY} is not the key of {CA_CERTIFICATE}")
        return key


def unlocking(ask: Ask, act: Callable[[Ask], Result]) -> Result:
    """Do it, and if a passphrase is needed for it, which is asked for before anything was changed, do it again.

    Nobody holds the vault while somebody types.
    """
    try:
        return act(nobody)
    except UsageError as error:
        if error.code != "passphrase_needed":
            raise
    passphrase = ask()
    return act(lambda: passphrase)


def find_authority_file(vault: Vault) -> Path | None:
    """The local authority's certificate if there is one here that we may see; makes nothing."""
    path = vault.path(CA_CERTIFICATE)
    return path if os.path.isfile(path) else None


def exists(vault: Vault) -> bool:
    """Whether there is an authority, or a part of one."""
    return vault.find(CA_CERTIFICATE) is not None or vault.find(CA_KEY) is not None


def open_authority(vault: Vault, ask: Ask = nobody) -> Authority:
    """The authority there is; raises UsageError "no_authority", and "authority_damaged" rather than make another."""
    pem = vault.find(CA_CERTIFICATE)
    if pem is None:
        if vault.find(CA_KEY) is None:
            raise UsageError("no_authority", f"no {CA_CERTIFICATE} in {vault.folder}")
        raise _damaged(vault, f"{CA_KEY} is there and {CA_CERTIFICATE} is not")
    try:
        authority = Authority(vault, readable(x509.load_pem_x509_certificate(pem)), ask)
    except UNREADABLE as error:
        raise _damaged(vault, f"{CA_CERTIFICATE} cannot be read ({str(error).splitlines()[0]})") from None
    if authority.has_key:
        _check_exposure(vault)
        if not authority.is_locked:
            authority.read_key()
    return authority


def make_authority(vault: Vault, plan: Plan) -> Authority:
    """A new authority with a new key; raises UsageError "authority_exists" where there is one."""
    if exists(vault):
        raise UsageError("authority_exists", f"{CA_CERTIFICATE} and {CA_KEY} are in {vault.folder}")
    return _make(vault, plan)


def replace_authority(vault: Vault, plan: Plan) -> tuple[Authority, list[Path]]:
    """A new authority with a new key; the files of the old one stay under other names, which are given, too."""
    kept = [_kept(vault, open_authority(vault))]
    old_key = vault.find(CA_KEY)
    if old_key is not None:
        kept.append((kept[0][0].replace(".crt", ".key"), old_key, SECRET))
    authority = _make(vault, plan, *kept)
    return authority, [vault.path(name) for name, _, _ in kept]


def renew_authority(vault: Vault, plan: Plan, ask: Ask) -> tuple[Authority, list[Path]]:
    """The same authority with the same key and name, for ten years from now, vouching for what the plan says.

    It may vouch for what it might before as well. What it has signed stays good; who trusts the old certificate holds
    it to the old constraints.
    """
    old = open_authority(vault, ask)
    key = old.read_key()
    plan = replace(plan, names=[*given_names(old.constraints), *plan.names])
    now = datetime.datetime.now(datetime.timezone.utc)
    certificate = _self_signed(old.certificate.subject, key, plan, now)
    kept = _kept(vault, old)
    _write(vault, certificate, kept)
    return Authority(vault, certificate, ask), [vault.path(kept[0])]


def change_passphrase(vault: Vault, ask: Ask, passphrase: bytes | None) -> None:
    """Encrypt the authority's key anew, or, with None, no longer; the key is the same."""
    key = open_authority(vault, ask).read_key()
    vault.write(CA_KEY, pem_of(key, _checked(passphrase)), SECRET)


def check_may_sign(vault: Vault, authority: Authority, now: datetime.datetime) -> None:
    """Raises UsageError("authority_ends") when what it signs now would outlive it."""
    ends = authority.certificate.not_valid_after_utc
    if ends - now < RENEWED_BEFORE:
        raise UsageError("authority_ends", f"the authority in {vault.folder} ends on {ends:%Y-%m-%d}")


def key_usage(*, digital_signature: bool = False, key_encipherment: bool = False, is_authority: bool = False
              ) -> x509.KeyUsage:  # fmt: skip
    return x509.KeyUsage(
        digital_signature=digital_signature, key_encipherment=key_encipherment,
        key_cert_sign=is_authority, crl_sign=is_authority,
        content_commitment=False, data_encipherment=False,
        key_agreement=False, encipher_only=False, decipher_only=False,
    )  # fmt: skip


def _self_signed(name: x509.Name, key: PrivateKey, plan: Plan, now: datetime.datetime) -> x509.Certificate:
    public, begins = key.public_key(), now - BEGINS_BEFORE
    # For TLS alone: neither mail nor programs can be signed in its name.
    tls = x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH])
    builder = (
        x509.CertificateBuilder(name, name, public, x509.random_serial_number(), begins, begins + AUTHORITY_LIFETIME)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(key_usage(is_authority=True), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        .add_extension(tls, critical=False)
    )
    if not plan.is_unconstrained:
        builder = builder.add_extension(constraints_for(plan.names), critical=IS_CRITICAL)
    return builder.sign(key, hash_for(key))


def _make(vault: Vault, plan: Plan, *beside: tuple[str, bytes, int]) -> Authority:
    """A new key and its certificate, written with these files or not at all."""
    key = kind_of(plan.kind).make()
    now = datetime.datetime.now(datetime.timezone.utc)
    certificate = _self_signed(_authority_name(now), key, plan, now)
    _write(vault, certificate, *beside, (CA_KEY, pem_of(key, _checked(plan.passphrase)), SECRET))
    return Authority(vault, certificate, lambda: plan.passphrase)


def _kept(vault: Vault, old: Authority) -> tuple[str, bytes, int]:
    """The file by which a certificate is kept that another takes the place of."""
    return f"ca-{serial_text(old.certificate)[:8]}.crt", vault.find(CA_CERTIFICATE) or b"", PUBLIC


def _write(vault: Vault, certificate: x509.Certificate, *beside: tuple[str, bytes, int]) -> None:
    pem = certificate.public_bytes(serialization.Encoding.PEM)
    with vault.writing(*beside, (CA_CERTIFICATE, pem, PUBLIC)):
        pass


def _load_key(vault: Vault, pem: bytes, passphrase: bytes | None) -> PrivateKey:
    try:
        key = serialization.load_pem_private_key(pem, passphrase)
    except UNREADABLE as error:
        if passphrase:
            raise UsageError("wrong_passphrase", f"this is not the passphrase of {vault.path(CA_KEY)}") from None
        raise _damaged(vault, f"{CA_KEY} cannot be read ({str(error).splitlines()[0]})") from None
    return as_private(key, CA_KEY)


def _checked(passphrase: bytes | None) -> bytes | None:
    if passphrase is not None and not MIN_PASSPHRASE <= len(passphrase) <= MAX_PASSPHRASE:
        limits = f"at least {MIN_PASSPHRASE} and at most {MAX_PASSPHRASE}"
        raise UsageError("bad_passphrase", f"{len(passphrase)} bytes; a passphrase has {limits}")
    return passphrase


def _check_exposure(vault: Vault) -> None:
    if vault.is_exposed(CA_KEY):
        raise _damaged(vault, f"others may read {CA_KEY}; if nobody did: chmod 600 {vault.path(CA_KEY)}")


def _authority_name(now: datetime.datetime) -> x509.Name:
    """Says whose it is and since when, for whoever finds it in a list of authorities."""
    try:
        user = getpass.getuser()
    except (KeyError, OSError):
        user = "somebody"
    whose = f"{user}@{socket.gethostname()}"[:30]
    text = f"microhttps local CA of {whose} {now:%Y-%m-%d}"[:MAX_COMMON_NAME]
    return x509.Name(
        [x509.NameAttribute(NameOID.ORGANIZATION_NAME, "microhttps"), x509.NameAttribute(NameOID.COMMON_NAME, text)]
    )


def _damaged(vault: Vault, why: str) -> UsageError:
    return UsageError(
        "authority_damaged",
        f"the local authority in {vault.folder} is of no use: {why}; bring {CA_CERTIFICATE} and {CA_KEY} back "
        "from a copy, or move both away and a new one is made (and must be trusted anew)",
    )
