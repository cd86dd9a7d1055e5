"""The certificates that a server shows: whose they are, who signed them, when they end.

Loaded when they are read, once, and then forgotten. Layer 9.
"""

from ..credentials.files import read_source
from ..errors import MicrohttpsError
from ..wire.x509 import certificate_facts, common_name_of, der_of

MOST_NAMES = 8


def certificates_of(server):
    """[dictionary] of its identity, and of those it has for other names; reads the files."""
    found = []
    if server.identity is not None and server.transport == "secure":
        found.append(_told(server.identity, None))
    others = (server.settings.choices or {}).get("identities") or {}
    for name in sorted(others):
        found.append(_told(others[name], name))
    return found


def _told(identity, asked):
    try:
        facts = certificate_facts(der_of(read_source(identity.certificate))[0])
    except MicrohttpsError as error:
        return {"for": asked, "error": error.code}
    names = facts.names + facts.addresses
    return {
        "for": asked,
        "names": names[:MOST_NAMES] or [facts.common_name],
        "more": max(0, len(names) - MOST_NAMES),
        "issuer": "itself" if facts.is_self_signed else common_name_of(facts.issuer),
        "not_after": facts.not_after,
    }
