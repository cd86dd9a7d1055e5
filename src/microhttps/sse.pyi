from collections.abc import AsyncIterable, Awaitable, Callable, Iterable
from typing import Any, TypeAlias

from typing_extensions import Self

from .messages.response import Response

_Source: TypeAlias = Callable[[EventStream], Awaitable[object]] | AsyncIterable[Any] | Iterable[Any]

COMMENT: bytes
FULL: tuple[str, int, tuple[tuple[str, str], ...]]
MOST_QUEUED: int
BEGIN_WITHIN: int
HEADERS: tuple[tuple[str, str], ...]

class EventStream(Response):
    last_event_id: str | None
    def __init__(
        self,
        source: _Source | None = None,
        keep_alive: float = 15,
        max_queued: int = ...,
        broadcast: Broadcast | None = None,
    ) -> None: ...
    async def send(
        self, data: Any = None, event: str | None = None, id: str | int | None = None, retry: int | None = None
    ) -> None: ...
    def offer(
        self, data: Any = None, event: str | None = None, id: str | int | None = None, retry: int | None = None
    ) -> bool: ...
    def close(self) -> None: ...
    def attach(self, connection: Any, request: Any) -> None: ...
    def detach(self) -> None: ...
    def __aiter__(self) -> Self: ...
    async def __anext__(self) -> bytes: ...

class Event:
    data: Any
    event: str | None
    id: str | int | None
    retry: int | None
    def __init__(
        self, data: Any = None, event: str | None = None, id: str | int | None = None, retry: int | None = None
    ) -> None: ...

class Broadcast:
    def __init__(
        self,
        keep_alive: float = 15,
        max_queued: int = ...,
        drop: bool = False,
        history: int = 0,
        max_listeners: int | None = None,
    ) -> None: ...
    def __len__(self) -> int: ...
    def stream(self) -> EventStream | Any: ...  # or, when it is full, a 503
    def send(
        self, data: Any = None, event: str | None = None, id: str | int | None = None, retry: int | None = None
    ) -> None: ...
    def join(self, stream: EventStream) -> None: ...
    def leave(self, stream: EventStream) -> None: ...

def encode_event(
    data: Any = None, event: str | None = None, id: str | int | None = None, retry: int | None = None
) -> bytes: ...
