from typing import Any, TypedDict, type_check_only

WEBSOCKET: dict[str, tuple[Any, Any]]

@type_check_only
class _WebSocketLimits(TypedDict, total=False):
    websocket_max_message_length: int
    websocket_max_queue: int
    websocket_max_outgoing: int
    websocket_ping_interval: float | None
    websocket_ping_timeout: float
    websocket_close_timeout: float
