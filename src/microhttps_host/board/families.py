"""What the files of a build have in common: every node, every plain name, which classes share attributes. Layer 12."""

import ast
from collections.abc import Iterable, Iterator

from .merge import File
from .modules import walk

# A class that is looked into where the first has no such attribute (`__getattr__`): an object of one has those of both.
STANDS_FOR = {"Redirecting": "Server"}


def walk_all(files: Iterable[File]) -> Iterator[ast.AST]:
    """Every node of these files."""
    for file in files:
        yield from walk(file.tree)


def ids_of(nodes: Iterable[ast.AST]) -> set[str]:
    """Every plain name in these nodes."""
    found: set[str] = set()
    for node in nodes:
        if isinstance(node, ast.Name):
            found.add(node.id)
        elif isinstance(node, ast.arg):
            found.add(node.arg)
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            found.add(node.name)
        elif isinstance(node, ast.alias):
            found.add((node.asname or node.name).partition(".")[0])
        elif isinstance(node, (ast.Global, ast.Nonlocal)):
            found.update(node.names)
        elif isinstance(node, ast.ExceptHandler) and node.name:
            found.add(node.name)
    return found


def families_of(classes: list[ast.ClassDef]) -> dict[str, str]:
    """{class: the name of those it inherits with, from wherever}; all that share a base are one family."""
    family = {node.name: node.name for node in classes}
    by_last = {name.rpartition("__of__")[2]: name for name in family}
    for node in classes:
        bases = [base.id for base in node.bases if isinstance(base, ast.Name)]
        bases.append(by_last.get(STANDS_FOR.get(node.name.rpartition("__of__")[2], ""), ""))
        for base in bases:
            if base in family:
                old, new = family[node.name], family[base]
                family = {name: new if known == old else known for name, known in family.items()}
    return family
