from collections.abc import AsyncIterable, Callable, Iterable, Mapping, Sequence
from typing import Any, TypeAlias

from typing_extensions import Self, Unpack

from ..client_auth import Basic, Digest
from ..connections.session import Session
from ..errors import OutOfMemory
from ..identity import Identity
from ..settings import _ClientSettings
from ..trust import Trust
from ..websocket import WebSocket
from ..wire.headers import Headers
from ..wire.url import Url
from .cookie_jar import CookieJar
from .started import Started
from .streaming import Streaming

_Auth: TypeAlias = tuple[str, str] | Basic | Digest
_Sent: TypeAlias = str | bytes | bytearray | memoryview | AsyncIterable[bytes | str]
_Headers: TypeAlias = Iterable[tuple[str, str | int]] | Mapping[str, str | int]

NO_MEMORY: OutOfMemory
IDEMPOTENT: tuple[str, ...]
MAX_TICKETS: int

class Settings:
    engine: Any

class Client:
    settings: Any
    cookies: CookieJar | None
    pool: Any
    def __init__(
        self, trust: Trust | None = None, identity: Identity | None = None, **settings: Unpack[_ClientSettings]
    ) -> None: ...
    async def __aenter__(self) -> Self: ...
    async def __aexit__(self, *reason: object) -> None: ...
    async def get(self, url: str, headers: _Headers = (), auth: _Auth | None = None) -> Answer: ...
    async def head(self, url: str, headers: _Headers = (), auth: _Auth | None = None) -> Answer: ...
    async def delete(
        self, url: str, headers: _Headers = (), body: _Sent | None = None, json: Any = None, auth: _Auth | None = None
    ) -> Answer: ...
    async def post(
        self, url: str, body: _Sent | None = b"", headers: _Headers = (), json: Any = None, auth: _Auth | None = None
    ) -> Answer: ...
    async def put(
        self, url: str, body: _Sent | None = b"", headers: _Headers = (), json: Any = None, auth: _Auth | None = None
    ) -> Answer: ...
    async def patch(
        self, url: str, body: _Sent | None = b"", headers: _Headers = (), json: Any = None, auth: _Auth | None = None
    ) -> Answer: ...
    async def request(
        self,
        method: str,
        url: str,
        headers: _Headers = (),
        body: _Sent | None = None,
        json: Any = None,
        auth: _Auth | None = None,
    ) -> Answer: ...
    def stream(
        self,
        method: str,
        url: str,
        headers: _Headers = (),
        body: _Sent | None = None,
        json: Any = None,
        auth: _Auth | None = None,
        progress: Callable[[int, int | None], object] | None = None,
    ) -> Streaming: ...
    def start(
        self,
        url: str,
        on_event: Callable[[str, Any], object],
        headers: _Headers = (),
        body: _Sent | None = None,
        json: Any = None,
        auth: _Auth | None = None,
        method: str | None = None,
    ) -> Started: ...
    async def websocket(self, url: str, subprotocols: Sequence[str] = (), headers: _Headers = ()) -> WebSocket: ...
    async def close(self) -> None: ...
    async def perform(self, asked: Any, more: Sequence[tuple[str, str]] = ()) -> tuple[Any, Any, Any, Url]: ...

class Answer:
    url: Url
    status: int
    body: bytes
    session: Session
    def __init__(self, head: Any, body: bytes, session: Session, url: Url) -> None: ...
    @property
    def headers(self) -> Headers: ...
    def text(self) -> str: ...
    def json(self) -> Any: ...

def fetch(
    url: str,
    method: str = "GET",
    headers: _Headers = (),
    body: _Sent | None = None,
    json: Any = None,
    auth: _Auth | None = None,
    trust: Trust | None = None,
    identity: Identity | None = None,
    **settings: Unpack[_ClientSettings],
) -> Answer: ...
