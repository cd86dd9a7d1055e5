from .identity import _Secret

MAGIC: bytes
HEAD: int
TAG: int
CHECK: int
ITERATIONS: int
MOST_ITERATIONS: int
LONGEST: int
SHORTEST: int

def seal(key: bytes | bytearray | memoryview, secret: _Secret, iterations: int = ...) -> bytes: ...
def is_sealed(data: bytes) -> bool: ...

class Opener:
    def __init__(self, secret: _Secret) -> None: ...
    def open(self, data: bytes, name: str) -> bytes: ...
