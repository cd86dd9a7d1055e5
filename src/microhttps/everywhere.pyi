from collections.abc import Callable, Sequence
from typing import Any

from .auth import _G
from .messages.response import _Headers
from .routing.routes import Routes
from .server.server import Server

MOST_KNOWN: int

class Everywhere(Routes):
    def __init__(self, routes: Routes) -> None: ...
    def use(self, decorators: Sequence[Callable[[Any], Any]]) -> None: ...
    def find(self, method: str, target: str) -> tuple[Any, int, dict[str, Any] | None, int]: ...

def use(server: Server, decorators: Sequence[Callable[[Any], Any]]) -> None: ...

class AddedHeaders:
    def __init__(self, headers: _Headers) -> None: ...
    def __call__(self, handler: _G) -> _G: ...
