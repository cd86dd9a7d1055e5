"""Certificate and key as programs carry them within: a Python module, C headers, DER, or PEM as text of C.

    python   identity.py: bytes for Identity(CERTIFICATE, KEY); what a board's files cannot be lost from
    c        cert.h and private_key.h: arrays of DER and their lengths, as Sming and other firmware in C take them
    der      two files, for firmware that brings a file system or an assembler's .incbin
    pem-c    cert_pem.h and private_key_pem.h: PEM as a C string, line by line, as WiFiClientSecure and ESP-IDF take it

A certificate without a key, which is somebody's to trust, gives the same without the second half. Layer 11.
"""

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from microhttps.errors import UsageError
from microhttps.sealing import seal

from . import credential_files
from .authority.authority import Ask, open_authority
from .authority.exporting import File, place_files
from .authority.identities import read_pair
from .authority.key_kinds import PrivateKey
from .authority.record import names_in
from .authority.vault import PUBLIC, SECRET, Vault
from .certificates import read_certificates

# What a file that was generated begins with, so that nobody edits it, or wonders whence it is.
MADE = "Made by microhttps embed"


@dataclass(frozen=True)
class Material:
    """A certificate with those of its issuers that go with it, and its key; `label` is what files are called by."""

    label: str
    chain: Sequence[x509.Certificate]
    key: PrivateKey | None

    @property
    def certificate(self) -> x509.Certificate:
        return self.chain[0]

    def pem(self) -> str:
        return "".join(found.public_bytes(Encoding.PEM).decode() for found in self.chain)

    def der(self) -> bytes:
        """The certificate alone: DER has no form for a chain."""
        return self.certificate.public_bytes(Encoding.DER)

    def key_der(self, form: PrivateFormat = PrivateFormat.PKCS8) -> bytes:
        assert self.key is not None
        return self.key.private_bytes(Encoding.DER, form, NoEncryption())


@dataclass(frozen=True)
class Written:
    """A file that was written; `is_secret` when a private key can be read from it."""

    path: Path
    expires: datetime.datetime | None
    is_secret: bool


@dataclass
class Embedded:
    """What was done: the files, what should be known of them, and how a program uses them."""

    files: list[Written] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    use: str = ""


def issued_material(vault: Vault, label: str) -> Material:
    """What the local authority has issued; raises UsageError."""
    with vault.locked():
        identity, key = read_pair(vault, label)
    if key is None:
        raise UsageError("key_not_here", f"the key of {label} is no longer with the authority", label=label)
    return Material(label, [identity.certificate], key)


def authority_material(vault: Vault) -> Material:
    """The certificate of the local authority, for whoever shall trust it."""
    return Material("ca", [open_authority(vault).certificate], None)


def file_material(certificate: Path, key: Path | None, ask: Ask, may_be_published: bool = False) -> Material:
    """A certificate and its key from files, PEM or DER; raises UsageError, which names the file."""
    label = certificate.name.partition(".")[0]
    if key is None:
        return Material(label, read_certificates(certificate), None)
    return Material(label, *credential_files.read_pair(certificate, key, ask, may_be_published))


def embed(material: Material, form: str, folder: Path, secret: bytes | None, is_forced: bool) -> Embedded:
    """Write the files of a form, all or none; with a secret the key is sealed. Raises UsageError."""
    if form not in FORMS:
        raise UsageError("bad_option", f"no form: {form!r}; there are {', '.join(FORMS)}")
    if secret is not None and (form not in SEALED or material.key is None):
        raise UsageError("bad_option", f"only a key can be sealed, and only for {' and '.join(SEALED)}")
    done = Embedded()
    _warn(material, form, done)
    sealed = seal(material.key_der(), secret) if secret is not None else None
    files = FORMS[form](material, sealed)
    names = [name for name, _, _ in files]
    ends = material.certificate.not_valid_after_utc
    for path, (name, _, mode) in zip(place_files(folder, files, is_forced), files):
        holds_key = mode == SECRET
        done.files.append(Written(path, ends if not holds_key or name.endswith(".py") else None,
                                  holds_key and sealed is None))  # fmt: skip
    done.use = _use(form, names, material, sealed is not None)
    return done


def _warn(material: Material, form: str, done: Embedded) -> None:
    if material.certificate.not_valid_after_utc < datetime.datetime.now(datetime.timezone.utc):
        done.warnings.append("this certificate has expired: nobody will accept it")
    if form in ("c", "der") and len(material.chain) > 1:
        done.warnings.append("only the first certificate of the chain is in DER; --form pem-c takes all of it")


def _python(material: Material, sealed: bytes | None) -> list[File]:
    names, ends = " ".join(names_in(material.certificate)), material.certificate.not_valid_after_utc
    content = material.der() if len(material.chain) == 1 else material.pem().encode()
    if material.key is None:
        use, key = "Trust.load(CERTIFICATE)", ""
    else:
        use = "Identity(CERTIFICATE, KEY" + (", sealed=SECRET)" if sealed else ")")
        key = f"KEY = {_python_bytes(sealed or material.key_der())}\n"
    about = f"{names}, until {ends:%Y-%m-%d}, for {use}. {MADE}."
    text = f"{about!r}\n\nCERTIFICATE = {_python_bytes(content)}\n{key}"
    name = "ca.py" if material.key is None else "identity.py"
    return [(name, text.encode(), PUBLIC if material.key is None else SECRET)]


def _python_bytes(data: bytes) -> str:
    """Bytes as lines that an editor bears and MicroPython's compiler joins."""
    lines = [f"    {data[at : at + 24]!r}" for at in range(0, len(data), 24)]
    return "(\n" + "\n".join(lines) + "\n)"


def _c(material: Material, _: bytes | None) -> list[File]:
    if material.key is None:
        return [("ca_cert.h", _c_array("ca_certificate", material.der(), material), PUBLIC)]
    form = PrivateFormat.TraditionalOpenSSL  # which axTLS needs, and all the others take
    try:
        key = material.key_der(form)
    except (ValueError, UnsupportedAlgorithm):  # Ed25519 has no other
        key = material.key_der()
    return [("cert.h", _c_array("default_certificate", material.der(), material), PUBLIC),
            ("private_key.h", _c_array("default_private_key", key, material), SECRET)]  # fmt: skip


def _c_array(name: str, data: bytes, material: Material) -> bytes:
    rows = [", ".join(f"0x{byte:02x}" for byte in data[at : at + 16]) for at in range(0, len(data), 16)]
    body = ",\n".join(f"    {row}" for row in rows)
    return _c_header(
        material,
        "#ifndef PROGMEM\n#define PROGMEM\n#endif\n\n"
        f"static const unsigned char {name}[] PROGMEM = {{\n{body}\n}};\n"
        f"static const unsigned int {name}_len = {len(data)};\n",
    )


def _pem_c(material: Material, _: bytes | None) -> list[File]:
    if material.key is None:
        return [("ca_cert_pem.h", _c_text("ca_cert", material.pem(), material), PUBLIC)]
    key = material.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    return [("cert_pem.h", _c_text("certificate_pem", material.pem(), material), PUBLIC),
            ("private_key_pem.h", _c_text("private_key_pem", key, material), SECRET)]  # fmt: skip


def _c_text(name: str, text: str, material: Material) -> bytes:
    """A string, whose sizeof counts the NUL behind it, as Mbed TLS wants it for PEM."""
    lines = "\n".join(f'    "{line}\\n"' for line in text.splitlines())
    return _c_header(material, f"static const char {name}[] =\n{lines};\n")


def _c_header(material: Material, text: str) -> bytes:
    names = " ".join(names_in(material.certificate)).replace("*/", "* /")
    until = f"{material.certificate.not_valid_after_utc:%Y-%m-%d}"
    return f"/* {names}, until {until}. {MADE}. */\n#pragma once\n\n{text}".encode()


def _der(material: Material, sealed: bytes | None) -> list[File]:
    certificate = (f"{material.label}.crt.der", material.der(), PUBLIC)
    if material.key is None:
        return [certificate]
    if sealed is not None:
        return [certificate, (f"{material.label}.key.sealed", sealed, SECRET)]
    return [certificate, (f"{material.label}.key.der", material.key_der(), SECRET)]


FORMS: dict[str, Callable[[Material, bytes | None], list[File]]] = {
    "python": _python, "c": _c, "der": _der, "pem-c": _pem_c,
}  # fmt: skip
SEALED = ("python", "der")  # what our own runtime opens


def _use(form: str, names: list[str], material: Material, is_sealed: bool) -> str:
    end = ", sealed=machine.unique_id)" if is_sealed else ")"
    if form == "python":
        module = names[0].removesuffix(".py")
        if material.key is None:
            return f"from {module} import CERTIFICATE   and   Trust.load(CERTIFICATE)"
        return f"from {module} import CERTIFICATE, KEY   and   Identity(CERTIFICATE, KEY{end}"
    if form == "der":
        quoted = ", ".join(f'"{name}"' for name in names)
        return f"Trust.load({quoted})" if material.key is None else f"Identity({quoted}{end}"
    return "   and   ".join(f'#include "{name}"' for name in names)
