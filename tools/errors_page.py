"""Writes docs/errors.md: every code of an error with its class, its facts and its sentences.

    python tools/errors_page.py          writes it (make docs)
    python tools/errors_page.py --check  fails when it is not what would be written

Which codes there are, of which class and with which facts, is read from the source; the sentences are those of
`microhttps.explain` and of the command line.
"""

import ast
import importlib
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))  # the tests import it as one of `tools`

from made_page import ROOT, write_or_check

SOURCE = ROOT / "src"
sys.path.insert(0, str(SOURCE))

from microhttps import errors  # noqa: E402
from microhttps.explain import entries_of  # noqa: E402
from microhttps_host.check.texts import TEXT as CHECK  # noqa: E402
from microhttps_host.explanations import TEXT  # noqa: E402

PAGE = ROOT / "docs" / "errors.md"
CLASSES = [name for name, value in vars(errors).items() if isinstance(value, type)]
# The class of an error that is given another code when more is known, where that is not TrustError.
TOLD_APART = {"rsa_signature_refused": "PeerError"}
NO_CODE = {"cause", "message", "status"}  # arguments of an error that are not facts
MACHINES = {"machine", "today", "said", "role"}  # put in by `explain`
SECTIONS = (
    ("You", "A setting, a file or a call is wrong.", ("UsageError", "Unsupported")),
    ("The peer", "The other side broke a rule of HTTP, WebSocket or TLS.", ("PeerError",)),
    ("Trust, and the clock", "A certificate is not to be believed, or ours is not.", ("TrustError", "ClockError")),
    ("The network", "The network or the system refused.", ("NetworkError", "DeadlineError")),
    ("Memory", "There is not enough of it; nothing was started.", ("OutOfMemory",)),
)
HEAD = """# Errors

Made by `make docs` from the source and from the sentences of `microhttps.explain`; a test compares them.

Every error is a `MicrohttpsError` with a stable `code` and `facts` (a dictionary), the same for the same fault on both
interpreters. `str(error)` is one sentence; three say what happened, the likely cause, and what to do next:

```python
from microhttps import MicrohttpsError, fetch
from microhttps.explain import explain

try:
    fetch("https://expired.example/")
except MicrohttpsError as error:
    for sentence in explain(error):
        print(sentence)
```

`explain(error, "server")` explains what a server's `on_session` or `on_event` was told. The command line prints the
same sentences. Nothing of the runtime loads them: a board that does not explain has none of them.

Below, a word *in italics* is the fact of that name; *said* is the one sentence.
"""


@dataclass
class Found:
    """What the source says of one code."""

    classes: set[str] = field(default_factory=set)
    facts: set[str] = field(default_factory=set)


def codes_in_source() -> dict[str, Found]:
    """Every code that the runtime or the command line can raise."""
    found: dict[str, Found] = {}
    for package in ("microhttps", "microhttps_host"):
        for path in sorted((SOURCE / package).rglob("*.py")):
            for code, kind, facts in _raised_in(ast.parse(path.read_text())):
                entry = found.setdefault(code, Found())
                entry.classes.add(kind)
                entry.facts |= facts
    return found


def explained() -> dict[str, list[tuple[list[str], list[str]]]]:
    """Every code that has sentences, with its entries."""
    rooms = [path.stem for path in (SOURCE / "microhttps" / "explanations").glob("[!_]*.py")]
    modules = [importlib.import_module("microhttps.explanations." + room) for room in sorted(rooms)]
    texts = [str(module.TEXT) for module in modules if hasattr(module, "TEXT")] + [TEXT, CHECK]
    names = [line.split()[0] for text in texts for line in re.findall(r"(?<=\n\n)\S.*", text)]
    found: dict[str, list[tuple[list[str], list[str]]]] = {}
    for code in sorted(set(names)):
        found[code] = [entry for text in texts for entry in entries_of(text, code)]
    return found


def _raised_in(tree: ast.Module) -> Iterator[tuple[str, str, set[str]]]:
    """(code, class, names of its facts) of the errors that a module makes."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef):
            yield from _raised_by_class(node)
        elif isinstance(node, ast.Call):
            yield from _raised_by_call(node, tree)
        elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Attribute):
            if node.targets[0].attr == "code" and isinstance(node.value, ast.Constant):
                code = str(node.value.value)
                yield code, TOLD_APART.get(code, "TrustError"), set()


def _raised_by_class(node: ast.ClassDef) -> Iterator[tuple[str, str, set[str]]]:
    """A class of its own for an error: what it gives to its base."""
    bases = [base.id for base in node.bases if isinstance(base, ast.Name) and base.id in CLASSES]
    for call in ast.walk(node) if bases else ():
        if isinstance(call, ast.Call) and ast.unparse(call.func) == "super().__init__" and call.args:
            if isinstance(call.args[0], ast.Constant):
                yield str(call.args[0].value), bases[0], _facts(call)


def _raised_by_call(node: ast.Call, tree: ast.Module) -> Iterator[tuple[str, str, set[str]]]:
    name = node.func.id if isinstance(node.func, ast.Name) else ""
    if name in CLASSES and node.args:
        for code in _codes_of(node.args[0], tree):
            yield code, name, _facts(node)
    elif name == "decode_utf8" and len(node.args) == 2 and isinstance(node.args[1], ast.Constant):
        yield str(node.args[1].value), "PeerError", set()


def _facts(node: ast.Call) -> set[str]:
    return {keyword.arg for keyword in node.keywords if keyword.arg} - NO_CODE


def _codes_of(node: ast.expr, tree: ast.Module) -> set[str]:
    """What an expression for a code may be: a constant, or chosen by a table, a variable, a function of the module."""
    found: list[ast.expr] = []
    if isinstance(node, ast.Constant):
        return {node.value} if isinstance(node.value, str) else set()
    if isinstance(node, ast.IfExp):
        found = [node.body, node.orelse]
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "get":
        found = [*_values_of(node.func.value, tree), *node.args[1:]]
    elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
        found = [part.value for each in _functions(tree) if each.name == node.func.id for part in ast.walk(each)
                 if isinstance(part, ast.Return) and part.value]
    elif isinstance(node, ast.Name):
        found = _given_to(node, tree)
    return {code for each in found for code in _codes_of(each, tree)}


def _functions(tree: ast.Module) -> list[ast.FunctionDef]:
    return [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]


def _values_of(table: ast.expr, tree: ast.Module) -> list[ast.expr]:
    """The values of the dictionaries that are assigned to this name."""
    return [value for node in ast.walk(tree) if isinstance(node, ast.Assign) and isinstance(node.value, ast.Dict)
            and ast.unparse(node.targets[0]) == ast.unparse(table) for value in node.value.values]


def _given_to(name: ast.Name, tree: ast.Module) -> list[ast.expr]:
    """What a variable of a function is: assigned, taken from pairs in a table, or given by callers in the module."""
    function = next(each for each in _functions(tree) if name in ast.walk(each))
    found: list[ast.expr] = []
    for node in ast.walk(function):
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == name.id:
            found.append(node.value)
        elif isinstance(node, ast.For) and isinstance(node.target, ast.Tuple):
            if ast.unparse(node.target.elts[-1]) == name.id:
                found += _last_of_pairs(node.iter, tree)
    arguments = [argument.arg for argument in function.args.args]
    if name.id in arguments:
        found += function.args.defaults
        found += [call.args[arguments.index(name.id)] for call in ast.walk(tree) if isinstance(call, ast.Call)
                  and ast.unparse(call.func) == function.name and len(call.args) > arguments.index(name.id)]
    return found


def _last_of_pairs(table: ast.expr, tree: ast.Module) -> list[ast.expr]:
    return [pair.elts[-1] for node in ast.walk(tree) if isinstance(node, ast.Assign)
            and isinstance(node.value, ast.Tuple) and ast.unparse(node.targets[0]) == ast.unparse(table)
            for pair in node.value.elts if isinstance(pair, ast.Tuple)]


def page() -> str:
    """The whole page as it should be."""
    found, texts = codes_in_source(), explained()
    parts = [HEAD]
    done: set[str] = set()
    for title, meaning, classes in SECTIONS:
        parts.append(f"## {title}\n\n{meaning}\n")
        for code in sorted(texts):
            if code in found and code not in done and found[code].classes & set(classes):
                done.add(code)
                parts.append(_shown(code, found[code], texts[code]))
    return "\n".join(parts)


def _shown(code: str, found: Found, entries: list[tuple[list[str], list[str]]]) -> str:
    named = {name for _, lines in entries for line in lines for name in re.findall(r"{(\w+)}", line)}
    facts = ", ".join(f"`{name}`" for name in sorted((found.facts | named) - MACHINES))
    classes = " or ".join(f"`{name}`" for name in sorted(found.classes))
    lines = [f"### `{code}`", "", classes + (f" with {facts}" if facts else ""), ""]
    for conditions, sentences in sorted(entries, key=lambda entry: len(entry[0])):
        if conditions:
            lines += [f"{' and '.join(_condition(each) for each in conditions).capitalize()}:", ""]
        lines += [f"{number}. {_template(sentence)}" for number, sentence in enumerate(sentences, 1)
                  if sentence != "-"] + [""]
    return "\n".join(lines)


def _condition(text: str) -> str:
    known = {"role=server": "as a server", "role=client": "as a client", "machine=board": "on a board",
             "machine=computer": "on a computer", "listed": "when the name is among them"}
    if text in known:
        return known[text]
    name, _, value = text.partition("=")
    return f"with the {name} `{value}`" if value else f"with a {name}"


def _template(sentence: str) -> str:
    shown = re.sub(r"\[([^\]|]*)(\|[^\]]*)?\]", r"\1", sentence)
    return re.sub(r"{(\w+)}", r"*\1*", shown).replace("<", "&lt;")


if __name__ == "__main__":
    sys.exit(write_or_check(PAGE, page(), "the source says", sys.argv[1:]))
