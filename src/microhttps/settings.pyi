from collections.abc import Mapping
from typing import Any, Literal, TypedDict, TypeVar, type_check_only

from .client_limits import _ClientLimits
from .limits import _ServerLimits
from .tls_limits import _ServerTls
from .websocket_limits import _WebSocketLimits

_Settings = TypeVar("_Settings")

@type_check_only
class _Engine(TypedDict, total=False):
    engine: Literal["openssl", "micropython", "mbedtls", "bearssl"] | None

@type_check_only
class _ServerSettings(_ServerLimits, _ServerTls, _WebSocketLimits, _Engine, total=False): ...

@type_check_only
class _ClientSettings(_ClientLimits, _WebSocketLimits, _Engine, total=False): ...

def settle(
    settings: _Settings, table: Mapping[str, tuple[Any, Any]], changes: Mapping[str, Any], is_server: bool = False
) -> _Settings: ...
def choose_engine(settings: Any, name: str | None, wants_tickets: bool = False) -> None: ...
def tick_of(settings: object) -> float: ...
