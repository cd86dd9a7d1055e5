"""An authority made, replaced or renewed, with its list of the revoked: all that `microhttps ca init` does.

Layer 11.
"""

import datetime
from pathlib import Path

from .authority import (
    CA_CERTIFICATE,
    CA_KEY,
    Ask,
    Authority,
    Plan,
    change_passphrase,
    make_authority,
    renew_authority,
    replace_authority,
    unlocking,
)
from .identities import Change
from .key_kinds import kind_of
from .record import Record
from .revocation import write_list
from .vault import Vault

DANGER = "whoever steals ca.key can be any site to everybody who trusts this authority"


def found(vault: Vault, plan: Plan, is_replaced: bool = False) -> tuple[Authority, Change]:
    """A new authority, also in the place of another, whose files are kept under other names."""
    with vault.locked():
        authority, kept = replace_authority(vault, plan) if is_replaced else (make_authority(vault, plan), [])
        change = _change(vault, authority, plan, kept)
    change.files.insert(1, (vault.path(CA_KEY), None))
    return authority, change


def renew(vault: Vault, plan: Plan, ask: Ask) -> tuple[Authority, Change]:
    """The authority there is, with the key it has, for ten more years and for what the plan says as well."""

    def do(unlock: Ask) -> tuple[Authority, Change]:
        with vault.locked():
            authority, kept = renew_authority(vault, plan, unlock)
            return authority, _change(vault, authority, plan, kept)

    return unlocking(ask, do)


def set_passphrase(vault: Vault, ask: Ask, passphrase: bytes | None) -> Change:
    """Another passphrase for the authority's key, or, with None, none."""

    def do(unlock: Ask) -> Change:
        with vault.locked():
            change_passphrase(vault, unlock, passphrase)
            return Change(files=[(vault.path(CA_KEY), None)])

    return unlocking(ask, do)


def _change(vault: Vault, authority: Authority, plan: Plan, kept: list[Path]) -> Change:
    now = datetime.datetime.now(datetime.timezone.utc)
    warnings = [DANGER if plan.is_unconstrained else "", kind_of(plan.kind).warning]
    change = Change(warnings=[warning for warning in warnings if warning])
    change.files.append((vault.path(CA_CERTIFICATE), authority.certificate.not_valid_after_utc))
    change.files.append(write_list(vault, authority, authority.read_key(), Record(vault), now))
    change.files.extend((path, None) for path in kept)
    return change
