"""Reads certificates, of anybody, and says which rules they break and so who would refuse them.

What of a file is the server's, the client's or an authority's certificate is read from the certificates themselves,
unless somebody says. Layer 11.
"""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509

from microhttps.errors import UsageError

from ..authority.identity_names import subject_name
from ..certificates import PEM, certificates_in, read_file
from .examined import (
    AUTHORITY,
    CLIENT,
    PURPOSES,
    SERVER,
    Examined,
    extension_of,
    is_authority,
    is_issued_by,
)
from .lint_rules import DER_ONLY, ENGINES, RULES, Rule

ROLES = (SERVER, CLIENT, AUTHORITY)


@dataclass(frozen=True)
class Finding:
    """A rule that a certificate breaks, and what of it does."""

    rule: Rule
    certificate: x509.Certificate
    role: str
    detail: str


@dataclass(frozen=True)
class Judged:
    """What was found in one file."""

    file: Path
    certificates: tuple[tuple[x509.Certificate, str], ...]
    findings: tuple[Finding, ...]

    def refused_by(self, engines: Sequence[str]) -> list[str]:
        return [engine for engine in engines if any(engine in found.rule.refusing for found in self.findings)]


def engines_for(names: Sequence[str]) -> list[str]:
    """The engines that were asked for, or all but the narrowest; raises UsageError("bad_option")."""
    for name in names:
        if name not in ENGINES:
            raise UsageError("bad_option", f"nobody is called {name!r}; there are {', '.join(ENGINES)}")
    return list(names) or [name for name in ENGINES if name != DER_ONLY]


def judge(
    files: Sequence[Path], engines: Sequence[str], role: str | None = None, issuers: Sequence[x509.Certificate] = ()
) -> list[Judged]:
    """Each file by every rule that one of the engines has; `issuers` and the other files may have issued it."""
    if role is not None and role not in ROLES:
        raise UsageError("bad_option", f"no role: {role!r}; there are {', '.join(ROLES)}")
    contents = [(file, read_file(file)) for file in files]
    read = [(file, certificates_in(content, file), PEM in content) for file, content in contents]
    known = [*issuers, *(certificate for _, certificates, _ in read for certificate in certificates)]
    return [_judge(file, certificates, is_pem, engines, role, known) for file, certificates, is_pem in read]


def judge_chain(chain: list[x509.Certificate], issuers: Sequence[x509.Certificate] = ()) -> list[Finding]:
    """What a server's certificates, as it sends them, break of the rules; raises one of UNREADABLE."""
    if not chain:
        return []
    judged = _judge(Path(), chain, False, engines_for(()), SERVER, [*issuers, *chain])
    return list(judged.findings)


def _judge(
    file: Path, certificates: list[x509.Certificate], is_pem: bool, engines: Sequence[str], role: str | None,
    known: Sequence[x509.Certificate],
) -> Judged:  # fmt: skip
    now = datetime.datetime.now(datetime.timezone.utc)
    path = _path(certificates, known)
    certificates = [*path, *(one for one in certificates if one not in path)]
    roles = [role or _role_of(certificates[0]), *(AUTHORITY for _ in certificates[1:])]
    findings = []
    for place, certificate in enumerate(certificates):
        # Only issuers count that are not the root itself (RFC 5280, 4.2.1.9).
        below = max(0, place - (roles[0] != AUTHORITY)) if place < len(path) else 0
        one = Examined(certificate, roles[place], below, path[place + 1 :], known, is_pem, now)
        for rule in RULES:
            if roles[place] in rule.roles and not set(engines).isdisjoint(rule.refusing):
                detail = rule.find(one)
                if detail:
                    findings.append(Finding(rule, certificate, roles[place], "" if detail == "yes" else detail))
    return Judged(file, tuple(zip(certificates, roles)), tuple(findings))


def _path(certificates: list[x509.Certificate], known: Sequence[x509.Certificate]) -> list[x509.Certificate]:
    """From the first one up to its root, as far as that is known."""
    path, candidates = certificates[:1], [*certificates[1:], *known]
    while not is_issued_by(path[-1], path[-1]):
        issuer = next((one for one in candidates if one not in path and is_issued_by(path[-1], one)), None)
        if issuer is None:
            break
        path.append(issuer)
    return path


def _role_of(certificate: x509.Certificate) -> str:
    """An authority that names a host is one that a server shows: what `openssl req -x509` makes."""
    if is_authority(certificate) and not _names_a_host(certificate):
        return AUTHORITY
    found = extension_of(certificate, x509.ExtendedKeyUsage)
    purposes = set(found.value) if found else set()
    return CLIENT if PURPOSES[CLIENT] in purposes and PURPOSES[SERVER] not in purposes else SERVER


def _names_a_host(certificate: x509.Certificate) -> bool:
    """By its alternative names, or by a common name such as lamp.local where it is not said what its key is for."""
    found = extension_of(certificate, x509.SubjectAlternativeName)
    if found is not None and any(isinstance(name, (x509.DNSName, x509.IPAddress)) for name in found.value):
        return True
    names = certificate.subject.get_attributes_for_oid(x509.NameOID.COMMON_NAME)
    try:
        is_host = bool(names) and subject_name(str(names[0].value)) is not None
    except UsageError:
        is_host = False
    return is_host and extension_of(certificate, x509.KeyUsage) is None
