from collections.abc import Callable
from typing import Any

from .auth import Scheme
from .messages.request import Request

TOKEN68: str

class BearerAuth(Scheme):
    def __init__(self, check: Callable[[str], Any] | dict[str, Any], realm: str = "microhttps") -> None: ...
    def challenge(self, is_wrong: bool, is_stale: bool) -> str: ...
    def find_user(self, request: Request, text: str) -> Any: ...
