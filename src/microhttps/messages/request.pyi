from typing import Any

from ..server.server_session import ServerSession
from ..wire.headers import Headers
from .body import Body
from .rare_request import RareRequest

class Request(RareRequest):
    method: str
    params: dict[str, Any]
    content: bytes
    has_body: bool
    user: Any
    kept: dict[Any, Any]
    head: Any
    connection: Any
    def __init__(self, head: Any, params: dict[str, Any], connection: Any) -> None: ...
    @property
    def path(self) -> str: ...
    @property
    def headers(self) -> Headers: ...
    @property
    def session(self) -> ServerSession: ...
    @property
    def body(self) -> Body: ...
    def await_body(self, pending: bytes) -> None: ...
    async def read(self) -> bytes: ...
