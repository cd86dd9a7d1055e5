from typing import Any, TypedDict, type_check_only

SERVER: dict[str, tuple[Any, Any]]

@type_check_only
class _ServerLimits(TypedDict, total=False):
    max_open_sockets: int
    lru_purge: bool
    max_sockets_per_address: int
    backlog: int
    admission_timeout: float
    grace_for_silence: float
    min_free_memory: int
    handshake_timeout: float
    keep_alive_timeout: float
    header_timeout: float
    recv_timeout: float
    send_timeout: float
    min_rate: float
    identity_check_interval: float
    redirect_port: int | None
    reuse_port: bool
    stop_timeout: float
    max_uri_length: int
    max_header_length: int
    max_headers: int
    max_body_length: int
    max_content_length: int
    max_form_fields: int
