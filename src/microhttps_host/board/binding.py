"""Binds the runtime's names across its modules, before it is loaded: every global gets a name that is unique in it.

`system.now` becomes the name of the function in the module that defines it, what a module's `__getattr__` would load is
found by asking it here, and is imported just before it is used, as lazily as before. An import from within the package
is written `from @module import unique_name` until the modules have their places. Layer 12.
"""

import ast
import builtins
from typing import Any

from .modules import PACKAGE, BuildError, Module, Scopes, bound_in, walk


def unique_name(module: str, name: str) -> str:
    """The name of a global of ours while modules are taken apart and put together."""
    return f"{module.replace('.', '_')}__of__{name}" if module else name


def bind(modules: dict[str, Module]) -> None:
    """Make every global name unique, and every import one from the module that defines the name."""
    for module in modules.values():
        _split_assignments(module.tree)
        _note_globals(module)
    for module in modules.values():
        if module.name:
            _Binder(module, modules).run()


def _split_assignments(tree: ast.Module) -> None:
    """`A, B = 1, 2` and `A, B = range(2)` at module level as one assignment each."""
    body: list[ast.stmt] = []
    for node in tree.body:
        values: list[ast.expr] | None = None
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Tuple):
            names = node.targets[0].elts
            if isinstance(node.value, ast.Tuple):
                values = node.value.elts
            elif ast.unparse(node.value) == f"range({len(names)})":
                values = [ast.Constant(number) for number in range(len(names))]
            if values is not None:
                body += [ast.Assign([name], value, lineno=node.lineno) for name, value in zip(names, values)]
                continue
        body.append(node)
    tree.body = body


def _note_globals(module: Module) -> None:
    names = bound_in(module.tree.body)
    for node in walk(module.tree):
        if isinstance(node, ast.Global):
            names.update(node.names)
    scopes = Scopes(module.tree)
    for node in walk(module.tree):
        if isinstance(node, ast.Import):
            module.foreign.update((alias.asname or alias.name).partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = module.base_of(node)
            for alias in node.names:
                local = alias.asname or alias.name
                if base is None:
                    module.foreign.add(local)
                elif scopes.found[alias] is None:
                    module.imported[local] = (base, alias.name)
    module.defined = names - module.foreign - set(module.imported)


class _Binder(ast.NodeTransformer):
    """Binds the names of one module."""

    def __init__(self, module: Module, modules: dict[str, Module]) -> None:
        self._module = module
        self._modules = modules
        self._scopes = Scopes(module.tree)
        self._aliases: dict[tuple[ast.AST | None, str], str] = {}  # (scope, name): the module of ours it stands for
        self._renamed: dict[tuple[ast.AST | None, str], str] = {}
        self._before: list[ast.stmt] = []  # imports to be put before the present statement
        self._needs: dict[ast.AST | None, dict[str, str]] = {}  # scope: {unique name: module} taken through an alias
        self._markers: dict[ast.ImportFrom, ast.AST | None] = {}  # where that alias was imported, and for which scope

    def run(self) -> None:
        for name in self._module.defined:
            self._renamed[None, name] = unique_name(self._module.name, name)
        for node in walk(self._module.tree):
            if isinstance(node, ast.ImportFrom):
                self._look_at_import(node)
            elif isinstance(node, ast.Import) and node.names[0].name.partition(".")[0] == PACKAGE:
                raise self._trouble(node, "imports the package by its name")
        self._module.tree.body = self._body(self._module.tree.body)
        _Fill(self._needs, self._markers).visit(self._module.tree)

    def _trouble(self, node: ast.AST, what: str) -> BuildError:
        return BuildError(f"{self._module.name}, line {getattr(node, 'lineno', 0)}: {what}")

    def _look_at_import(self, node: ast.ImportFrom) -> None:
        base = self._module.base_of(node)
        if base is None:
            return
        for alias in node.names:
            place = self._scopes.found[alias], alias.asname or alias.name
            module, name = self._resolve(base, alias.name, node)
            if name is None:
                self._aliases[place] = module
            else:
                self._renamed[place] = unique_name(module, name)

    def _resolve(self, base: str, name: str, node: ast.AST) -> tuple[str, str | None]:
        """(module, name it defines), or (module, None) when the name is that of a module."""
        within = self._modules.get(base)
        if within is None:
            raise self._trouble(node, f"there is no module {base} for a board")
        if name in within.defined:
            return base, name
        if name in within.imported:
            return self._resolve(*within.imported[name], node)
        inner = f"{base}.{name}".lstrip(".")
        if inner in self._modules:
            return inner, None
        if "__getattr__" in within.defined:
            return self._resolve(*_ask(within, name, self._trouble(node, f"{base} has no {name}")), node)
        raise self._trouble(node, f"{base} has no {name}")

    def _body(self, body: list[ast.stmt]) -> list[ast.stmt]:
        done: list[ast.stmt] = []
        outer = self._before
        for statement in body:
            self._before = []
            new = self.visit(statement)
            done += self._before
            done += new if isinstance(new, list) else [new] if new is not None else []
        self._before = outer
        return done

    def generic_visit(self, node: ast.AST) -> ast.AST:
        for name, value in ast.iter_fields(node):
            if isinstance(value, list) and value and isinstance(value[0], ast.stmt):
                setattr(node, name, self._body(value))
            elif isinstance(value, list):
                value[:] = [self.visit(item) if isinstance(item, ast.AST) else item for item in value]
            elif isinstance(value, ast.AST):
                setattr(node, name, self.visit(value))
        return node

    def _scope_of(self, node: ast.AST) -> ast.AST | None:
        return self._scopes.found.get(node)

    def visit_ImportFrom(self, node: ast.ImportFrom) -> Any:
        base = self._module.base_of(node)
        if base is None:
            return node
        statements: list[ast.stmt] = []
        for alias in node.names:
            place = self._scope_of(alias), alias.asname or alias.name
            if place in self._aliases:
                self._needs.setdefault(place[0], {})
                marker = ast.ImportFrom("@", [ast.alias(place[1])], 0)
                statements.append(marker)
                self._markers[marker] = place[0]
            else:
                statements.append(_import(self._resolve(base, alias.name, node)[0], self._renamed[place]))
        return statements

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        value = node.value
        if isinstance(value, ast.Name):
            scope = self._scope_of(value)
            target = self._aliases.get((scope, value.id))
            if target is not None:
                try:
                    module, name = self._resolve(target, node.attr, node)
                except BuildError:
                    if node.attr not in self._module.elsewhere:
                        raise
                    return ast.Constant(None)  # the other interpreter has it: a board never comes here
                if name is None:
                    raise self._trouble(node, "a module of a module")
                unique = unique_name(module, name)
                if self._is_lazy(target, node.attr):
                    self._before.append(_import(module, unique))
                elif module != self._module.name:
                    self._needs.setdefault(scope, {})[unique] = module
                return ast.copy_location(ast.Name(unique, node.ctx), node)
        return self.generic_visit(node)

    def _is_lazy(self, target: str, name: str) -> bool:
        within = self._modules[target]
        return name not in within.defined and name not in within.imported

    def visit_Call(self, node: ast.Call) -> ast.AST:
        # A module that asks its own `__getattr__`.
        if (isinstance(node.func, ast.Name) and node.func.id == "__getattr__" and self._scope_of(node.func) is None
                and len(node.args) == 1 and isinstance(node.args[0], ast.Constant)):
            asked = str(node.args[0].value)
            missing = self._trouble(node, f"there is no {asked}")
            module, name = self._resolve(*_ask(self._module, asked, missing), node)
            if name is None:
                raise missing
            self._before.append(_import(module, unique_name(module, name)))
            return ast.copy_location(ast.Name(unique_name(module, name), ast.Load()), node)
        return self.generic_visit(node)

    def visit_Name(self, node: ast.Name) -> ast.AST:
        place = self._scope_of(node), node.id
        if place in self._aliases:
            raise self._trouble(node, f"the module {node.id} is used as a value")
        node.id = node.id if node in self._scopes.is_class_level else self._renamed.get(place, node.id)
        return node

    def visit_Global(self, node: ast.Global) -> ast.AST:
        node.names = [self._renamed.get((None, name), name) for name in node.names]
        return node

    def _visit_definition(self, node: Any) -> ast.AST:
        if node not in self._scopes.is_class_level:
            node.name = self._renamed.get((self._scope_of(node), node.name), node.name)
        return self.generic_visit(node)

    visit_FunctionDef = visit_AsyncFunctionDef = visit_ClassDef = _visit_definition


class _Fill(ast.NodeTransformer):
    """Puts, where a module of ours was imported as a whole, imports of what is used of it."""

    def __init__(self, needs: dict[ast.AST | None, dict[str, str]],
                 markers: dict[ast.ImportFrom, ast.AST | None]) -> None:
        self._needs = needs
        self._markers = markers

    def visit_ImportFrom(self, node: ast.ImportFrom) -> Any:
        if node.module != "@":
            return node
        needed = self._needs.pop(self._markers[node], {})
        return [_import(module, unique) for unique, module in needed.items()]


def _import(module: str, unique: str) -> ast.ImportFrom:
    return ast.ImportFrom("@" + module, [ast.alias(unique)], 0)


def _ask(module: Module, name: str, trouble: BuildError) -> tuple[str, str]:
    """What a module's own `__getattr__` would load for a name, found by running it with an import that only notes."""
    noted: list[str] = []

    def note(full_name: str, *_: Any) -> str:
        noted.append(full_name)
        return full_name

    known = {**vars(builtins), "__import__": note, "getattr": lambda found, _: found}
    space: dict[str, Any] = {"__builtins__": known}
    tree = ast.parse(module.text)
    tree.body = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name == "__getattr__"
                 or isinstance(node, ast.Assign) and _is_literal(node.value)]
    exec(compile(tree, module.name, "exec"), space)
    try:
        space["__getattr__"](name)
    except Exception:
        raise trouble from None
    if not noted or not noted[0].startswith(PACKAGE + "."):
        raise trouble
    return noted[0].partition(".")[2], name


def _is_literal(node: ast.expr) -> bool:
    try:
        ast.literal_eval(node)
    except ValueError:
        return False
    return True
