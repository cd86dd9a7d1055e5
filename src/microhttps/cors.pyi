from collections.abc import Callable, Sequence
from typing import Any

from .auth import _G
from .messages.request import Request

ANY: str
NAMES: str

class Cors:
    def __init__(
        self,
        origins: str | Sequence[str] | Callable[[str], object],
        methods: Sequence[str] = ("GET", "POST", "PUT", "PATCH", "DELETE"),
        headers: Sequence[str] = (),
        expose: Sequence[str] = (),
        max_age: int = 600,
        credentials: bool = False,
    ) -> None: ...
    def __call__(self, handler: _G) -> _G: ...
    def preflight(self, request: Request) -> Any: ...
