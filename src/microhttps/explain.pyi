from collections.abc import Callable, Iterable
from typing import Any, Final

from .errors import MicrohttpsError

CLIENT: Final = "client"
SERVER: Final = "server"
MOMENTS: tuple[str, ...]
MAX_CONDITIONS: int
MACHINES: tuple[str, str]
ROOMS: tuple[Callable[[], str], ...]
PLACES: tuple[tuple[int, type[MicrohttpsError], str | None, str | None], ...]

def explain(
    error: MicrohttpsError, role: str = "client", texts: Iterable[str] = ()
) -> tuple[str, str, str]: ...
def entries_of(text: str, code: str) -> list[tuple[list[str], list[str]]]: ...
def fill(sentence: str, facts: dict[str, Any]) -> str: ...
