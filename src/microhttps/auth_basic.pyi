from collections.abc import Callable
from typing import Any

from .auth import Scheme
from .messages.request import Request

class BasicAuth(Scheme):
    def __init__(
        self, check: Callable[[str, str], Any] | dict[str, str], realm: str = "microhttps", max_failures: int = 20
    ) -> None: ...
    def challenge(self, is_wrong: bool, is_stale: bool) -> str: ...
    def find_user(self, request: Request, text: str) -> Any: ...

def parse_credentials(text: str) -> tuple[str, str] | tuple[None, None]: ...
