"""The page on ASGI: its application, under its commands as they stand."""

import json
import re
import shutil
import urllib.request

import pytest

from harness.interpreters import ROOT, find
from harness.programs import until
from harness.wire import trusting

PAGE = (ROOT / "docs" / "asgi.md").read_text()
COMMANDS = re.findall(r"^    ((?:uvicorn|hypercorn|granian) .*)$", PAGE, re.M)


@pytest.mark.parametrize("command", COMMANDS, ids=[command.split()[0] for command in COMMANDS])
def test_the_application_of_the_page_answers_under_its_command(command, programs, certificates, port, tmp_path):
    (tmp_path / "hello.py").write_text(re.search(r"^```python\n(.*?)^```", PAGE, re.M | re.S).group(1))
    for kind in ("crt", "key"):
        shutil.copy(certificates / f"good.{kind}", tmp_path / f"device.{kind}")
    programs.run(find("cpython"), "-m", *command.replace("8443", str(port)).split(), cwd=tmp_path,
                 may_complain=True)  # uvicorn leaves a socket to the collector

    def answer():
        """It answers."""
        try:
            with urllib.request.urlopen(f"https://localhost:{port}/hello/you", context=trusting(certificates)) as found:
                return json.load(found)
        except OSError:
            return None

    assert until(answer) == {"hello": "you"}


def test_the_page_has_a_command_for_each_server():
    assert [command.split()[0] for command in COMMANDS] == ["uvicorn", "hypercorn", "granian"]
