"""Which modules of the runtime become one on a board, and the files that come of it.

A module object costs a small board some 300 bytes, with its names and its dictionary. What a server or a client always
loads is therefore one module for each stage of its life; what is loaded seldom, or forgotten after its work
(`system.drop`), stays a module of its own. Sub-packages are flattened, because a package is a module object, too; and
what is in them is given names of the firmware, because a board keeps the name of every module that another mentions,
loaded or not. `names.txt` tells which is which. Layer 12.
"""

import ast
from collections.abc import Iterable
from dataclasses import dataclass, field

from .firmware import FREE, USUAL
from .modules import Module, walk

SERVER = ["server.server", "identity", "engines.micropython.engine"]
LISTENING = ["server.listening", "wire.heads_by_split"]
# profile: stages, each the modules it begins with; the first one names the file. Later stages keep what earlier have.
STAGES: dict[str, list[list[str]]] = {
    "server": [SERVER, LISTENING],
    "client": [["client.client", "identity", "engines.micropython.client", "connections.handshaking",
                "wire.heads_by_split", "wire.response_heads", "port.micropython.dialling", "port.micropython.plain",
                "messages.no_body"]],
    "both": [SERVER, LISTENING, ["client.client", "engines.micropython.client"]],
}

# What a server loads later, but then together.
LATER = [["server.exchange"], ["messages.body"], ["messages.parts"]]


@dataclass
class File:
    """One module of the build: its name within the package, and its tree."""

    name: str
    tree: ast.Module
    modules: list[str] = field(default_factory=list)


def always_loaded(modules: dict[str, Module], profile: str) -> set[str]:
    """The modules that come with the first stages of this profile."""
    return {name for stage in STAGES[profile] for name in _in_order(modules, stage)} - _dropped(modules)


def lay_out(modules: dict[str, Module], profile: str | None) -> list[File]:
    """The files of the build, merged as the profile says (None: not at all); imports still by unique names."""
    dropped = _dropped(modules)
    names = file_names(modules)
    placed: dict[str, str] = {}  # module: file
    files: list[File] = []
    for stage in [*STAGES[profile], *LATER] if profile else []:
        closed = [name for name in _in_order(modules, stage) if name not in placed]
        # What is dropped after its work stays apart, unless it would import the very file that needs it.
        apart = {name for name in dropped & set(closed)
                 if not (set(_in_order(modules, [name])) - {name} - dropped) & set(closed)}
        members = [name for name in closed if name not in apart]
        if members:
            home = stage[0] if stage[0] in members else members[-1]
            files.append(File(names[home], ast.Module([], []), members))
            placed.update(dict.fromkeys(members, files[-1].name))
    for together in _dropped_together(modules) if profile == "server" else []:
        members = [name for name in _in_order(modules, together) if name in together and name not in placed]
        if len(members) > 1:
            files.append(File(names[together[0]], ast.Module([], []), members))
            placed.update(dict.fromkeys(members, files[-1].name))
    for name, module in modules.items():
        if name and name not in placed and module.tree.body:
            files.append(File(names[name], ast.Module([], []), [name]))
            placed[name] = files[-1].name
    for file in files:
        file.tree.body = _merged(file, modules, placed)
    files.append(File("", _entrance(modules, placed, placed[STAGES[profile][0][0]] if profile else None), [""]))
    merged = {name for file in files if len(file.modules) > 1 and file.modules[0] not in dropped
              for name in file.modules}
    for file in files:
        _Drops(placed, merged).visit(file.tree)
    return files


def _dropped(modules: dict[str, Module]) -> set[str]:
    """What the runtime forgets when it has done its work."""
    return {name for together in _dropped_together(modules) for name in together}


def _dropped_together(modules: dict[str, Module]) -> list[list[str]]:
    """The modules that each call forgets; a server's, which has done with them for good, may be one module."""
    return [[word.value for word in node.args if isinstance(word, ast.Constant) and isinstance(word.value, str)]
            for module in modules.values() for node in walk(module.tree)
            if isinstance(node, ast.Call) and _is_drop(node)]


def _is_drop(node: ast.Call) -> bool:
    name = node.func.id if isinstance(node.func, ast.Name) else ""
    return name.rpartition("__of__")[2] == "drop"


def _imports(tree: Iterable[ast.stmt]) -> list[str]:
    return [node.module[1:] for node in tree if isinstance(node, ast.ImportFrom) and (node.module or "")[:1] == "@"
            and node.module]


def _in_order(modules: dict[str, Module], roots: list[str]) -> list[str]:
    """These modules and all they import when they are loaded, each behind those it needs."""
    order: list[str] = []

    def add(name: str) -> None:
        if name in modules and name not in order:
            for needed in _imports(modules[name].tree.body):
                add(needed)
            order.append(name)

    for root in reversed(roots):
        add(root)
    return [name for name in order if modules[name].tree.body]


def file_names(modules: dict[str, Module]) -> dict[str, str]:
    """{module: the name of a file that begins with it}: its own where applications know it, else one of the firmware's.

    What applications know stands in the package itself; a server and a client are there under their names, too.
    """
    last = {name: name.rpartition(".")[2] for name in modules}
    known = {name for name in modules if "." not in name or name == f"{last[name]}.{last[name]}"}
    free = iter([*FREE, *USUAL])
    return {name: last[name] if name in known else next(free) for name in sorted(modules)}


def _merged(file: File, modules: dict[str, Module], placed: dict[str, str]) -> list[ast.stmt]:
    """The statements of a file, imports first and none of them twice or from itself."""
    body: list[ast.stmt] = []
    for name in file.modules:
        body += modules[name].tree.body
    tree = ast.Module(body, [])
    _Redirect(file.name, placed).visit(tree)
    imports: dict[str, ast.stmt] = {}
    rest = []
    for node in tree.body:
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            imports.setdefault(ast.unparse(node), node)
        else:
            rest.append(node)
    tree.body = [*imports.values(), *rest]
    for outer in walk(tree):
        for field_name in ("body", "orelse", "finalbody"):
            statements = getattr(outer, field_name, None)
            if isinstance(statements, list):
                setattr(outer, field_name, _joined(statements))
    return tree.body


def _joined(statements: list[ast.stmt]) -> list[ast.stmt]:
    """Neighbouring imports from one module as one, which is one look-up."""
    done: list[ast.stmt] = []
    first: dict[str, ast.ImportFrom] = {}
    for node in statements:
        if not isinstance(node, (ast.Import, ast.ImportFrom)):
            first = {}
        elif isinstance(node, ast.ImportFrom) and node.level:
            if node.module in first:
                known = first[node.module]
                known.names += [alias for alias in node.names if alias.name not in {each.name for each in known.names}]
                continue
            first[node.module or ""] = node
        done.append(node)
    return done


class _Redirect(ast.NodeTransformer):
    """Imports from the files where the modules are now; nothing from this one."""

    def __init__(self, here: str, placed: dict[str, str]) -> None:
        self._here = here
        self._placed = placed

    def visit_ImportFrom(self, node: ast.ImportFrom) -> ast.AST | None:
        if (node.module or "")[:1] != "@":
            return node
        file = self._placed[(node.module or "")[1:]]
        return None if file == self._here else ast.ImportFrom(file, node.names, 1)

    def generic_visit(self, node: ast.AST) -> ast.AST:
        super().generic_visit(node)
        if not isinstance(node, ast.Module) and getattr(node, "body", None) == []:
            node.body = [ast.Pass()]  # type: ignore[attr-defined]
        return node


class _Drops(ast.NodeTransformer):
    """The names of modules that are dropped."""

    def __init__(self, placed: dict[str, str], merged: set[str]) -> None:
        self._placed = placed
        self._merged = merged

    def visit_Call(self, node: ast.Call) -> ast.AST:
        if _is_drop(node):
            words = [self._moved(word) for word in node.args if not self._is_merged(word)]
            node.args = list({ast.unparse(word): word for word in words}.values())
        return self.generic_visit(node)

    def _is_merged(self, node: ast.expr) -> bool:
        return isinstance(node, ast.Constant) and node.value in self._merged

    def _moved(self, node: ast.expr) -> ast.expr:
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in self._placed:
            return ast.Constant(self._placed[node.value])
        return node


ENTRANCE = """
__version__ = {version!r}
def __getattr__(name):
    room = {rooms!r}.partition(" " + name + ":")[2].partition(" ")[0]
    if not room and name[:1].isupper():
        room = {usual!r}
    try:
        module = __import__("microhttps." + (room or name), None, None, (name,))
    except ImportError:
        if room:
            raise
        raise AttributeError("microhttps has no " + name)
    value = getattr(module, name) if room else module
    globals()[name] = value
    return value
"""


def _entrance(modules: dict[str, Module], placed: dict[str, str], usual: str | None) -> ast.Module:
    """The package itself: the same names from where they are now, in one text instead of a table."""
    rooms = {name: placed[module] for name, module in public_names(modules).items()}
    text = "".join(f" {name}:{room}" for name, room in rooms.items() if room != usual or not name[0].isupper())
    versions = [node.value.value for node in modules[""].tree.body if isinstance(node, ast.Assign)
                and ast.unparse(node.targets[0]) == "__version__" and isinstance(node.value, ast.Constant)]
    return ast.parse(ENTRANCE.format(version=versions[0], rooms=text + " ", usual=usual))


def public_names(modules: dict[str, Module]) -> dict[str, str]:
    """The names the package offers, each with the module that defines it."""
    words = {part for node in walk(modules[""].tree)
             if isinstance(node, ast.Constant) and isinstance(node.value, str)
             for word in node.value.split() for part in word.split(":")}
    return {name: module.name for module in modules.values() if module.name
            for name in sorted(module.defined & words) if not name.startswith("_")}


def shims(files: list[File], public: dict[str, str]) -> list[File]:
    """Files for modules that were merged and that applications name: `from microhttps.errors import PeerError` goes on.

    They stand in the package itself; what is within its packages, no application names.
    """
    made = []
    for file in files:
        for module in file.modules:
            names = [ast.alias(name) for name, home in public.items() if home == module]
            if names and "." not in module and module != file.name and len(file.modules) > 1:
                made.append(File(module, ast.Module([ast.ImportFrom(file.name, names, 1)], [])))
    return made
