from collections.abc import Callable
from os import PathLike
from ssl import SSLContext
from typing import Literal, TypeAlias

from .sealing import Opener
from .trust import Trust

_Source: TypeAlias = str | PathLike[str] | bytes | bytearray | memoryview
_Secret: TypeAlias = bytes | str | Callable[[], bytes | str]

class Identity:
    certificate: _Source
    key: _Source
    password: str | bytes | None
    danger_demonstration_key: bool
    sealed: Opener | None
    is_checked: bool
    def __init__(
        self,
        certificate: _Source,
        key: _Source | None = None,
        password: str | bytes | None = None,
        sealed: _Secret | None = None,
        danger_demonstration_key: bool = False,
    ) -> None: ...
    @property
    def name(self) -> str: ...
    def check(self) -> None: ...
    def load(self, form: Literal["pem", "der"]) -> tuple[bytes, bytes]: ...
    def client_context(self, trust: Trust | None = None, host: str | None = None, port: int = 443) -> SSLContext: ...
    def server_context(self, trust: Trust | None = None) -> SSLContext: ...
