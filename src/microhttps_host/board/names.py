"""Gives the runtime's names anew, so that a board has to keep fewer: those it has in its firmware cost nothing.

MicroPython keeps every name of a global, an attribute and a parameter for ever (7 bytes, its length, and a doubling
table); names of locals it does not keep. So whatever no application can name (underscored, or of a class that is never
handed out) becomes a name that every firmware has. What is public, in a text, passed by keyword or defined by others
stays as it is written. Layer 12.
"""

import ast
import asyncio
import binascii
import builtins
import errno
import gc
import hashlib
import json
import keyword
import select
import socket
import ssl
import sys
import time
from collections.abc import Iterator

from .families import families_of, ids_of, walk_all
from .firmware import FREE, USUAL
from .merge import File
from .modules import Scopes, walk
from .parameters import Parameters

# Classes no instance of which an application is handed to use; all others are taken for public.
INTERNAL = {
    "BareHead", "CertificateFacts", "Channel", "ChunkedBody", "ClientChannel", "CloseBody", "Connection", "Counts",
    "Either", "Endpoint", "Frame", "FrameQueue", "FrameReader", "LengthBody", "Lingering", "Link", "LinkPool",
    "Listening", "PlainChannel", "Memory", "Multipart", "Parts", "Pool", "Reader", "RequestHead", "ResponseHead",
    "Routes", "Signal", "Sweeper", "Transport", "Watcher", "Wire",
}  # fmt: skip
# Attributes of public classes that are no part of what they offer.
HIDDEN = {"await_body", "date_line", "idle_deadline", "newcomers", "tell_no_memory"}
# What MicroPython's asyncio, sockets and streams call or are asked for, beside what CPython's have.
PROTOCOL = set("cur_task data remove queue_read queue_write push getpeercert verify_callback ioctl".split())


def rename(files: list[File], public: set[str]) -> dict[str, str]:
    """Rename in these files, and tell what was named how: {new name: old names}."""
    told: dict[str, list[str]] = {}
    known_outside = {node for file in files for node in _public_functions(file.tree, public)}
    attributes = _attributes(files)
    globals_ = _globals(files, public, _barred(files, attributes))
    for file in files:
        if file.name:
            _Rename(file.tree, attributes, globals_).visit(file.tree)
    for node in walk_all(files):
        if isinstance(node, ast.ClassDef):
            node.body = [part for part in node.body if not _is_slots(part)] or [ast.Pass()]
    parameters = Parameters(files, known_outside)
    for file in files:
        parameters.rename(file.tree)
    for old, new in [*attributes.items(), *globals_.items()]:
        if old != new:
            told.setdefault(new, []).append(old.replace("__of__", "."))
    return {new: " ".join(sorted(old)) for new, old in sorted(told.items())}


def _is_internal(name: str) -> bool:
    """Whether a class is never handed to an application."""
    last = name.rpartition("__of__")[2]
    return last in INTERNAL or last.startswith("_")


def _public_functions(tree: ast.Module, public: set[str]) -> Iterator[ast.AST]:
    """The functions whose parameters an application may name."""
    for node in tree.body:
        if isinstance(node, ast.ClassDef) and not _is_internal(node.name):
            yield from (part for part in node.body if isinstance(part, (ast.FunctionDef, ast.AsyncFunctionDef))
                        and (part.name == "__init__" or not part.name.startswith("_")))
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and node.name.rpartition("__of__")[2] in public:
            yield node


def _texts(files: list[File]) -> set[str]:
    """Every text that may be the name of something: a word alone, or in a text that is split where it stands."""
    found: set[str] = set()
    slots = {part for node in walk_all(files) if _is_slots(node) for part in walk(node)}
    for node in walk_all(files):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node not in slots:
            words = node.value.split()
            if len(words) == 1 or all(":" in word for word in words):
                found.update(part for word in words for part in word.split(":"))
        elif isinstance(node, ast.Attribute) and node.attr == "split" and isinstance(node.value, ast.Constant):
            found.update(str(node.value.value).split())
    return found


def _is_slots(node: ast.AST) -> bool:
    """Whether this tells the attributes of a class, which MicroPython does not ask for."""
    return isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name) and (
        node.targets[0].id == "__slots__")


def _names_of_others() -> set[str]:
    """Attributes that objects of the interpreter have, which we use and do not define."""
    modules = (asyncio, binascii, builtins, errno, gc, hashlib, json, select, socket, ssl, sys, time)
    found: set[str] = set()
    for module in modules:
        for name, value in vars(module).items():
            found.add(name)
            if isinstance(value, type):
                found.update(dir(value))
    # CPython's event loops have it, MicroPython's have not.
    return {name for name in found if not name.startswith("_")} - {"is_closed"} | PROTOCOL


def _short_names(taken: set[str], preferred: list[str]) -> Iterator[str]:
    """Names to give: first those that cost nothing, then the shortest."""
    letters = "abcdefghijklmnopqrstuvwxyz"
    made = [*preferred, *letters, *(one + two for one in letters for two in letters)]
    return (name for name in made if name not in taken and not keyword.iskeyword(name))


def _barred(files: list[File], attributes: dict[str, str]) -> dict[str, set[str]]:
    """{unique name: names that it may not have}: in the body of a class its own attributes come before globals."""
    barred: dict[str, set[str]] = {}
    for node in walk_all(files):
        if isinstance(node, ast.ClassDef):
            own = {attributes.get(name, name) for name in _attributes_of(node)}
            for name in ids_of(_in_body(node)):
                barred.setdefault(name, set()).update(own)
    return barred


def _in_body(node: ast.ClassDef) -> Iterator[ast.AST]:
    """What is looked up while the class is made: of its functions the decorators and the defaults."""
    for part in node.body:
        found: list[ast.AST] = [part]
        if isinstance(part, (ast.FunctionDef, ast.AsyncFunctionDef)):
            found = [*part.decorator_list, *part.args.defaults, *filter(None, part.args.kw_defaults)]
        for one in found:
            yield from ast.walk(one)


def _globals(files: list[File], public: set[str], barred: dict[str, set[str]]) -> dict[str, str]:
    """{unique name: name it is given}; two that never meet in one module may have the same."""
    places: dict[str, set[str]] = {}
    for file in files:
        for name in ids_of(walk(file.tree)):
            if "__of__" in name:
                places.setdefault(name, set()).add(file.name)
    plain = {name for name in ids_of(walk_all(files)) if "__of__" not in name}
    parts = {name.rpartition("__of__")[2] for name in places} & public
    taken = plain | parts | set(dir(builtins)) | set(keyword.kwlist)
    # First what is in many files: it is the hardest to place.
    given: dict[str, str] = {}
    used: dict[str, set[str]] = {}
    candidates = list(_short_names(taken, [*reversed(FREE), *USUAL]))
    for name in sorted(places, key=lambda name: (-len(places[name]), name)):
        last = name.rpartition("__of__")[2]
        if last in public:
            given[name] = last
            continue
        new = next(new for new in candidates
                   if not used.get(new, set()) & places[name] and new not in barred.get(name, set()))
        used.setdefault(new, set()).update(places[name])
        given[name] = new
    return given


def _attributes(files: list[File]) -> dict[str, str]:
    """{attribute: name it is given}, one for the whole package, because an attribute says nothing of its class.

    Two attributes may be given the same name when no class has both.
    """
    classes = [node for node in walk_all(files) if isinstance(node, ast.ClassDef)]
    owners: dict[str, set[str]] = {}  # attribute: families it occurs in
    others: set[str] = set()
    families = families_of(classes)
    for node in classes:
        for name in _attributes_of(node):
            owners.setdefault(name, set()).add(families[node.name])
            if not _is_internal(node.name) and not name.startswith("_") and name not in HIDDEN:
                others.add(name)
    outside = {node.attr for node in walk_all(files) if isinstance(node, ast.Attribute)
               and isinstance(node.ctx, ast.Store) and isinstance(node.value, ast.Name)} - set(owners)
    owners.update(dict.fromkeys(outside, {*families.values(), *outside}))
    fixed = others | _texts(files) | _names_of_others() | set(FREE)
    ours = [name for name in owners if name not in fixed and not name.startswith("__")]
    used = {node.attr for node in walk_all(files) if isinstance(node, ast.Attribute)}
    candidates = list(_short_names(used | set(owners) | others | _texts(files), [*FREE, *reversed(USUAL)]))
    given: dict[str, str] = {}
    taken: dict[str, set[str]] = {}
    for name in sorted(ours, key=lambda name: (-len(owners[name]), name)):
        given[name] = next(new for new in candidates if not taken.get(new, set()) & owners[name])
        taken.setdefault(given[name], set()).update(owners[name])
    return given


def _attributes_of(node: ast.ClassDef) -> set[str]:
    found: set[str] = set()
    for part in node.body:
        if isinstance(part, (ast.FunctionDef, ast.AsyncFunctionDef)):
            found.add(part.name)
            first = part.args.args[0].arg if part.args.args else ""
            for inner in walk(part):
                if (isinstance(inner, ast.Attribute) and isinstance(inner.ctx, ast.Store)
                        and isinstance(inner.value, ast.Name) and inner.value.id == first):
                    found.add(inner.attr)
        elif _is_slots(part):
            found.update(word.value for word in walk(part)
                         if isinstance(word, ast.Constant) and isinstance(word.value, str))
        elif isinstance(part, ast.Assign):
            found.update(name.id for target in part.targets for name in walk(target) if isinstance(name, ast.Name))
    return found


class _Rename(ast.NodeTransformer):
    def __init__(self, tree: ast.Module, attributes: dict[str, str], globals_: dict[str, str]) -> None:
        self._attributes = attributes
        self._globals = globals_
        self._scopes = Scopes(tree)
        self._foreign = {(alias.asname or alias.name).partition(".")[0] for node in walk(tree)
                         if isinstance(node, ast.Import) or isinstance(node, ast.ImportFrom) and not node.level
                         for alias in node.names}

    def visit_Name(self, node: ast.Name) -> ast.AST:
        if node in self._scopes.is_class_level:
            node.id = self._attributes.get(node.id, node.id)
        node.id = self._globals.get(node.id, node.id)
        return node

    def visit_alias(self, node: ast.alias) -> ast.AST:
        node.name = self._globals.get(node.name, node.name)
        return node

    def visit_Global(self, node: ast.Global) -> ast.AST:
        node.names = [self._globals.get(name, name) for name in node.names]
        return node

    def visit_Attribute(self, node: ast.Attribute) -> ast.AST:
        self.generic_visit(node)
        if not (isinstance(node.value, ast.Name) and node.value.id in self._foreign):
            node.attr = self._attributes.get(node.attr, node.attr)
        return node

    def _visit_definition(self, node: "ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef") -> ast.AST:
        if node in self._scopes.is_class_level:
            node.name = self._attributes.get(node.name, node.name)
        node.name = self._globals.get(node.name, node.name)
        return self.generic_visit(node)

    visit_FunctionDef = visit_AsyncFunctionDef = visit_ClassDef = _visit_definition
