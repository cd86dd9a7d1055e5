"""The reference tells of every call what it raises by itself, and of every coroutine what it waits for."""

import ast
import importlib
import inspect
import re
import textwrap

import pytest

from harness.interpreters import ROOT

NAMED = re.findall(r"^::: ([\w.]+)", "\n".join(page.read_text() for page in sorted((ROOT / "docs/api").glob("*.md"))),
                   re.M)


def found(path):
    """The module, class or function of this path."""
    try:
        return importlib.import_module(path)
    except ModuleNotFoundError:
        module, _, name = path.rpartition(".")
        return getattr(importlib.import_module(module), name)


def described(thing):
    """(what describes it, the function) of each public function of a module or class, or of a function alone."""
    if inspect.isfunction(thing):
        yield inspect.getdoc(thing), thing
    elif inspect.ismodule(thing):
        for name, value in vars(thing).items():
            if not name.startswith("_") and getattr(value, "__module__", None) == thing.__name__:
                yield from described(value)
    elif inspect.isclass(thing):
        for name, value in vars(thing).items():
            value = getattr(value, "fget", None) or getattr(value, "__func__", value)
            if inspect.isfunction(value) and name == "__init__":
                yield inspect.getdoc(thing), value
            elif inspect.isfunction(value) and not name.startswith("_"):
                yield inspect.getdoc(value), value


CALLS = [(text, call) for path in NAMED for text, call in described(found(path))]


def raised(call):
    """The classes of our errors that a function raises itself."""
    tree = ast.parse(textwrap.dedent(inspect.getsource(call)))
    names = {node.exc.func.id for node in ast.walk(tree) if isinstance(node, ast.Raise)
             and isinstance(node.exc, ast.Call) and isinstance(node.exc.func, ast.Name)}
    return {name for name in names if name.endswith("Error") or name in ("Unsupported", "OutOfMemory")}


def test_there_is_something_to_read():
    assert len(CALLS) > 150


@pytest.mark.parametrize("text, call", CALLS, ids=[call.__qualname__ for _, call in CALLS])
def test_a_call_tells_what_it_raises_and_whether_it_waits(text, call):
    assert [name for name in sorted(raised(call)) if name not in (text or "")] == []
    if inspect.iscoroutinefunction(call):
        assert re.search(r"\b(waits?|as|see)\b", text, re.IGNORECASE), text
