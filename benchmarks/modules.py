"""Which module imports which, read from the source: the order in which a board can load them one by one.

Only what is imported when a module is loaded counts, not what a function imports when it runs. Imports nothing itself.
"""

import ast
from pathlib import Path


def in_order(names: list[str], source: Path) -> list[str]:
    """These modules of our package, each after those it imports; others keep their place at the front."""
    ordered = [name for name in names if not name.startswith("microhttps")]
    waiting = set(names) - set(ordered)
    for name in sorted(names):
        _append(name, waiting, source, ordered)
    return ordered


def _append(name: str, waiting: set[str], source: Path, ordered: list[str]) -> None:
    if name not in waiting:
        return
    waiting.remove(name)
    for other in _find_imports(name, source):
        _append(other, waiting, source, ordered)
    ordered.append(name)


def _find_imports(name: str, source: Path) -> list[str]:
    path = source / (name.replace(".", "/") + ".py")
    package = name.rpartition(".")[0]
    if not path.exists():
        path, package = source / name.replace(".", "/") / "__init__.py", name
    found = [package] if package != name else []
    for node in _at_load(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.level:
            base = ".".join(package.split(".")[: len(package.split(".")) - node.level + 1])
            base = f"{base}.{node.module}" if node.module else base
            found += [base, *(f"{base}.{alias.name}" for alias in node.names)]
    return found


def _at_load(node: ast.AST) -> list[ast.AST]:
    found = []
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            found += [child, *_at_load(child)]
    return found
