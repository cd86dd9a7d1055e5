from collections.abc import Callable, Sequence
from typing import Any, Literal

from .auth import _G
from .messages.request import Request

class CookieSessions:
    def __init__(
        self,
        secret: str | bytes | Sequence[str | bytes],
        max_age: int = ...,
        name: str = "session",
        secure: bool | None = None,
        same_site: Literal["Lax", "Strict", "None"] = "Lax",
    ) -> None: ...
    def __call__(self, handler: _G) -> _G: ...
    def of(self, request: Request) -> dict[str, Any]: ...
    def required(self, key: str = "user", otherwise: str | None = None) -> Callable[[_G], _G]: ...

