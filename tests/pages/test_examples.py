"""Every Python example of the pages: applications start and answer on both interpreters, all else can be compiled.

An application is an example that makes a Server. It finds the certificates it names beside it, as its reader's does.
"""

import ast
import http.client
import re
import shutil
import socket
from pathlib import Path

import pytest

import microhttps
from harness.interpreters import ROOT
from harness.programs import until
from harness.wire import trusting

RUN = Path(__file__).with_name("run_application.py")
EXAMPLES = [(f"{page.name}-{number}", text)
            for page in [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
            for number, text in enumerate(re.findall(r"^```python\n(.*?)^```", page.read_text(), re.M | re.S), 1)]
# One without an identity is for `microhttps serve`: `test_commands` has it served.
APPLICATIONS = [(name, text) for name, text in EXAMPLES
                if "Server(" in text and "import" in text and ("Identity(" in text or '"insecure"' in text)]
LET_AWAIT = ast.PyCF_ALLOW_TOP_LEVEL_AWAIT


@pytest.mark.parametrize("text", [text for _, text in EXAMPLES], ids=[name for name, _ in EXAMPLES])
def test_an_example_can_be_compiled_and_imports_what_there_is(text):
    compile(text, "example", "exec", flags=LET_AWAIT)
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.ImportFrom) and node.module == "microhttps":
            assert [alias.name for alias in node.names if not hasattr(microhttps, alias.name)] == []


@pytest.mark.parametrize("text", [text for _, text in APPLICATIONS], ids=[name for name, _ in APPLICATIONS])
def test_an_application_of_a_page_starts_and_answers(text, interpreter, programs, certificates, port, tmp_path):
    for named in re.findall(r'Identity\("([^"]+)", "([^"]+)"', text):
        for file, kind in zip(named, ("crt", "key")):
            shutil.copy(certificates / f"good.{kind}", tmp_path / file)
    for file in re.findall(r'Trust\.load\("([^"]+)"', text):
        shutil.copy(certificates / "ca.crt", tmp_path / file)
    (tmp_path / "www").mkdir()
    (tmp_path / "www" / "index.html").write_text("<h1>page")
    file = tmp_path / "application.py"
    file.write_text(text)
    program = programs.run(interpreter, RUN, file, port)

    def listens():
        """The application listens."""
        if not program.is_running():
            program.fail("ended")
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", port)) == 0

    until(listens)
    if 'transport="insecure"' in text:
        connection = http.client.HTTPConnection("localhost", port, timeout=20)
    else:
        context = trusting(certificates)
        context.load_cert_chain(certificates / "client.crt", certificates / "client.key")  # for who asks for it
        connection = http.client.HTTPSConnection("localhost", port, timeout=20, context=context)
    connection.request("GET", first_path(text))
    answer = connection.getresponse()
    answer.close()
    connection.close()
    assert answer.status < 500


def first_path(text):
    """The path of the first route for GET, its parameters filled in."""
    path = re.search(r"\.(?:get|route)\(\"([^\"]+)\"", text)
    return re.sub(r"<[^>]*>|\*", "1", path.group(1)) if path else "/"
