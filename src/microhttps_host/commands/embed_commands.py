"""`microhttps embed`: a certificate and its key brought into a program. Arguments in, calls out. Layer 13."""

from pathlib import Path
from typing import Annotated

import typer

from microhttps.errors import UsageError

from ..authority.vault import Vault
from ..drawing import render_embed
from ..embedding import FORMS, Material, authority_material, embed, file_material, issued_material
from .passphrases import Asker


def embed_command(
    label: Annotated[str | None, typer.Argument(metavar="LABEL", help="What microhttps ca has issued.")] = None,
    certificate: Annotated[
        Path | None, typer.Option("--certificate", metavar="FILE", help="Another certificate, PEM or DER.")
    ] = None,
    key: Annotated[Path | None, typer.Option("--key", metavar="FILE", help="Its key, PEM or DER.")] = None,
    authority: Annotated[bool, typer.Option("--authority", help="Your authority, to be trusted.")] = False,
    form: Annotated[str, typer.Option("--form", metavar="|".join(FORMS), help="How.")] = "python",
    to: Annotated[Path, typer.Option("--to", metavar="FOLDER", help="By default here.")] = Path("."),
    seal: Annotated[
        Path | None, typer.Option("--seal", metavar="FILE", help="Seal the key with the secret in it (hexadecimal).")
    ] = None,
    passphrase_file: Annotated[
        Path | None, typer.Option("--passphrase-file", metavar="FILE", help="Opens an encrypted key; else asks.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Over files that are there and are others.")] = False,
    danger_demonstration_key: Annotated[
        bool, typer.Option("--danger-demonstration-key", help="A key that was published may be used.")
    ] = False,
    json: Annotated[bool, typer.Option("--json", help="JSON, for programs.")] = False,
) -> None:
    """Examples:

    \b
      microhttps embed lamp.local                                identity.py, to be imported on a board
      microhttps embed lamp.local --form c --to include/ssl      cert.h and private_key.h: arrays for C
      microhttps embed lamp.local --form pem-c                   PEM as C strings, for WiFiClientSecure
      microhttps embed --certificate my.crt --key my.key         certificates of your own
      microhttps embed --authority --form pem-c                  whom the device shall trust: ca_cert
      microhttps embed --certificate root.pem --form pem-c       the same for the root of a public site
      microhttps embed lamp.local --seal lamp.id                 the key opens on this device only; lamp.id is made by
                  mpremote exec "import machine; print(machine.unique_id().hex())" > lamp.id

    What has a private key in it is readable for you alone; keep it out of repositories, or seal it.
    """
    if [bool(label), certificate is not None, authority].count(True) != 1 or (key and not certificate):
        raise UsageError("bad_option", "say what: LABEL, --certificate FILE (with --key FILE), or --authority")
    if certificate is not None:
        ask = Asker(passphrase_file, f"passphrase of {key}: ")
        material = file_material(certificate, key, ask, danger_demonstration_key)
    else:
        material = issued_material(Vault(), label) if label else authority_material(Vault())
    done = embed(material, form, to, _secret_in(seal) if seal else None, force)
    render_embed.done(_what(material, seal), done, json)


def _what(material: Material, seal: Path | None) -> str:
    if material.key is None:
        return f"the certificate {material.label}, for programs that shall trust it"
    return f"certificate and {'sealed ' if seal else ''}key of {material.label}, for a program"


def _secret_in(file: Path) -> bytes:
    """The secret of a device, as it was printed there."""
    try:
        return bytes.fromhex(file.read_text().strip().replace(":", ""))
    except OSError as error:
        why = (error.strerror or str(error)).lower()
        raise UsageError("bad_option", f"cannot read {file}: {why}") from None
    except ValueError:
        raise UsageError("bad_option", f"{file} does not hold a secret in hexadecimal") from None
