"""The import rule, held by reading the source: a module imports only what stands before it in the table.

The table is docs/architecture.md's; change it when it is wrong, in the same commit as the page and the module.
"""

import ast
import re
import sys
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src"
RUNTIME = "microhttps"
HOST = "microhttps_host"

# From the bottom up, and within a line from left to right. `wire.*` is a package, whose modules know one subject.
RUNTIME_LINES = (
    ("explanations.*", "sentences", "errors", "clock", "limits", "tls_limits", "client_limits", "websocket_limits"),
    ("wire.*",),
    ("port.*", "engines.*"),
    ("setting_numbers", "settings", "roots", "sealing", "credentials.*", "trust", "identity"),
    ("connections.*",),
    ("messages.*",),
    ("routing.*",),
    ("groups", "auth", "auth_basic", "auth_bearer", "auth_digest", "cookie_sessions", "csrf", "cors",
     "everywhere", "sse", "websocket", "client_auth"),
    ("server.*", "client.*", "sockets", "reporting.*", "status"),
    ("explain", "__init__"),
)
# Packages of one line of which neither may know the other.
STRANGERS = {"port": "engines", "engines": "port", "server": "client", "client": "server"}
# The busy half of what was one module loads the rare half when that is wanted: a board that never wants it never pays.
RARE_HALVES = {
    ("messages.answer", "messages.response"), ("client.dial", "client.discovery"), ("client.dial", "client.reordering"),
    ("credentials.contexts", "client.root_finding"), ("engines.openssl.engine", "engines.openssl.choices"),
    ("engines.openssl.contexts", "engines.openssl.choices"), ("engines.openssl.contexts", "engines.openssl.suites"),
}  # fmt: skip
HOST_LINES = (
    ("interfaces", "explanations", "command_words", "certificates", "authority.*", "credential_files", "embedding",
     "lint.*", "root_store"),
    ("board.*", "system_trust.*", "phones.*", "probing.*", "profiles.*"),
    ("typed_url", "engine_choice", "application", "site_chain", "fetching", "watching", "serving", "workers.*",
     "push.*", "check.*", "drawing.*", "commands.*", "cli", "__main__"),
)
# Who alone may know what. Everything else of the runtime gets it from them.
NETWORK = {"socket", "ssl", "tls", "select", "selectors", "asyncio", "usocket", "ussl", "uselect", "uasyncio"}
CHOOSERS = {"port.__init__", "engines.__init__"}
# Loaded on CPython only, by the port and by the engines; they may use what MicroPython has not.
CPYTHON_ONLY = ("port.cpython.", "engines.openssl.", "engines.mbedtls.", "engines.bearssl.", "engines.finding",
                "engines.in_the_clear", "wire.heads_by_expression", "credentials.roots_directory")  # how they begin
MICROPYTHON_MODULES = {"tls", "micropython", "machine", "network", "deflate", "cryptolib", "vfs", "platform"}
# An engine that was named may need a library which is installed besides.
OF_ENGINES = {"engines.bearssl.": {"cffi"}, "engines.mbedtls.": {"mbedtls"}}
NAMED_ENGINES = tuple(OF_ENGINES)  # loaded by their names alone (see `finding`)
# Not there, or there and dear.
NOT_ON_A_BOARD = {
    "__future__", "abc", "collections.abc", "contextlib", "copy", "dataclasses", "datetime", "email", "enum",
    "functools", "http", "inspect", "ipaddress", "itertools", "logging", "pathlib", "re", "secrets", "string",
    "threading", "traceback", "types", "typing", "urllib", "warnings", "weakref",
}  # fmt: skip


def modules_of(package):
    """Every module of a package by its name within it: `server`, `port.cpython`, `__init__`."""
    folder = SOURCE / package
    for path in sorted(folder.rglob("*.py")):
        yield ".".join(path.relative_to(folder).with_suffix("").parts), path


def imports_of(package, name, path):
    """(line number, absolute module, is within a `try`) of everything a module imports, wherever in it it does."""
    tree = ast.parse(path.read_text(), str(path))
    parts = [part for outer in ast.walk(tree) if isinstance(outer, ast.Try) and may_lack(outer) for part in outer.body]
    tried = {id(inner) for part in parts for inner in ast.walk(part)}
    # The package that one dot means.
    here = [package, *name.split(".")[:-1]]
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name, id(node) in tried
        elif isinstance(node, ast.ImportFrom):
            base = here[: len(here) - node.level + 1] if node.level else []
            source = ".".join([*base, *([node.module] if node.module else [])])
            for alias in node.names:
                is_module = exists(source + "." + alias.name)
                yield node.lineno, source + "." + alias.name if is_module else source, id(node) in tried


def may_lack(node):
    """Whether this `try` is prepared for an import that fails."""
    types = [handler.type for handler in node.handlers if handler.type]
    caught = [name.id for kind in types for name in ast.walk(kind) if isinstance(name, ast.Name)]
    is_bare = any(handler.type is None for handler in node.handlers)
    return is_bare or not {"ImportError", "ModuleNotFoundError"}.isdisjoint(caught)


def exists(module):
    path = SOURCE.joinpath(*module.split("."))
    return path.with_suffix(".py").exists() or (path / "__init__.py").exists()


def place_of(lines, name):
    """The place of a module in the whole table, or None."""
    for place, known in enumerate(known for line in lines for known in line):
        if name == known or name.partition(".")[0] + ".*" == known:
            return place
    return None


def within(package, module):
    """The name a module of `package` has in the table, or None for a module of another package."""
    if module == package:
        return "__init__"
    if not module.startswith(package + "."):
        return None
    name = module[len(package) + 1 :]
    return name + ".__init__" if (SOURCE / package / name.replace(".", "/")).is_dir() else name


ALL = [(package, name, path) for package in (RUNTIME, HOST) for name, path in modules_of(package)]
RUNTIME_MODULES = [(name, path) for package, name, path in ALL if package == RUNTIME]
each_module = pytest.mark.parametrize(("package", "name", "path"), ALL, ids=[f"{p}.{n}" for p, n, _ in ALL])
each_runtime_module = pytest.mark.parametrize(("name", "path"), RUNTIME_MODULES, ids=[n for n, _ in RUNTIME_MODULES])


@each_module
def test_a_module_stands_in_the_table(package, name, path):
    if package == HOST and name == "__init__":
        return
    lines = RUNTIME_LINES if package == RUNTIME else HOST_LINES
    assert place_of(lines, name) is not None, f"{name} has no place: give it one here and in docs/architecture.md"


@each_module
def test_a_module_imports_only_what_stands_before_it(package, name, path):
    lines = RUNTIME_LINES if package == RUNTIME else HOST_LINES
    wrong = []
    for number, module, _ in imports_of(package, name, path):
        other = within(package, module)
        if other is None or name == "__init__" or (name, other) in RARE_HALVES or are_of_one_package(name, other):
            continue
        ours, theirs = place_of(lines, name), place_of(lines, other)
        if ours is None or theirs is None or theirs >= ours:
            wrong.append(f"{path}:{number} imports {other}")
    assert not wrong


def are_of_one_package(name, other):
    return "." in name and name.partition(".")[0] == other.partition(".")[0]


def test_within_a_package_no_module_imports_what_imports_it():
    """Wherever in a module the import stands: two that need each other are one subject, or three."""
    needs = {}
    for name, path in RUNTIME_MODULES:
        others = {within(RUNTIME, module) for _, module, _ in imports_of(RUNTIME, name, path)} - {None, name}
        others = {other for other in others if are_of_one_package(name, other) and (name, other) not in RARE_HALVES}
        # `port/__init__` is the choice between two of its modules, which take nothing from it.
        needs[name] = {other for other in others if not other.endswith(".__init__")}
    list(TopologicalSorter(needs).static_order())  # raises CycleError, which names them


@pytest.mark.parametrize(("busy", "rare"), sorted(RARE_HALVES))
def test_an_exception_is_still_one(busy, rare):
    """What the one no longer loads leaves the list."""
    path = dict(RUNTIME_MODULES)[busy]
    assert rare in [within(RUNTIME, module) for _, module, _ in imports_of(RUNTIME, busy, path)]


@each_runtime_module
def test_the_port_and_the_engines_and_server_and_client_do_not_know_each_other(name, path):
    strange = STRANGERS.get(name.partition(".")[0])
    names = [within(RUNTIME, module) or "" for _, module, _ in imports_of(RUNTIME, name, path)]
    assert not [other for other in names if strange and other.partition(".")[0] == strange]


@each_runtime_module
def test_the_runtime_never_imports_the_host_tools(name, path):
    assert not [found for found in imports_of(RUNTIME, name, path) if found[1].partition(".")[0] == HOST]


@each_runtime_module
def test_the_runtime_has_no_dependency(name, path):
    known = sys.stdlib_module_names | MICROPYTHON_MODULES | {RUNTIME}
    known = known.union(*(library for engine, library in OF_ENGINES.items() if name.startswith(engine)))
    assert not [found for found in imports_of(RUNTIME, name, path) if found[1].partition(".")[0] not in known]


@each_runtime_module
def test_an_engine_over_an_optional_library_is_loaded_by_its_name_alone(name, path):
    if not name.startswith(NAMED_ENGINES):
        loaded = [within(RUNTIME, module) or "" for _, module, _ in imports_of(RUNTIME, name, path)]
        assert not [other for other in loaded if other.startswith(NAMED_ENGINES)]


@each_runtime_module
def test_only_the_port_and_the_engines_know_the_network(name, path):
    if name.startswith(("port.", "engines.")):
        return
    assert not [found for found in imports_of(RUNTIME, name, path) if found[1].partition(".")[0] in NETWORK]


@each_runtime_module
def test_only_two_places_ask_which_interpreter_this_is(name, path):
    asking = [
        f"{path}:{node.lineno}"
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Attribute) and node.attr in ("implementation", "python_implementation")
    ]
    assert name in CHOOSERS or not asking


@each_runtime_module
def test_no_import_is_tried(name, path):
    """What there is, is known from the interpreter; an import that may fail hides a mistake in the module."""
    assert not [found for found in imports_of(RUNTIME, name, path) if found[2]]


@each_runtime_module
def test_a_module_for_both_interpreters_uses_what_both_have(name, path):
    if name.startswith(CPYTHON_ONLY):
        return
    tree = ast.parse(path.read_text())
    modules = [found for found in imports_of(RUNTIME, name, path) if found[1].partition(".")[0] in NOT_ON_A_BOARD]
    assert not modules, "not on a board"
    assert not [node.lineno for node in ast.walk(tree) if isinstance(node, ast.Match)], "MicroPython has no match"
    loud = [node.lineno for node in ast.walk(tree) if isinstance(node, ast.Raise) and node.cause]
    assert not loud, "`raise ... from` loses the cause on MicroPython"
    only = [node.lineno for node in ast.walk(tree) if isinstance(node, ast.arguments) and node.posonlyargs]
    assert not only, "MicroPython has no positional-only parameters"


@each_module
def test_a_module_says_first_what_it_is(package, name, path):
    assert ast.get_docstring(ast.parse(path.read_text())), f"{path} does not begin with its paragraph"


@each_module
def test_a_module_says_on_which_line_it_stands(package, name, path):
    if package == HOST and name == "__init__":
        return
    lines = RUNTIME_LINES if package == RUNTIME else HOST_LINES
    numbers = [int(number) for number in re.findall(r"\bLayer (\d+)", ast.get_docstring(ast.parse(path.read_text())))]
    above = len(RUNTIME_LINES) if package == HOST else 0
    assert numbers == [above + number for number, line in enumerate(lines, 1) if place_of([line], name) is not None]


@each_module
def test_a_module_is_short_enough_to_read_and_to_load(package, name, path):
    """One long module needs more heap to be loaded than a small board has."""
    assert len(path.read_text().splitlines()) <= 400


def test_the_page_on_architecture_shows_this_table():
    page = (ROOT / "docs" / "architecture.md").read_text()
    rows = [line for line in page.splitlines() if re.match(r"\| \d+ \|", line)]
    shown = [tuple(re.findall(r"`([a-z0-9_.*]+)`", row.split("|")[2])) for row in rows]
    assert shown == [*RUNTIME_LINES, *HOST_LINES]
