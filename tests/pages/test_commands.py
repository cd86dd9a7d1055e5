"""What a page says to do is done, exactly as it is printed; a block that nobody has marked fails (see `reading`)."""

import re

import pytest

from harness.interpreters import ROOT, find_or_fail

from .reader import Reader
from .reading import REASONS, read_page
from .test_examples import APPLICATIONS

NAMES = ("README", "docs/ten-minutes", "docs/esp-idf", "docs/arduino", "docs/mongoose", "docs/sming",
         "docs/micropython", "docs/microdot", "docs/flask", "docs/security", "docs/memory", "docs/certificates",
         "docs/running", "docs/keys", "docs/client", "docs/sockets", "docs/tls", "docs/roots", "docs/boards",
         "docs/check", "docs/asgi", "docs/check-boards", "docs/status", "docs/index",
         "docs/answers", "docs/authentication", "docs/events", "docs/requests", "docs/routes", "docs/websocket",
         "docs/sessions", "docs/phones", "docs/testing", "docs/engines", "examples/README")  # fmt: skip
PAGES = {name: read_page(ROOT / f"{name}.md") for name in NAMES if (ROOT / f"{name}.md").exists()}
DONE = [name for name in PAGES if any(block.mark.startswith(("run", "serve", "called")) for block in PAGES[name])]
ON_BOTH = [name for name in DONE
           if any(block.kind == "python" and re.match(r"run$|called", block.mark) for block in PAGES[name])]
STARTED = {text for _, text in APPLICATIONS}
MARKS = re.compile(r"run|called: .+|run on CPython|run, status \d|serve|shows|file [\w./-]+|held by (tests/[\w/.]+)|"
                   r"not run: (" + "|".join(map(re.escape, REASONS)) + ")")


@pytest.mark.parametrize("name", PAGES)
def test_every_block_says_what_becomes_of_it(name):
    """An application without a mark is started and asked by `test_examples`, on both interpreters."""
    for block in PAGES[name]:
        if block.kind == "python" and block.text in STARTED and not block.mark:
            continue
        mark = MARKS.fullmatch(block.mark)
        assert mark, f"{name}.md, line {block.line}: {block.mark or 'no mark'}\n{block.text}"
        assert mark[1] is None or name in (ROOT / mark[1]).read_text() or name.split("/")[-1] + ".md" in (
            ROOT / mark[1]).read_text(), f"{mark[1]} does not know {name}.md"


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.parametrize("name, interpreter", [(name, "cpython") for name in DONE] + [
    (name, "micropython") for name in ON_BOTH])
def test_the_commands_of_a_page_do_what_it_says(name, interpreter, programs, tmp_path):
    reader = Reader(tmp_path, programs, find_or_fail(interpreter))
    try:
        for block in PAGES[name]:
            reader.do(block)
    finally:
        reader.stop()
