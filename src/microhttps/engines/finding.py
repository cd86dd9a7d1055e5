"""The module of an engine on CPython, whose library may be one that has to be installed. CPython only. Layer 3."""

from importlib import import_module
from importlib.util import find_spec

from ..errors import Unsupported

# name: (what its module imports, what brings that)
LIBRARIES = {
    "mbedtls": ("mbedtls", "pip install 'microhttps[mbedtls]'"),
    "bearssl": ("cffi", "pip install 'microhttps[bearssl]'"),  # what more it needs, its module says
}


def find_engine(name):
    """The engine of this name (see `choosing`), loaded; raises Unsupported("engine_not_installed")."""
    library, install = LIBRARIES.get(name, (None, None))
    if library is not None and find_spec(library) is None:
        raise Unsupported("engine_not_installed", engine=name, install=install)
    return import_module("microhttps.engines." + name + ".engine")
