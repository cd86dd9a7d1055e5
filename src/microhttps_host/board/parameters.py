"""Parameters named anew, each function's with the same few names of the firmware. Layer 12."""

import ast
from collections.abc import Iterator

from .families import families_of, ids_of, walk_all
from .firmware import FREE, USUAL
from .merge import File
from .modules import Scopes, arguments_of, walk


class Parameters:
    """Renames parameters that nobody passes by keyword, each function's with the same few names."""

    def __init__(self, files: list[File], known_outside: set[ast.AST]) -> None:
        self._known_outside = known_outside
        # (function, parameter) pairs that some call names; "*" for a function we do not know by its name.
        self._named: set[tuple[str, str]] = set()
        # Functions that some call hands a dictionary of them, so that nobody knows which.
        self._spread: set[str] = set()
        functions = {node.name for node in walk_all(files) if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef))}
        classes = [node for node in walk_all(files) if isinstance(node, ast.ClassDef)]
        families = {**families_of(classes), "cls": "__init__"}
        # What makes an instance goes by the name of the family.
        self._makers: dict[ast.AST, str] = {
            part: families[node.name] for node in classes for part in node.body
            if isinstance(part, ast.FunctionDef) and part.name == "__init__"
        }
        for node in walk_all(files):
            if isinstance(node, ast.Call):
                called = node.func.attr if isinstance(node.func, ast.Attribute) else (
                    node.func.id if isinstance(node.func, ast.Name) else "")
                meant = {called} & functions | {families.get(called, "*")}
                if len(meant) > 1:
                    meant.discard("*")
                if any(given.arg is None for given in node.keywords):
                    self._spread.update(meant - {"__init__", "*"})  # an error's facts are no parameters
                self._named.update((name, given.arg) for given in node.keywords for name in meant if given.arg)

    def rename(self, tree: ast.Module) -> None:
        """Rename in one module."""
        scopes = Scopes(tree)
        for function in _inner_functions(tree):
            self._rename(function, scopes)

    def _rename(self, node: "ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda", scopes: Scopes) -> None:
        name = "" if isinstance(node, ast.Lambda) else node.name
        ids = ids_of(walk(node))
        collectors = (node.args.vararg, node.args.kwarg)
        new_names: dict[str, str] = {}
        free = (new for new in ["self", *FREE, *USUAL[:20]] if new not in ids)
        for argument in arguments_of(node):
            ways = {(name, argument.arg), ("*", argument.arg), (self._makers.get(node, name), argument.arg)}
            is_named = node in self._known_outside or name in self._spread or not ways.isdisjoint(self._named)
            if (argument in collectors or not is_named) and argument.arg not in FREE and argument.arg != "self":
                new_names[argument.arg] = next(free)
        for part in walk(node):
            if isinstance(part, ast.Name) and scopes.found.get(part) is node:
                part.id = new_names.get(part.id, part.id)
            elif isinstance(part, ast.arg) and scopes.found.get(part) is node:
                part.arg = new_names.get(part.arg, part.arg)
            elif isinstance(part, ast.Nonlocal):
                part.names = [new_names.get(each, each) for each in part.names]
        for inner in _inner_functions(node):
            self._rename(inner, scopes)


def _outermost_functions(node: ast.AST) -> "Iterator[ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda]":
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
        yield node
        return
    for child in ast.iter_child_nodes(node):
        yield from _outermost_functions(child)


def _inner_functions(node: ast.AST) -> "Iterator[ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda]":
    for child in ast.iter_child_nodes(node):
        yield from _outermost_functions(child)
