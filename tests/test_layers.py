"""The import rule, held by reading the source: a module imports only what stands before it in the table.

The table is docs/architecture.md's; change it when it is wrong, in the same commit as the page and the module.
"""

import ast
import re
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src"
RUNTIME = "microhttps"
HOST = "microhttps_host"

# From the bottom up, and within a line from left to right. `port.*` is a package whose modules belong together.
RUNTIME_LINES = (
    ("sentences", "errors", "clock", "limits", "tls_limits", "client_limits", "websocket_limits"),
    ("grammar", "buffer", "reasons", "utf8", "headers", "url", "fields", "parameters", "der", "x509",
     "http_dates", "media_types", "locations", "disposition", "cookies"),
    ("semantics", "targets", "http1", "diagnose", "response_heads", "heads_by_expression", "heads_by_split",
     "chunked", "close_body", "framing",
     "part_heads", "multipart", "websocket_frames", "websocket_key"),
    ("port.*", "engines.*"),
    ("settings", "credentials", "roots", "roots_directory", "pins", "trust", "identity", "choices", "lingering",
     "transport", "waiting", "handshaking"),
    ("pool", "peer", "session", "server_session", "secure_socket", "body", "no_body", "whole_bodies",
     "rare_part", "parts", "form_types", "forms", "rare_request", "request",
     "answer_heads", "answer", "pieces", "conditions", "ranges", "files", "response", "static_files", "patterns",
     "misses",
     "certificate_rules", "guards", "routes", "route_changes", "groups"),
    ("signing", "auth_parameters", "auth", "auth_basic", "auth_bearer", "auth_digest", "cookie_sessions", "csrf",
     "cors",
     "everywhere", "sse", "frame_queue", "websocket_wire", "websocket"),
    ("telling", "redirecting", "exchange", "websocket_server", "websocket_route", "endings", "connection",
     "asgi_channel", "asgi_websocket",
     "asgi",
     "calls", "refusing", "crowd", "starting", "taking_up", "renewal", "listening", "rare_methods", "server"),
    ("proxy", "dial", "discovery", "contexts", "start_tls", "stream", "link", "link_pool", "link_waiting",
     "websocket_client", "cookie_jar", "client_auth", "asked", "following", "content_coding", "streaming", "started",
     "client", "sockets"),
    ("__init__",),
)
# The busy half of what was one module loads the rare half when that is wanted: a board that never wants it never pays.
RARE_HALVES = {"answer": "response", "dial": "discovery", "trust": "contexts", "identity": "contexts"}
HOST_LINES = (
    ("interfaces", "next_steps", "identity_names", "vault", "key_kinds", "constraints", "record", "authority",
     "issuing", "revocation", "machine", "identities", "exporting", "examined",
     "lint_rules", "lint", "root_store"),
    ("board.*",),
    ("application", "site_chain", "fetching", "watching", "serving", "workers", "render", "render_roots",
     "roots_commands", "passphrases", "render_ca", "render_lint", "ca_commands", "ca_views", "commands", "cli",
     "__main__"),
)
# Who alone may know what. Everything else of the runtime gets it from them.
NETWORK = {"socket", "ssl", "tls", "select", "selectors", "asyncio", "usocket", "ussl", "uselect", "uasyncio"}
CHOOSERS = {"port.__init__", "engines.__init__"}
# Loaded on CPython only, by the port and by the engines; they may use what MicroPython has not.
CPYTHON_ONLY = {
    "port.cpython", "port.cpython_blocking", "port.cpython_handlers", "port.cpython_inflating",
    "port.cpython_listening", "port.cpython_pollers",
    "engines.openssl", "engines.openssl_choices", "heads_by_expression", "roots_directory",
}  # fmt: skip
MICROPYTHON_MODULES = {"tls", "micropython", "machine", "network", "deflate", "cryptolib", "vfs", "platform"}
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
        if other is None or name == "__init__" or RARE_HALVES.get(name) == other or are_of_one_package(name, other):
            continue
        ours, theirs = place_of(lines, name), place_of(lines, other)
        if ours is None or theirs is None or theirs >= ours:
            wrong.append(f"{path}:{number} imports {other}")
    assert not wrong


def are_of_one_package(name, other):
    return "." in name and name.partition(".")[0] == other.partition(".")[0]


@each_runtime_module
def test_the_port_and_the_engines_do_not_know_each_other(name, path):
    rooms = {"port": "engines", "engines": "port"}
    strange = rooms.get(name.partition(".")[0])
    names = [within(RUNTIME, module) or "" for _, module, _ in imports_of(RUNTIME, name, path)]
    assert not [other for other in names if strange and other.partition(".")[0] == strange]


@each_runtime_module
def test_the_runtime_never_imports_the_host_tools(name, path):
    assert not [found for found in imports_of(RUNTIME, name, path) if found[1].partition(".")[0] == HOST]


@each_runtime_module
def test_the_runtime_has_no_dependency(name, path):
    known = sys.stdlib_module_names | MICROPYTHON_MODULES | {RUNTIME}
    assert not [found for found in imports_of(RUNTIME, name, path) if found[1].partition(".")[0] not in known]


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
    if name in CPYTHON_ONLY:
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
