"""The stubs beside the modules: what they say is what runs, whole, and in every package.

That each signature is as it is, mypy's own `stubtest` says, which is a part of the house (`tests/test_house.py`).
"""

import ast
import importlib
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from harness.interpreters import ROOT
from microhttps.client_limits import CLIENT
from microhttps.limits import SERVER
from microhttps.tls_limits import SERVER_TLS
from microhttps.websocket_limits import WEBSOCKET

HERE = Path(__file__).parent
PACKAGE = ROOT / "src" / "microhttps"
STUBS = sorted(PACKAGE.rglob("*.pyi"))
TABLES = {"limits": SERVER, "tls_limits": SERVER_TLS, "client_limits": CLIENT, "websocket_limits": WEBSOCKET}
KINDS = {"str": str, "bool": bool, "int": int, "float": (int, float)}


def run(*command):
    return subprocess.run([sys.executable, "-m", *command], cwd=ROOT, capture_output=True, text=True, timeout=300)


@pytest.mark.parametrize("stub", STUBS, ids=[str(path.relative_to(PACKAGE)) for path in STUBS])
def test_an_attribute_that_a_stub_declares_is_set_somewhere(stub):
    """stubtest cannot see what an object has only once it is made."""
    source = ast.parse(stub.with_suffix(".py").read_text())
    set_there = {node.attr for node in ast.walk(source) if isinstance(node, ast.Attribute)
                 and isinstance(node.ctx, ast.Store)}
    named = {node.id for node in ast.walk(source) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    texts = {node.value for node in ast.walk(source) if isinstance(node, ast.Constant)}
    for kind in ast.parse(stub.read_text()).body:
        if isinstance(kind, ast.ClassDef) and not kind.name.startswith("_"):
            declared = {node.target.id for node in kind.body if isinstance(node, ast.AnnAssign)}
            inherited = {name for base in bases_of(stub, kind.name) for name in vars(base)}
            assert declared - set_there - named - texts - inherited == set(), kind.name


def bases_of(stub, name):
    parts = stub.relative_to(PACKAGE.parent).with_suffix("").parts
    return getattr(importlib.import_module(".".join(parts).removesuffix(".__init__")), name).__mro__


@pytest.mark.parametrize("table", TABLES)
def test_every_setting_has_its_type_and_its_default_is_of_it(table):
    tree = ast.parse((PACKAGE / f"{table}.pyi").read_text())
    typed = {node.target.id: ast.unparse(node.annotation) for node in ast.walk(tree)
             if isinstance(node, ast.AnnAssign) and node.target.id != node.target.id.upper()}
    assert set(typed) == set(TABLES[table])
    for name, annotation in typed.items():
        for default in TABLES[table][name]:
            kinds = [KINDS.get(part.strip()) for part in annotation.split("|")]
            fits = (default is None and annotation.endswith("None") or any(kind and isinstance(default, kind)
                    for kind in kinds) or repr(default).replace("'", '"') in annotation.replace("'", '"')
                    or "Sequence[str]" in annotation and isinstance(default, tuple))  # fmt: skip
            assert fits, (name, annotation, default)


def test_an_application_like_those_of_the_pages_is_right():
    done = run("mypy", "--strict", str(HERE / "right.py"))
    assert done.returncode == 0, done.stdout


def test_each_usual_mistake_is_told_where_it_is_made():
    done = run("mypy", "--strict", str(HERE / "wrong.py"))
    told = sorted(set(re.findall(r"wrong\.py:(\d+): error: .*\[([a-z-]+)\]", done.stdout)))
    lines = (HERE / "wrong.py").read_text().splitlines()
    marked = [(str(number), line.rpartition("  # ")[2]) for number, line in enumerate(lines, 1) if "  # " in line]
    assert told == sorted(marked), done.stdout


@pytest.mark.slow
def test_a_wheel_brings_stubs_and_says_that_it_is_typed(tmp_path):
    done = run("hatchling", "build", "-t", "wheel", "-d", str(tmp_path))
    assert done.returncode == 0, done.stdout + done.stderr
    with zipfile.ZipFile(next(tmp_path.glob("*.whl"))) as wheel:
        names = set(wheel.namelist())
    assert {"microhttps/py.typed", "microhttps_host/py.typed"} <= names
    assert {str(stub.relative_to(PACKAGE.parent)) for stub in STUBS} <= names
