from collections.abc import Mapping
from typing import Any, TypeVar, type_check_only

from .client_limits import _ClientLimits
from .limits import _ServerLimits
from .tls_limits import _ServerTls
from .websocket_limits import _WebSocketLimits

_Settings = TypeVar("_Settings")

@type_check_only
class _ServerSettings(_ServerLimits, _ServerTls, _WebSocketLimits, total=False): ...

@type_check_only
class _ClientSettings(_ClientLimits, _WebSocketLimits, total=False): ...

def settle(
    settings: _Settings, table: Mapping[str, tuple[Any, Any]], changes: Mapping[str, Any], is_server: bool = False
) -> _Settings: ...
def tick_of(settings: object) -> float: ...
