from typing import Any

class Session:
    peer_address: tuple[str, int]
    context: dict[Any, Any]
    def __init__(self, transport: Any, peer_address: tuple[str, int]) -> None: ...
    @property
    def tls(self) -> Tls | Any: ...  # None on plain TCP, and before the handshake is done
    @property
    def received(self) -> int: ...
    @property
    def sent(self) -> int: ...
    @property
    def is_open(self) -> bool: ...
    def close(self) -> None: ...

class Tls:
    version: str
    cipher: str
    alpn: str | None
    resumed: bool | None
    peer_certificate: bytes | None
    fingerprint: str | None
    peer_names: list[str]
    peer_common_name: str | None
    peer_serial: int | None
    def __init__(self, facts: tuple[str, str, str | None, bool | None, bytes | None]) -> None: ...
