"""One request from the command line: whom to believe, and what came back.

Public names are judged by the public roots and by the system's authorities. Names and addresses that are private
(localhost, lamp.local, 192.168.4.1: nobody public vouches for those) may also have a certificate of this machine's own
authority, and so may what that one was made for; it is never believed for another public name, so whoever steals its
key cannot read your mail. Layer 13.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from cryptography import x509

from microhttps import Client, Trust
from microhttps.errors import TrustError, UsageError

from .authority.authority import find_authority_file
from .authority.constraints import constraints_of, is_permitted
from .authority.identity_names import is_private, subject_name
from .authority.vault import Vault
from .engine_choice import engine_of_environment
from .typed_url import read_url


def choose_trusts(host: str, cacert: Path | None, pins: Sequence[str], is_danger: bool) -> list[Trust]:
    """Whom to believe, each to be tried in turn; raises UsageError for a pin or a file that is none."""
    if is_danger:
        return [Trust.danger_anyone()]
    if pins:
        return [Trust.pinned(*pins)]
    if cacert:
        return [Trust.load(str(cacert))]
    authority = find_authority_file(Vault())
    ours = [Trust.load(str(authority))] if authority and _may_vouch(authority, host) else []
    return [*ours, Trust.public(), Trust.system()]


async def fetch(url: str, trusts: Sequence[Trust], headers: Sequence[tuple[str, str]]) -> Any:
    """The answer to a GET. Nothing is sent to a peer that none of `trusts` believes; raises MicrohttpsError."""
    for trust in trusts[:-1]:
        try:
            return await _get(url, trust, headers)
        except TrustError as error:
            if error.code not in ("untrusted_issuer", "self_signed", "missing_intermediate"):
                raise
    return await _get(url, trusts[-1], headers)


def host_of(url: str) -> str:
    """The host's name of a URL, "https" assumed; raises UsageError("bad_url")."""
    return str(read_url(url).host)


def _may_vouch(authority: Path, host: str) -> bool:
    """Whether our authority was made for this host; one without constraints is for what is private."""
    try:
        constraints = constraints_of(x509.load_pem_x509_certificate(authority.read_bytes()))
        return is_private(host) if constraints is None else is_permitted(subject_name(host), constraints)
    except (OSError, ValueError, UsageError):
        return is_private(host)  # and whoever loads it says what is wrong with it


async def _get(url: str, trust: Trust, headers: Sequence[tuple[str, str]]) -> Any:
    client = Client(trust=trust, engine=engine_of_environment())
    try:
        return await client.get(url, headers=headers)
    finally:
        await client.close()
