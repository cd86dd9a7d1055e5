from typing import Any, TypedDict, type_check_only

CLIENT: dict[str, tuple[Any, Any]]

@type_check_only
class _ClientLimits(TypedDict, total=False):
    connect_timeout: float
    min_free_memory: int
    handshake_timeout: float
    recv_timeout: float
    send_timeout: float
    total_timeout: float
    keep_alive_timeout: float
    max_connections: int
    max_connections_of_host: int
    place_timeout: float
    max_idle_connections: int
    max_redirects: int
    keep_cookies: bool
    accept_gzip: bool
    session_tickets: bool
    danger_rsa_key_exchange: bool
    min_rate: float
    max_header_length: int
    max_headers: int
    max_body_length: int
    max_content_length: int
    proxy: str | None
    user_agent: str
