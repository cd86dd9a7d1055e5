from collections.abc import Iterable

from ..wire.url import Url

MOST: int
MOST_BYTES: int
SHARED: tuple[str, ...]
FOR_EVER: int

class Cookie:
    domain: str
    expiry: float | None
    is_for_host: bool
    is_secure: bool
    name: str
    path: str
    value: str
    def is_for(self, url: Url, path: str, now: float) -> bool: ...

class CookieJar:
    def __init__(self) -> None: ...
    def __len__(self) -> int: ...
    def take(self, url: Url, fields: Iterable[tuple[bytes, bytes]]) -> None: ...
    def header(self, url: Url) -> str | None: ...
    def clear(self) -> None: ...

def is_within(host: str, domain: str) -> bool: ...
