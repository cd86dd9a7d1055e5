"""The runtime as syntax trees: reads its modules, takes out what a board never runs, and binds names across modules.

What is written for two interpreters and for readers is here made for one machine: the choosers of port and engines are
decided, and so is which engine somebody's settings name (`settings.engine.Channel`), because a board has one;
`system.now` becomes `now` of the module that defines it, and every global name becomes unique in the package,
so that modules can be merged and names be given anew. Knows the runtime's conventions, none of its modules by name.
Layer 12.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

PACKAGE = "microhttps"
# What no module imports and the package itself does not name, because it would cost every board: an application does,
# `from microhttps.sse import EventStream`.
NAMED = {
    "auth": ("AnyOf", "Scheme"), "auth_basic": ("BasicAuth",), "auth_bearer": ("BearerAuth",),
    "auth_digest": ("DigestAuth",), "cookie_sessions": ("CookieSessions",), "csrf": ("Csrf",), "cors": ("Cors",),
    "everywhere": ("AddedHeaders",), "groups": ("Group",), "sse": ("Broadcast", "Event", "EventStream", "encode_event"),
    "websocket": ("WebSocket", "broadcast"), "explain": ("explain",), "sealing": ("seal",), "status": ("Status",),
}
Functions = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
Comprehensions = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


class BuildError(Exception):
    """The runtime does what this tool does not understand: a sentence that names module and line."""


@dataclass
class Module:
    """One module: its name within the package ("" is the package itself) and its tree."""

    name: str
    tree: ast.Module
    is_package: bool
    # Globals it defines, and those it takes from modules of others: {plain name: (module, name or None)}.
    defined: set[str] = field(default_factory=set)
    foreign: set[str] = field(default_factory=set)
    imported: dict[str, tuple[str, str]] = field(default_factory=dict)
    # As it was read, for whom it must be asked what it would load.
    text: str = ""
    # What modules define that only the other interpreter loads.
    elsewhere: frozenset[str] = frozenset()

    def base_of(self, node: ast.ImportFrom) -> str | None:
        """The module within the package that an import means, None when it is another package's."""
        if not node.level:
            outer, _, rest = (node.module or "").partition(".")
            return rest if outer == PACKAGE else None
        parts = self.name.split(".") if self.name else []
        parts = parts[: len(parts) - node.level + (1 if self.is_package else 0)]
        return ".".join([*parts, *([node.module] if node.module else [])])


def read_modules(folder: Path) -> dict[str, Module]:
    """Every module of the package in this folder that a board can reach, by its name."""
    modules = {}
    for path in sorted(folder.rglob("*.py")):
        parts = list(path.relative_to(folder).with_suffix("").parts)
        is_package = parts[-1] == "__init__"
        name = ".".join(parts[:-1] if is_package else parts)
        modules[name] = Module(name, ast.parse(path.read_text(encoding="utf-8"), str(path)), is_package)
    for module in modules.values():
        module.tree = strip(module.tree)
    reached = _reached(modules)
    elsewhere = frozenset().union(*(bound_in(module.tree.body) for name, module in modules.items()
                                    if name not in reached))
    found = {name: module for name, module in modules.items() if name in reached}
    for module in found.values():
        module.text, module.elsewhere = ast.unparse(module.tree), elsewhere
    return found


def strip(tree: ast.Module) -> ast.Module:
    """Without docstrings, annotations, `__all__`, the other interpreter's side of a choice, a choice of engines."""
    stripping = _Strip()
    tree = stripping.visit(tree)
    if stripping.is_using_engine:
        tree.body.insert(0, ast.ImportFrom(f"{PACKAGE}.engines", [ast.alias("engine")], 0))
    used = {node.id for node in walk(tree) if isinstance(node, ast.Name)}
    tree.body = [node for node in tree.body
                 if not (isinstance(node, ast.Import) and node.names[0].name == "sys" and "sys" not in used)]
    return tree


class _Strip(ast.NodeTransformer):
    is_using_engine = False

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        if (isinstance(node.value, ast.Attribute) and node.value.attr == "engine"
                and ast.unparse(node.value).endswith("settings.engine")):
            self.is_using_engine = True
            return ast.Attribute(ast.Name("engine", ast.Load()), node.attr, node.ctx)
        return self.generic_visit(node)

    def visit_Expr(self, node: ast.Expr) -> ast.AST | None:
        return None if isinstance(node.value, ast.Constant) else self.generic_visit(node)

    def visit_Assign(self, node: ast.Assign) -> ast.AST | None:
        target = node.targets[0]
        is_gone = isinstance(target, ast.Name) and (
            target.id == "__all__" or target.id == "engine" and ast.unparse(node) == "engine = engine")
        return None if is_gone else self.generic_visit(node)

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST | None:
        if node.value is None:
            return None
        return self.visit(ast.Assign([node.target], node.value, lineno=node.lineno))  # type: ignore[no-any-return]

    def visit_arg(self, node: ast.arg) -> ast.AST:
        node.annotation = None
        return node

    def visit_If(self, node: ast.If) -> ast.AST | list[ast.stmt] | None:
        self.generic_visit(node)
        verdict = _is_true_on_a_board(node.test)
        if verdict is None:
            node.body = node.body or [ast.Pass()]
            return node
        return node.body if verdict else node.orelse

    def generic_visit(self, node: ast.AST) -> ast.AST:
        super().generic_visit(node)
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.For, ast.While, ast.With,
                             ast.Try, ast.ExceptHandler)):
            node.body = node.body or [ast.Pass()]
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            node.returns = None
        return node


def _is_true_on_a_board(test: ast.expr) -> bool | None:
    if isinstance(test, ast.Constant):
        return bool(test.value)
    text = ast.unparse(test)
    if text in ("sys.implementation.name == 'micropython'", "implementation.name == 'micropython'"):
        return True
    return False if text == "system.SIZE" else None  # the port's: whether this is a computer


def _reached(modules: dict[str, Module]) -> set[str]:
    """The modules that some import or some text names: what is only for the other interpreter is in neither."""
    reached: set[str] = set()
    waiting = ["", *NAMED]
    while waiting:
        name = waiting.pop()
        if name in reached or name not in modules:
            continue
        reached.add(name)
        if "." in name:
            waiting.append(name.rpartition(".")[0])
        for node in walk(modules[name].tree):
            if isinstance(node, ast.ImportFrom):
                base = modules[name].base_of(node)
                if base is not None:
                    waiting.append(base)
                    waiting += [f"{base}.{alias.name}".lstrip(".") for alias in node.names]
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                words = [word.rpartition(":")[2] for word in node.value.split() if _is_of_names(node.value)]
                waiting += [known for known in modules for word in words
                            if known and _text_names(word, known)]
    return reached


def _is_of_names(text: str) -> bool:
    """Whether a text is names one after the other, and no prose, which may have such words, too."""
    return all(word.replace(":", ".").replace(".", "").isidentifier() for word in text.split())


def _text_names(text: str, known: str) -> bool:
    """Whether this piece of a text may be used to load the module: its name, or the end of it."""
    place, _, last = known.rpartition(".")
    if place.endswith(".micropython"):  # where names are short words, which stand in other texts, too
        return text == known or text == last and len(text) > 3
    return text == known or text == last and "." not in place


class Scopes(ast.NodeVisitor):
    """What every name of a module means: fills `found` with (scope or None for the module's globals, in order)."""

    def __init__(self, tree: ast.Module) -> None:
        self.found: dict[ast.AST, ast.AST | None] = {}
        self.is_class_level: set[ast.AST] = set()
        self._stack: list[tuple[ast.AST, set[str]]] = []
        self.visit(tree)

    def visit_Module(self, node: ast.Module) -> None:
        for child in node.body:
            self.visit(child)

    def _where(self, name: str, node: ast.AST) -> None:
        for depth, (scope, bound) in enumerate(reversed(self._stack)):
            if name in bound:
                if not isinstance(scope, ast.ClassDef):
                    self.found[node] = scope
                    return
                if depth == 0:
                    self.found[node] = scope
                    self.is_class_level.add(node)
                    return
        self.found[node] = None

    def visit_Name(self, node: ast.Name) -> None:
        self._where(node.id, node)

    def visit_arg(self, node: ast.arg) -> None:
        self._where(node.arg, node)

    def visit_alias(self, node: ast.alias) -> None:
        self._where((node.asname or node.name).partition(".")[0], node)

    def visit_ExceptHandler(self, node: ast.ExceptHandler) -> None:
        if node.name:
            self._where(node.name, node)
        self.generic_visit(node)

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        self._where(node.name, node)
        for child in [*node.bases, *node.decorator_list]:
            self.visit(child)
        self._inside(node, bound_in(node.body), node.body)

    def visit_FunctionDef(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        self._where(node.name, node)
        for child in node.decorator_list:
            self.visit(child)
        self._function(node, node.body)

    visit_AsyncFunctionDef = visit_FunctionDef

    def visit_Lambda(self, node: ast.Lambda) -> None:
        self._function(node, [node.body])

    def _function(self, node: "ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda", body: list[ast.stmt] | list[
            ast.expr]) -> None:
        for default in [*node.args.defaults, *(value for value in node.args.kw_defaults if value)]:
            self.visit(default)
        names = {argument.arg for argument in arguments_of(node)}
        self._inside(node, names | bound_in(body), [*arguments_of(node), *body])

    def _inside(self, scope: ast.AST, bound: set[str], children: "list[ast.AST] | list[ast.stmt]") -> None:
        self._stack.append((scope, bound))
        for child in children:
            self.visit(child)
        self._stack.pop()

    def _comprehension(self, node: ast.AST) -> None:
        bound = {name.id for name in walk(node) if isinstance(name, ast.Name) and isinstance(name.ctx, ast.Store)}
        self._stack.append((node, bound))
        self.generic_visit(node)
        self._stack.pop()

    visit_ListComp = visit_SetComp = visit_DictComp = visit_GeneratorExp = _comprehension


def walk(tree: ast.AST) -> Iterator[ast.AST]:
    """This node and all below it, in no order; not whether a name is loaded or stored, which the name knows itself.

    Half as long as `ast.walk`, and a build walks over the whole runtime some thirty times.
    """
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        yield node
        for name in node._fields:
            value = getattr(node, name, None)
            if isinstance(value, list):
                waiting += [each for each in value if isinstance(each, ast.AST)]
            elif isinstance(value, ast.AST) and name != "ctx":
                waiting.append(value)


def arguments_of(node: "ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda") -> list[ast.arg]:
    """Every parameter of a function."""
    arguments = [*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs]
    return arguments + [extra for extra in (node.args.vararg, node.args.kwarg) if extra]


def bound_in(body: "list[ast.stmt] | list[ast.expr]") -> set[str]:
    """The names that these statements bind in their own scope."""
    bound: set[str] = set()
    unbound: set[str] = set()
    for node in _own_nodes(body):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            bound.add(node.name)
        elif isinstance(node, ast.Name) and isinstance(node.ctx, (ast.Store, ast.Del)):
            bound.add(node.id)
        elif isinstance(node, ast.ExceptHandler) and node.name:
            bound.add(node.name)
        elif isinstance(node, ast.alias):
            bound.add((node.asname or node.name).partition(".")[0])
        elif isinstance(node, (ast.Global, ast.Nonlocal)):
            unbound.update(node.names)
    return bound - unbound


def _own_nodes(body: "list[ast.stmt] | list[ast.expr]") -> Iterator[ast.AST]:
    waiting: list[ast.AST] = list(body)
    while waiting:
        node = waiting.pop()
        yield node
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            waiting += node.decorator_list
        elif not isinstance(node, (ast.Lambda, *Comprehensions)):
            waiting += ast.iter_child_nodes(node)
