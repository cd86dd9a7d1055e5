"""Signs what our own commands refuse to sign, with an authority of ours: what a thief of its key would do."""

import datetime

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding

from microhttps_host.authority.authority import open_authority
from microhttps_host.authority.identity_names import subject_name
from microhttps_host.authority.issuing import Wanted, common_name_for, make_certificate
from microhttps_host.authority.key_kinds import pem_of


def steal(vault, folder, name, *texts, usage="server", common_name=None):
    """Write NAME.crt and NAME.key for these names, whatever the authority may vouch for; the two paths."""
    authority = open_authority(vault)
    names = tuple(subject_name(text) for text in texts)
    wanted = Wanted(names, common_name or common_name_for(names), usage)
    key = ec.generate_private_key(ec.SECP256R1())
    now = datetime.datetime.now(datetime.timezone.utc)
    certificate = make_certificate(authority, authority.read_key(), key.public_key(), wanted, now)
    (folder / f"{name}.crt").write_bytes(certificate.public_bytes(Encoding.PEM))
    (folder / f"{name}.key").write_bytes(pem_of(key))
    return folder / f"{name}.crt", folder / f"{name}.key"
