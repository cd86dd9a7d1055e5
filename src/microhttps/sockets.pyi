from typing import Any, Final

from typing_extensions import Unpack

from .connections.secure_socket import SecureSocket
from .identity import Identity, _Source
from .settings import _ClientSettings
from .trust import Trust

CERT_NONE: Final = 0
CERT_OPTIONAL: Final = 1
CERT_REQUIRED: Final = 2

class Settings:
    engine: Any
    choices: dict[str, Any] | None
    trust: Trust | None
    settings: Any
    def __init__(self, trust: Trust | None, settings: dict[str, Any]) -> None: ...

def wrap_socket(
    sock: Any,
    *,
    server_side: bool = False,
    key: _Source | None = None,
    cert: _Source | None = None,
    cert_reqs: int | None = None,
    cadata: _Source | None = None,
    server_hostname: str | None = None,
    do_handshake: bool = True,
    keyfile: _Source | None = None,
    certfile: _Source | None = None,
    ca_certs: _Source | None = None,
    trust: Trust | None = None,
    identity: Identity | None = None,
    address: tuple[str, int] | None = None,
    **settings: Unpack[_ClientSettings],
) -> SecureSocket: ...
