"""What an application for a board uses: read from its source, which is not run, for it may want what only a board has.

Its own modules beside it, the names it takes from microhttps, and the files it names for its certificate and its trust.
What cannot be seen this way, because it is put together while it runs, is taken for everything. Layer 13.
"""

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from microhttps.errors import UsageError

from ..application import check_file

PACKAGE = "microhttps"
SERVERS = {"Server"}
CLIENTS = {"Client", "fetch", "connect"}
# A call of these without a trust believes the public roots.
BELIEVING = {*CLIENTS, "wrap_socket", "client_context"}
DYNAMIC = {"__import__", "exec", "eval", "getattr"}


@dataclass
class Usage:
    """What was found; `names` is None when everything of the package may be used."""

    path: Path
    modules: dict[str, Path] = field(default_factory=dict)  # where on the board: its own modules
    names: set[str] | None = field(default_factory=set)
    identity: tuple[str, ...] | None = None  # the names of certificate and key, or of the one file with both
    has_unread_identity: bool = False
    has_embedded_identity: bool = False  # bytes of a module beside it
    is_insecure: bool = False
    trusts: list[str] = field(default_factory=list)
    wants_public_roots: bool = False

    @property
    def profile(self) -> str:
        """What of the runtime is always loaded: server, client or both."""
        is_server, is_client = (self.names is None or bool(self.names & kind) for kind in (SERVERS, CLIENTS))
        return "both" if is_server and is_client else "server" if is_server else "client"

    @property
    def needs_identity(self) -> bool:
        """Whether it cannot start without a certificate of its own."""
        is_server = self.names is not None and bool(self.names & SERVERS)
        can_do_without = self.is_insecure or self.has_embedded_identity
        return self.identity is not None or self.has_unread_identity or is_server and not can_do_without


def read_application(path: Path) -> Usage:
    """What this file and its modules use; raises UsageError "no_such_application", "bad_application"."""
    check_file(path)
    usage = Usage(path)
    trees = list(_trees(path, usage))
    for tree in trees:
        _look(tree, usage)
    return usage


def _trees(path: Path, usage: Usage) -> Iterator[ast.Module]:
    """The application and, one by one, every module beside it that one of them imports."""
    waiting, seen = [path], {path}
    while waiting:
        source = waiting.pop()
        tree = _parse(source)
        yield tree
        for name in _imported(tree):
            for found in _beside(path.parent, name):
                usage.modules[found.relative_to(path.parent).as_posix()] = found
                if found not in seen:
                    seen.add(found)
                    waiting.append(found)
    usage.modules.pop(path.name, None)


def _parse(path: Path) -> ast.Module:
    try:
        return ast.parse(path.read_bytes(), str(path))
    except (SyntaxError, ValueError) as error:
        line = f":{error.lineno}" if isinstance(error, SyntaxError) and error.lineno else ""
        raise UsageError("bad_application", f"{path}{line}: {type(error).__name__}: {error}", cause=error) from None
    except OSError as error:
        raise UsageError("no_such_application", f"{path}: {(error.strerror or str(error)).lower()}") from None


def _imported(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _beside(folder: Path, name: str) -> Iterator[Path]:
    """The files that an import of this name loads, if they stand beside the application."""
    parts = name.split(".")
    if parts[0] == PACKAGE:
        return
    for count in range(1, len(parts) + 1):
        place = folder.joinpath(*parts[:count])
        for found in (place.with_suffix(".py"), place / "__init__.py"):
            if found.is_file():
                yield found


def _look(tree: ast.Module, usage: Usage) -> None:
    texts = _texts(tree)
    embedded = _embedded(tree, usage.path.parent)
    packages, ours = _look_at_imports(tree, usage)
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute):
            if isinstance(node.value, ast.Name) and node.value.id in packages and usage.names is not None:
                usage.names.add(node.attr)
            if node.attr == "public":
                usage.wants_public_roots = True
        elif isinstance(node, ast.Call):
            if not _is_of_embedded(node, embedded, ours):
                _look_at_call(node, texts, ours, usage)
            else:
                usage.has_embedded_identity = True


def _look_at_imports(tree: ast.Module, usage: Usage) -> tuple[set[str], dict[str, str]]:
    """Notes what it imports of the package; the names that the package, and what it offers, have here."""
    packages: set[str] = set()
    ours: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                first, _, rest = alias.name.partition(".")
                if first == PACKAGE:
                    packages.add(alias.asname or PACKAGE)
                    _note(rest.split("."), usage)
        elif isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] == PACKAGE:
            _note((node.module or "").split(".")[1:], usage)
            for alias in node.names:
                ours[alias.asname or alias.name] = alias.name
                _note([alias.name], usage)
    return packages, ours


def _embedded(tree: ast.Module, folder: Path) -> set[str]:
    """The names here of bytes that a module beside has, as the one that `microhttps embed` writes."""
    return {alias.asname or alias.name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module
            for path in _beside(folder, node.module) for alias in node.names
            if alias.name in _constants(_parse(path), bytes)}  # fmt: skip


def _is_of_embedded(node: ast.Call, embedded: set[str], ours: dict[str, str]) -> bool:
    """Whether it is Identity(CERTIFICATE, KEY) of such names."""
    is_identity = isinstance(node.func, ast.Name) and ours.get(node.func.id) == "Identity"
    return is_identity and bool(node.args) and all(
        isinstance(value, ast.Name) and value.id in embedded for value in node.args)  # fmt: skip


def _note(names: list[str], usage: Usage) -> None:
    if "*" in names:
        usage.names = None
    elif usage.names is not None:
        usage.names.update(name for name in names if name)


def _look_at_call(node: ast.Call, texts: dict[str, str], ours: dict[str, str], usage: Usage) -> None:
    called = node.func.attr if isinstance(node.func, ast.Attribute) else (
        ours.get(node.func.id, node.func.id) if isinstance(node.func, ast.Name) else "")  # fmt: skip
    given = {keyword.arg: keyword.value for keyword in node.keywords}
    literals = [_text(value, texts) for value in node.args]
    if called in DYNAMIC and called != "getattr" or called == "getattr" and _is_package(node.args):
        usage.names = None
    elif called == "Identity":
        _look_at_identity([*literals, *(_text(given[name], texts) for name in ("certificate", "key") if name in given)],
                          usage)
    elif called == "load" and literals and isinstance(node.func, ast.Attribute) and _ends_in(node.func.value, "Trust"):
        usage.trusts += [literals[0]] if literals[0] else []
    elif called in SERVERS and _text(given.get("transport"), texts) == "insecure":
        usage.is_insecure = True
    elif called in BELIEVING and (isinstance(node.func, ast.Attribute) or called in ours.values()):
        _look_at_believing(called, given, texts, usage)


def _look_at_believing(called: str, given: dict[str | None, ast.expr], texts: dict[str, str], usage: Usage) -> None:
    """What a call that may believe the public roots is given by name; a wrapped socket, as MicroPython names it."""
    is_wrapping = called == "wrap_socket"
    identity = [given[name] for name in ("cert", "certfile", "key", "keyfile") if is_wrapping and name in given]
    authorities = [given[name] for name in ("cadata", "ca_certs") if is_wrapping and name in given]
    if identity:
        _look_at_identity([_text(value, texts) for value in identity], usage)
    usage.trusts += [text for text in (_text(value, texts) for value in authorities) if text]
    if not authorities and "trust" not in given and not _is_true(given.get("server_side")):
        usage.wants_public_roots = True


def _is_true(node: ast.expr | None) -> bool:
    return isinstance(node, ast.Constant) and node.value is True


def _look_at_identity(literals: list[str | None], usage: Usage) -> None:
    names = tuple(text for text in literals if text)
    if not names or len(names) < len(literals):
        usage.has_unread_identity = True
    elif usage.identity is None:
        usage.identity = names[:2]


def _texts(tree: ast.Module) -> dict[str, str]:
    """The names that are one text at the top level: CERTIFICATE = "device.crt"."""
    return {name: value for name, value in _constants(tree, str).items() if isinstance(value, str)}


def _constants(tree: ast.Module, kind: type) -> dict[str, object]:
    """The names at the top level that are one constant of this kind."""
    return {node.targets[0].id: node.value.value for node in tree.body
            if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
            and isinstance(node.value, ast.Constant) and isinstance(node.value.value, kind)}  # fmt: skip


def _text(node: ast.expr | None, texts: dict[str, str]) -> str | None:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    return texts.get(node.id) if isinstance(node, ast.Name) else None


def _is_package(arguments: list[ast.expr]) -> bool:
    return bool(arguments) and _ends_in(arguments[0], PACKAGE)


def _ends_in(node: ast.expr, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name or isinstance(node, ast.Attribute) and node.attr == name
