from typing import Any, Literal

from typing_extensions import Unpack

from ..connections.session import Session
from ..identity import Identity
from ..settings import _ClientSettings
from ..trust import Trust

MAX_LINE: int

async def connect(
    host: str,
    port: int,
    trust: Trust | None = None,
    identity: Identity | None = None,
    transport: Literal["secure", "insecure"] = "secure",
    **settings: Unpack[_ClientSettings],
) -> Stream: ...

class Settings:
    engine: Any

class Stream:
    session: Session
    def __init__(self, transport: Any, settings: Any, peer_address: tuple[str, int]) -> None: ...
    def available(self) -> int: ...
    def at_eof(self) -> bool: ...
    @property
    def was_cut(self) -> bool: ...
    async def read(self, count: int = 4096) -> bytes: ...
    async def readexactly(self, count: int) -> bytes: ...
    async def readline(self) -> bytes: ...
    async def write(self, data: bytes | bytearray | memoryview) -> None: ...
    async def start_tls(
        self,
        trust: Trust | None = None,
        identity: Identity | None = None,
        server_hostname: str | None = None,
        address: tuple[str, int] | None = None,
    ) -> None: ...
    async def close(self) -> None: ...
