"""Makes the bound runtime do less at run time: small constants in place, trivial functions in place, rare ones moved.

Works on modules whose global names are unique (see `binding`): what a name means does not depend on where it
stands, so that statements may move from one module to another with their imports. Layer 12.
"""

import ast
import copy
from collections import Counter
from collections.abc import Iterator

from .modules import Module, walk

SMALL = 1 << 29  # a small integer on 32 bits has one bit less than a pointer, and its sign


def simplify(modules: dict[str, Module], kept: set[str]) -> None:
    """Put small constants and trivial functions where they are named; drop what is decided or not named any more."""
    trees = [module.tree for module in modules.values() if module.name]
    _inline_constants(trees)
    _drop_all_unnamed(trees, kept)
    _inline_functions(modules, kept)
    _drop_all_unnamed(trees, kept)


def sink(modules: dict[str, Module], always: set[str], kept: set[str]) -> None:
    """Move functions and constants, which of all modules only one uses that is not always loaded, into that one."""
    while True:
        users = _users(modules)
        moves = [(module, statement, user) for module in modules.values() if module.name in always
                 for statement in module.tree.body for user in _only_user(statement, users, kept)
                 if user not in always]
        if not moves:
            return
        for module, statement, user in moves:
            _move(module, statement, modules[user], modules)


def _users(modules: dict[str, Module]) -> dict[str, list[str]]:
    """By each name the modules that load it; none for one that some function binds anew (`global`)."""
    users: dict[str, list[str]] = {}
    bound: set[str] = set()
    for module in modules.values():
        for name in _loaded_in(module.tree):
            users.setdefault(name, []).append(module.name)
        for node in walk(module.tree):
            if isinstance(node, ast.Global):
                bound.update(node.names)
    return {name: users[name] for name in users.keys() - bound}


def _only_user(statement: ast.stmt, users: dict[str, list[str]], kept: set[str]) -> list[str]:
    name = defined_name(statement)
    if name is None or name in kept or isinstance(statement, ast.ClassDef):
        return []
    found = users.get(name, [])
    return found if len(found) == 1 else []


def _move(module: Module, statement: ast.stmt, user: Module, modules: dict[str, Module]) -> None:
    name = defined_name(statement)
    module.tree.body.remove(statement)
    homes = {defined_name(each): other.name for other in modules.values() for each in other.tree.body}
    needed: list[ast.stmt] = []
    for used in sorted(_loaded_in(statement)):
        if "__of__" in used and homes.get(used) not in (None, user.name) and used != name:
            needed.append(ast.ImportFrom(f"@{homes[used]}", [ast.alias(used)], 0))
        elif "__of__" not in used:
            needed += [copy.deepcopy(each) for each in module.tree.body if used in _imported_by(each)]
    for outer in walk(user.tree):
        for field in ("body", "orelse", "finalbody"):
            statements = getattr(outer, field, None)
            if isinstance(statements, list):
                left = [each for each in statements if not (
                    isinstance(each, ast.ImportFrom) and each.names[0].name == name)]
                setattr(outer, field, left or ([ast.Pass()] if field == "body" and outer is not user.tree else []))
    at = sum(isinstance(each, (ast.Import, ast.ImportFrom)) for each in user.tree.body)
    user.tree.body[at:at] = [*needed, statement]


def defined_name(node: ast.stmt) -> str | None:
    """The unique name that a statement at module level defines, if it is one."""
    name = None
    if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
        name = node.name
    elif isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
        name = node.targets[0].id
    return name if name and "__of__" in name else None


def _imported_by(node: ast.stmt) -> set[str]:
    if isinstance(node, (ast.Import, ast.ImportFrom)):
        return {(alias.asname or alias.name).partition(".")[0] for alias in node.names}
    return set()


def _loaded_in(tree: ast.AST) -> set[str]:
    return {node.id for node in walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}


def _inline_constants(trees: list[ast.Module]) -> None:
    constants = _constants(trees)
    for tree in trees:
        _Inline(constants).visit(tree)


def _constants(trees: list[ast.Module]) -> dict[str, int]:
    """The globals that are one small number for ever."""
    values: dict[str, int] = {}
    bound: Counter[str] = Counter()
    for tree in trees:
        for node in walk(tree):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                bound[node.id] += 1
            elif isinstance(node, ast.Global):
                bound.update(node.names * 2)
        for statement in tree.body:
            if isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name):
                number = _number(statement.value)
                if number is not None and len(statement.targets) == 1:
                    values[statement.targets[0].id] = number
    return {name: value for name, value in values.items() if bound[name] == 1 and "__of__" in name}


def _number(node: ast.expr) -> int | None:
    if any(not isinstance(part, (ast.Constant, ast.UnaryOp, ast.BinOp, ast.operator, ast.unaryop))
           for part in walk(node)):
        return None
    value = eval(ast.unparse(node), {"__builtins__": {}})  # numbers and operators, nothing else
    return value if type(value) is int and abs(value) < SMALL else None


class _Inline(ast.NodeTransformer):
    def __init__(self, constants: dict[str, int]) -> None:
        self._constants = constants

    def visit_Name(self, node: ast.Name) -> ast.AST:
        if node.id in self._constants and isinstance(node.ctx, ast.Load):
            return ast.Constant(self._constants[node.id])
        return node

    def visit_If(self, node: ast.If) -> ast.AST | list[ast.stmt]:
        self.generic_visit(node)
        if isinstance(node.test, ast.Constant):
            return (node.body if node.test.value else node.orelse) or [ast.Pass()]
        return node

    def visit_IfExp(self, node: ast.IfExp) -> ast.AST:
        self.generic_visit(node)
        if isinstance(node.test, ast.Constant):
            return node.body if node.test.value else node.orelse
        return node

    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.AST:
        self.generic_visit(node)
        if isinstance(node.op, ast.Not) and isinstance(node.operand, ast.Constant):
            return ast.Constant(not node.operand.value)
        return node


def _inline_functions(modules: dict[str, Module], kept: set[str]) -> None:
    """Put functions in place that are one expression of their parameters, or nothing at all."""
    trivial: dict[str, tuple[list[str], ast.expr]] = {}
    for module in modules.values():
        for node in module.tree.body:
            if isinstance(node, ast.FunctionDef) and "__of__" in node.name and node.name not in kept:
                value = _trivial_value(node)
                if value is not None:
                    trivial[node.name] = [argument.arg for argument in node.args.args], value
    for module in modules.values():
        _InlineCalls(trivial).visit(module.tree)
        _Inline({}).visit(module.tree)


def _trivial_value(node: ast.FunctionDef) -> ast.expr | None:
    arguments = node.args
    if (len(node.body) != 1 or node.decorator_list or arguments.defaults or arguments.kwonlyargs or arguments.vararg
            or arguments.kwarg):
        return None
    statement = node.body[0]
    if isinstance(statement, ast.Pass):
        return ast.Constant(None)
    if isinstance(statement, ast.Return) and isinstance(statement.value, (ast.Constant, ast.Name)):
        known = [argument.arg for argument in arguments.args]
        if isinstance(statement.value, ast.Constant) or statement.value.id in known:
            return statement.value
    return None


class _InlineCalls(ast.NodeTransformer):
    def __init__(self, trivial: dict[str, tuple[list[str], ast.expr]]) -> None:
        self._trivial = trivial

    def visit_Call(self, node: ast.Call) -> ast.AST:
        self.generic_visit(node)
        if not isinstance(node.func, ast.Name) or node.func.id not in self._trivial:
            return node
        names, value = self._trivial[node.func.id]
        if node.keywords or len(node.args) != len(names) or not all(_is_plain(given) for given in node.args):
            return node
        return node.args[names.index(value.id)] if isinstance(value, ast.Name) else copy.deepcopy(value)

    def visit_Expr(self, node: ast.Expr) -> ast.AST | None:
        self.generic_visit(node)
        return ast.Pass() if isinstance(node.value, ast.Constant) else node


def _is_plain(node: ast.expr) -> bool:
    """Whether evaluating this, or not, makes no difference."""
    return isinstance(node, (ast.Constant, ast.Name)) or isinstance(node, ast.Attribute) and _is_plain(node.value)


def _drop_all_unnamed(trees: list[ast.Module], kept: set[str]) -> None:
    while _drop_unnamed(trees, kept):
        pass


def _drop_unnamed(trees: list[ast.Module], kept: set[str]) -> bool:
    """Drop globals that nothing names, and imports of names that are not used; whether there were any."""
    walked = [(tree, list(walk(tree))) for tree in trees]
    named = {node.id for _, nodes in walked for node in nodes
             if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)} | kept
    dropped = False
    for tree, nodes in walked:
        here = {node.id for node in nodes if isinstance(node, ast.Name)}
        for outer, field, statements in _bodies(nodes):
            left = [node for node in statements if not _is_needless(node, named, here)]
            if len(left) != len(statements):
                dropped = True
                setattr(outer, field, left or ([ast.Pass()] if field == "body" and outer is not tree else []))
    return dropped


def _bodies(nodes: list[ast.AST]) -> Iterator[tuple[ast.AST, str, list[ast.stmt]]]:
    for outer in nodes:
        for field in ("body", "orelse", "finalbody"):
            statements = getattr(outer, field, None)
            if isinstance(statements, list) and statements:
                yield outer, field, statements


def _is_needless(node: ast.stmt, named: set[str], here: set[str]) -> bool:
    if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("@"):
        return node.names[0].name not in here
    if isinstance(node, (ast.Import, ast.ImportFrom)):
        return not _imported_by(node) & here
    name = defined_name(node)
    if name is None or name in named:
        return False
    return not isinstance(node, ast.Assign) or isinstance(node.value, (
        ast.Constant, ast.UnaryOp, ast.BinOp, ast.Dict, ast.Tuple, ast.List, ast.Set, ast.Attribute))
