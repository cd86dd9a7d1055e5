"""The tables of the guides: what stands in the column "here" is a call that there is, with these arguments.

Each piece of code there is put into one file, with names for what a reader has (`server`, `client`, `request`, …), and
mypy looks at it with the stubs. What is no Python (a command, a path) is passed over. The Python of all pages is looked
at in the same way, fragments too.
"""

import ast
import re
import subprocess
import sys

import pytest

from harness.interpreters import ROOT
from microhttps.client_limits import CLIENT
from microhttps.limits import SERVER
from microhttps.tls_limits import SERVER_TLS
from microhttps.websocket_limits import WEBSOCKET
from test_esp_idf_page import settings_named

from .reading import read_page

PAGES = [page for page in [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
         if "```python" in page.read_text()]
# What mypy says of a page that is no mistake: it does not explain every name, and shows one thing several ways.
NO_MISTAKE = ("[name-defined]", "[no-redef]", "[import-not-found]", "[import-untyped]", "[var-annotated]",
              'attribute "CallbackAPIVersion"  [attr-defined]')
GUIDES = ("arduino", "mongoose", "sming", "micropython", "microdot", "flask", "esp-idf", "security")
KNOWN = """\
from typing import Any
from microhttps import *
from microhttps import (Client, Identity, Request, Response, Server, Trust, connect, fetch, wrap_socket)
from microhttps.auth import AnyOf
from microhttps.auth_basic import BasicAuth
from microhttps.auth_bearer import BearerAuth
from microhttps.auth_digest import DigestAuth
from microhttps.client.client import Answer
from microhttps.client.stream import Stream
from microhttps.client_auth import Basic, Bearer, Digest
from microhttps.connections.secure_socket import SecureSocket
from microhttps.cookie_sessions import CookieSessions
from microhttps.cors import Cors
from microhttps.csrf import Csrf
from microhttps.everywhere import AddedHeaders
from microhttps.groups import Group
from microhttps.messages.forms import Form
from microhttps.messages.parts import Part
from microhttps.server.server_session import ServerSession
from microhttps.sse import Broadcast, EventStream
from microhttps.websocket import WebSocket

server: Server
client: Client
request: Request
answer: Answer
session: ServerSession
stream: Stream
secure: SecureSocket
socket: WebSocket
sessions: CookieSessions
group: Group
form: Form
part: Part
trust: Trust
identity: Identity
error: MicrohttpsError
url: str
path: str
host: str
name: str
password: str
secret: str
sha256: str
method: str
title: str
text: str
port: int
value: Any
body: Any
data: Any
function: Any
decorator: Any
on_event: Any
feed: Any
arguments: Any
prefix: str
folder: str
s: Any
sock: Any
status: int
headers: Any
cert: str
key: str
anything: Any
many: list[Any]
"""
IMPORTED = re.findall(r"\b([A-Z]\w+|connect|fetch|wrap_socket)\b", KNOWN)
ROOTS = {*re.findall(r"^(\w+):", KNOWN, re.M), *IMPORTED} - {"Any"}


def pieces(guide):
    """(line of the page, Python) of each piece of code in a column that is ours."""
    ours = None
    for number, line in enumerate((ROOT / "docs" / f"{guide}.md").read_text().splitlines(), 1):
        cells = [cell.strip() for cell in re.split(r"(?<!\\)\|", line)[1:-1]]
        if not cells:
            ours = None
        elif ours is None:
            ours = next((at for at, cell in enumerate(cells) if cell in ("here", "with")), -1)
        elif ours >= 0 and not set(line) <= set("|- "):
            yield from ((number, code) for code in map(as_python, re.findall(r"`([^`]+)`", cells[ours])) if code)


def as_python(code):
    """The piece as a statement, or None where it is no Python of ours."""
    code = re.sub(r"=…|=$", "=anything", code)
    code = code.replace("…}", "}").replace("{}", "anything").replace('"sha256//…"', '"sha256//"').replace('"…"', '""')
    code = re.sub(r"(?<=[(\s])…(?=,)", "anything", code)
    code = re.sub(r"(?<=[(\s])…", "*many", code)
    code = re.sub(r"=(?=[,)])", "=anything", code)
    if code.startswith("@") and "(" in code:
        code += "\ndef handler(request: Any) -> Any: ..."
    elif code.startswith(("async for", "async with")):
        code += ": ..."
    elif code.startswith("return "):
        code = code[7:]
    try:
        tree = ast.parse(code)
    except SyntaxError:
        return None
    names = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    is_call = any(isinstance(node, (ast.Call, ast.Attribute)) for node in ast.walk(tree))
    return code if names & ROOTS and is_call else None


@pytest.mark.parametrize("guide", GUIDES)
def test_every_setting_that_a_guide_names_is_one(guide):
    text = (ROOT / "docs" / f"{guide}.md").read_text()
    assert set(settings_named(text)) <= {*SERVER, *SERVER_TLS, *WEBSOCKET, *CLIENT}


def mistakes(codes, tmp_path, known=KNOWN):
    """What mypy says of these (where, Python), a name that the page does not explain passed over."""
    lines, places = known.splitlines(), {}
    for number, code in codes:
        lines.append(f"async def _{len(lines)}() -> None:")
        for part in code.splitlines():
            lines.append("    " + part)
            places[len(lines)] = number, part.strip()
    file = tmp_path / "table.py"
    file.write_text("\n".join(lines) + "\n")
    done = subprocess.run([sys.executable, "-m", "mypy", "--disable-error-code", "unused-coroutine",
                           "--allow-untyped-defs", "--allow-untyped-calls", "--allow-untyped-decorators",
                           "--allow-incomplete-defs", str(file)], cwd=ROOT, capture_output=True, text=True,
                          timeout=120)  # fmt: skip
    wrong = []
    for line, said in re.findall(r"table\.py:(\d+): error: (.*)", done.stdout):
        number, code = places.get(int(line), (0, "?"))
        if not said.endswith(NO_MISTAKE):
            wrong.append(f"{number}: {code}: {said}")
    return wrong


@pytest.mark.parametrize("guide", GUIDES)
def test_what_a_guide_says_is_here_is_here(guide, tmp_path):
    codes = list(pieces(guide))
    assert len(codes) > 3
    wrong = mistakes(codes, tmp_path)
    assert wrong == [], "\n".join(wrong)


@pytest.mark.parametrize("page", PAGES, ids=[page.stem for page in PAGES])
def test_the_python_of_a_page_calls_what_there_is(page, tmp_path):
    codes = [(block.line, block.text) for block in read_page(page)
             if block.kind == "python" and block.mark != "not run: a board"]
    wrong = mistakes(codes, tmp_path, KNOWN.replace("secure: SecureSocket\n", ""))
    assert wrong == [], "\n".join(wrong)
