"""A page as a list of its blocks, each with the mark above it that says what becomes of it in the tests.

A mark is a comment, which readers of the page do not see:

    <!-- run -->                      shell: run by sh as printed; Python: run on both interpreters
    <!-- run on CPython -->           Python that a board has no part in
    <!-- called: CODE -->             Python: run on both, and then this, in a coroutine that has a `client`
    <!-- run, status 1 -->            this is how it is to end
    <!-- serve -->                    shell whose last command goes on: until the next one, or the end of the page
    <!-- file app.py -->              the block is written to this file, for what follows
    <!-- shows -->                    what the block before has said; `…` stands for anything
    <!-- before: COMMAND -->          run first, for what a reader has and the tests have not; a mark of its own follows
    <!-- serving: COMMAND -->         the same for what goes on
    <!-- held by tests/x.py -->       another test runs it
    <!-- not run: REASON -->          a reason of REASONS
"""

import re
from dataclasses import dataclass, field

MARK = re.compile(r"<!-- (.+?) -->")
BEFORE = ("before: ", "serving: ")
KINDS = {"python": "python", "sh": "shell", "": "shell", "text": "shell"}
REASONS = ("a board", "the Internet", "this machine's trust", "a fragment", "another system", "not Python for us",
           "a screen", "takes minutes")


@dataclass
class Block:
    """One block: its kind ("shell", "python", or another language), its text, its line, its mark, what goes before."""

    kind: str
    text: str
    line: int
    mark: str = ""
    before: list = field(default_factory=list)


def read_page(path):
    """The blocks of a page in order."""
    lines = path.read_text().splitlines()
    blocks, at = [], 0
    while at < len(lines):
        if lines[at].startswith("```"):
            end = lines.index("```", at + 1)
            block = Block(KINDS.get(lines[at][3:], lines[at][3:]), "\n".join(lines[at + 1:end]) + "\n", at + 1)
            _mark(block, lines, at)
            blocks.append(block)
            at = end + 1
        elif lines[at].startswith("    ") and lines[at].strip() and _begins(lines, at):
            end = at
            while end < len(lines) and (lines[end].startswith("    ") or not lines[end].strip()):
                end += 1
            text = "\n".join(line[4:] for line in lines[at:end]).rstrip() + "\n"
            blocks.append(Block("shell", text, at + 1))
            _mark(blocks[-1], lines, at)
            at = end
        else:
            at += 1
    return blocks


def _begins(lines, at):
    """Whether a block begins here, and not the rest of a list's item."""
    above = next((line for line in reversed(lines[:at]) if line.strip()), "")
    return at == 0 or not lines[at - 1].strip() and not re.match(r" *([-*]|\d+\.) ", above) or bool(
        MARK.fullmatch(lines[at - 1].strip()))


def _mark(block, lines, at):
    """Marks stand right above a block, or above the empty line over it."""
    at -= 1
    if at >= 0 and not lines[at].strip():
        at -= 1
    marks = []
    while at >= 0 and (found := MARK.fullmatch(lines[at].strip())):
        marks.insert(0, found[1])
        at -= 1
    block.before = [mark for mark in marks if mark.startswith(BEFORE)]
    block.mark = next((mark for mark in marks if not mark.startswith(BEFORE)), "")
