from collections.abc import Mapping, Sequence
from typing import Any, Literal, TypedDict, type_check_only

from .identity import Identity

SERVER_TLS: dict[str, tuple[Any, Any]]

@type_check_only
class _ServerTls(TypedDict, total=False):
    client_certificate: Literal["required", "optional"]
    identities: Mapping[str, Identity] | None
    minimum_tls: Literal["1.2", "1.3"]
    maximum_tls: Literal["1.2", "1.3"] | None
    ciphers: str | Sequence[str] | None
    curves: str | Sequence[str] | None
    alpn: Sequence[str] | None
    session_tickets: bool
