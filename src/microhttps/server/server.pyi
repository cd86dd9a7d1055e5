from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Any, Literal, TypeAlias, TypeVar

from typing_extensions import Unpack

from ..connections.session import Tls
from ..errors import OutOfMemory
from ..identity import Identity
from ..messages.request import Request
from ..messages.response import _Result
from ..settings import _ServerSettings
from ..trust import Trust
from ..websocket import WebSocket
from .rare_methods import RareMethods

_Handler: TypeAlias = Callable[[Request], _Result | Awaitable[_Result]]
_H = TypeVar("_H", bound=_Handler)
_WebSocketHandler: TypeAlias = Callable[[WebSocket], object]
_W = TypeVar("_W", bound=_WebSocketHandler)
# What stands between route and handler, and gives the handler's type back.
_G = TypeVar("_G", bound=Callable[..., Any])
_Rule: TypeAlias = bool | str | Iterable[str] | Callable[[Tls], object] | None

NO_MEMORY: OutOfMemory

class Settings:
    engine: Any
    choices: dict[str, Any] | None

class Server(RareMethods):
    identity: Identity | None
    trust: Trust | None
    transport: Literal["secure", "insecure"]
    host: str
    port: int | Any  # None before the start, where none was named
    on_event: Callable[[str, dict[str, Any]], object] | None
    settings: Any
    context: MutableMapping[Any, Any]
    routes: Any
    pool: Any
    newcomers: Any
    date_line: bytes
    idle_deadline: Any
    callback: Any
    work: Any
    signal: Any
    refused: int
    def __init__(
        self,
        identity: Identity | None = None,
        trust: Trust | None = None,
        transport: Literal["secure", "insecure"] = "secure",
        host: str = "0.0.0.0",
        port: int | None = None,
        on_event: Callable[[str, dict[str, Any]], object] | None = None,
        **settings: Unpack[_ServerSettings],
    ) -> None: ...
    def route(
        self, path: str, methods: Iterable[str] = ("GET",), *, client_certificate: _Rule = ...
    ) -> Callable[[_H], _H]: ...
    def get(self, path: str, *, client_certificate: _Rule = ...) -> Callable[[_H], _H]: ...
    def post(self, path: str, *, client_certificate: _Rule = ...) -> Callable[[_H], _H]: ...
    async def start(self) -> None: ...
    async def stop(self) -> None: ...
    def run(self) -> None: ...
    def tell(self, name: str, connection: Any, **facts: object) -> None: ...
    def tell_no_memory(self, name: str, connection: Any) -> None: ...
    def report(self, error: BaseException, message: str) -> None: ...
