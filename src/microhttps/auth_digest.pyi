from collections.abc import Awaitable, Callable
from typing import Any, TypeAlias

from .auth import Scheme
from .messages.request import Request

_Secret: TypeAlias = str | bytes | None

MOST_NONCES: int
WINDOW: int

class DigestAuth(Scheme):
    def __init__(
        self,
        find: Callable[[str], _Secret | Awaitable[_Secret]] | dict[str, str] | dict[str, bytes],
        realm: str = "microhttps",
        nonce_age: float = 300,
        userhash: bool = False,
        max_failures: int = 20,
    ) -> None: ...
    @staticmethod
    def digest(name: str, realm: str, password: str) -> bytes: ...
    def challenge(self, is_wrong: bool, is_stale: bool) -> str: ...
    def find_user(self, request: Request, text: str) -> Any: ...

class Nonces:
    def __init__(self, age: float) -> None: ...
    def make(self) -> str: ...
    def use(self, nonce: str, number: int) -> bool: ...

def hexadecimal(data: bytes) -> str: ...
def is_hexadecimal(text: str, length: int) -> bool: ...
