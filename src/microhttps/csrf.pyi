from collections.abc import Sequence
from typing import Any

from .auth import _G
from .messages.request import Request

SAFE: tuple[str, ...]
COOKIE: str
FORMS: tuple[str, ...]

class Csrf:
    def __init__(
        self,
        secret: str | bytes | Sequence[str | bytes],
        origins: Sequence[str] = (),
        token: bool = True,
        field: str = "csrf_token",
        header: str = "X-CSRF-Token",
    ) -> None: ...
    def __call__(self, handler: _G) -> _G: ...
    def token(self, request: Request) -> str: ...
    def check(self, request: Request) -> Any: ...
