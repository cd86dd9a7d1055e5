from collections.abc import Callable, Mapping, Sequence
from typing import Any

from .messages.request import Request
from .server.server import Server, _Rule

PAGE: str
HEADERS: tuple[tuple[str, str], ...]
NOT_KEPT: tuple[tuple[str, str], ...]

class Status:
    made: dict[str, str]
    prefix: str | None
    def __init__(
        self,
        server: Server,
        users: Mapping[str, str | None] | None = None,
        guard: Callable[[Any], Any] | None = None,
        client_certificate: _Rule = None,
        can_close: bool = False,
        danger_public: bool = False,
        page: str | None = None,
    ) -> None: ...
    def mount_on(self, place: Any, prefix: str, decorators: Sequence[Callable[[Any], Any]]) -> None: ...
    def locked(self, handler: Callable[[Request], Any], may_change: bool) -> Callable[[Request], Any]: ...

def days_left(not_after: int) -> int | None: ...
