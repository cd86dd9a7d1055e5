"""Which files of a build an application can ever load, seen from the names it uses; others need no room on a board.

Every import of a build is a statement of its own by now, wherever in a function it stands, so that whatever may be
loaded is followed, and no guess is made about what will be. Layer 12.
"""

import ast
from collections.abc import Collection

from .firmware import FREE, USUAL
from .merge import File
from .modules import walk


def reached(files: list[File], wanted: Collection[str]) -> list[File]:
    """The files that these names lead to, modules of the package or what it offers; the package itself among them."""
    known = {file.name: file for file in files}
    # A file with a name of the firmware is none that an application means by the same word.
    waiting = ["", *(name for name in wanted if name in known and name not in FREE and name not in USUAL)]
    waiting += [file.name for file in files if not _defined(file.tree).isdisjoint(wanted)]
    found: set[str] = set()
    while waiting:
        name = waiting.pop()
        if name in known and name not in found:
            found.add(name)
            waiting += _imported(known[name].tree)
    return [file for file in files if file.name in found]


def _defined(tree: ast.Module) -> set[str]:
    return {node.name for node in tree.body if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef))}


def _imported(tree: ast.Module) -> list[str]:
    return [node.module for node in walk(tree) if isinstance(node, ast.ImportFrom) and node.level and node.module]
