"""An engine by its name: which there are, and where. Loaded when one was named. Layer 3."""

from ..errors import Unsupported, UsageError
from . import engine

NAMES = "openssl, micropython, mbedtls, bearssl"


def check_engine(name):
    """Raise UsageError("unknown_engine") for no engine's name, Unsupported("engine_elsewhere") for another's."""
    if name not in NAMES.split(", "):
        raise UsageError("unknown_engine", got=name, expected=NAMES)
    if (name == "micropython") != (engine.NAME == "micropython"):
        raise Unsupported("engine_elsewhere", engine=name, here=engine.NAME)
