from typing import Any

from ..wire.fields import Fields
from .parts import Part

class Form(Fields[str]):
    files: Fields[Part]
    def __init__(self) -> None: ...

async def read_form(request: Any) -> Form: ...
