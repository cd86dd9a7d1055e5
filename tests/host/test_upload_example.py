"""The example examples/upload.py: the same file on both interpreters, asked by curl."""

import subprocess
from pathlib import Path

import pytest

from harness.programs import until

EXAMPLES = Path(__file__).resolve().parents[2] / "examples"
RUNNER = f"""
import sys
sys.path.insert(0, {str(EXAMPLES)!r})
import upload
upload.server.port = int(sys.argv[1])
upload.main()
"""


@pytest.fixture
def ask(interpreter, certificates, port, programs, tmp_path):
    """Asks the example on each interpreter: a path and more arguments for curl; gives what curl printed."""
    for name in ("crt", "key"):
        (tmp_path / f"device.{name}").write_bytes((certificates / f"good.{name}").read_bytes())
    runner = tmp_path / "runner.py"
    runner.write_text(RUNNER)
    programs.run(interpreter, runner, port)

    def curl(path, *arguments):
        command = ["curl", "-sS", "--cacert", certificates / "ca.crt", f"https://localhost:{port}{path}", *arguments]
        return subprocess.run([*map(str, command)], capture_output=True, text=True, timeout=30)

    until(lambda: curl("/").returncode == 0)
    return lambda *arguments: curl(*arguments).stdout


def test_a_file_is_sent_by_the_form_of_the_page_and_shown_on_it(ask, tmp_path):
    page = ask("/")
    assert 'enctype="multipart/form-data"' in page and 'action="/upload"' in page and "<li>" not in page
    sent = tmp_path / "<b>.bin"
    sent.write_bytes(b"\r\n" * 100_000)
    answer = ask("/upload", "--form", f"file=@{sent}", "--form", "note=größe")
    assert answer == "<b>.bin: 200000 bytes\nnote: größe\n"
    assert (tmp_path / "uploads" / "<b>.bin").read_bytes() == sent.read_bytes()
    assert "<li>&lt;b>.bin" in ask("/")
