from collections.abc import AsyncIterable, Iterable, Mapping
from os import PathLike
from typing import Any, Literal, TypeAlias

from typing_extensions import Self

_Piece: TypeAlias = str | bytes | bytearray | memoryview
# What a body may be: text, bytes, what becomes JSON, pieces, or nothing.
_Body: TypeAlias = _Piece | dict[Any, Any] | list[Any] | None | Iterable[_Piece] | AsyncIterable[_Piece]
_Headers: TypeAlias = Iterable[tuple[str, str | int]] | Mapping[str, str | int]
_Whole: TypeAlias = _Body | Response
# What a handler answers: a body or a Response, with a status and header fields where it wants.
_Result: TypeAlias = _Whole | tuple[_Whole, int | None | _Headers] | tuple[_Whole, int | None, _Headers]
_SameSite: TypeAlias = Literal["Lax", "Strict", "None"] | None

class Response:
    body: Any
    status: int
    headers: Any
    content_type: str | None
    length: int | None
    def __init__(
        self,
        body: _Body = b"",
        status: int = 200,
        headers: _Headers = (),
        content_type: str | None = None,
        length: int | None = None,
    ) -> None: ...
    @classmethod
    def file(
        cls,
        path: str | PathLike[str],
        *,
        content_type: str | None = ...,
        status: int = ...,
        headers: _Headers = ...,
        download: str | bool | None = ...,
        cache_control: str | None = ...,
        max_age: int | None = ...,
        gzip: bool = ...,
        beside: str | None = ...,
    ) -> Self: ...
    @classmethod
    def redirect(cls, location: str, status: int = 302) -> Self: ...
    def set_cookie(
        self,
        name: str,
        value: str,
        *,
        max_age: int | None = ...,
        expires: float | None = ...,
        path: str | None = ...,
        domain: str | None = ...,
        secure: bool = ...,
        http_only: bool = ...,
        same_site: _SameSite = ...,
        partitioned: bool = ...,
    ) -> Self: ...
    def delete_cookie(
        self,
        name: str,
        *,
        path: str | None = ...,
        domain: str | None = ...,
        secure: bool = ...,
        http_only: bool = ...,
        same_site: _SameSite = ...,
        partitioned: bool = ...,
    ) -> Self: ...

def encode_other(result: object, status: int, head: Any, is_last: bool, date: bytes) -> tuple[bytes, Any]: ...
