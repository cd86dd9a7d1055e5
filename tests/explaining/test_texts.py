"""The sentences themselves: every code has three, no sentence is for a code that is not, and none has a hole."""

import subprocess
import sys

import pytest

from harness.interpreters import ROOT, find_or_fail
from microhttps import errors
from microhttps.errors import MicrohttpsError
from microhttps.explain import MAX_CONDITIONS, ROOMS, SERVER, entries_of, explain
from microhttps.sentences import SENTENCES
from microhttps_host.check.texts import TEXT as CHECK
from microhttps_host.explanations import TEXT as HOST
from tools.errors_page import codes_in_source, explained

FOUND = codes_in_source()
TEXTS = explained()
SPEAKS_OF_NONE = ("bad_answer", "bad_same_site")


def class_of(code):
    """A class that has this code in the source."""
    return getattr(errors, min(FOUND[code].classes))


def test_every_code_that_can_be_raised_has_its_sentences():
    assert set(FOUND) - set(TEXTS) == set()


def test_no_sentence_is_for_a_code_that_nothing_raises():
    assert (set(TEXTS) | set(SENTENCES)) - set(FOUND) == set()


def test_every_text_of_the_package_is_one_that_explain_reads():
    texts = [room() for room in ROOMS]
    for code, entries in TEXTS.items():
        assert len(entries) == sum(len(entries_of(text, code)) for text in [*texts, HOST, CHECK]), code


@pytest.mark.parametrize("code", sorted(TEXTS))
def test_an_entry_is_three_lines_and_their_conditions_say_when(code):
    assert [len(lines) for _, lines in TEXTS[code]] == [3] * len(TEXTS[code])
    conditions = [conditions for conditions, _ in TEXTS[code]]
    assert max(map(len, conditions)) <= MAX_CONDITIONS
    assert [] in conditions, "what is said when nothing more is known?"


@pytest.mark.parametrize("role", ["client", "server"])
@pytest.mark.parametrize("code", sorted(TEXTS))
def test_an_error_without_facts_is_explained_without_holes(code, role):
    said = explain(class_of(code)(code, "what was found"), role, (HOST, CHECK))
    check(code, said)


@pytest.mark.parametrize("code", sorted(TEXTS))
def test_every_entry_is_said_when_its_conditions_hold_and_fills_in_its_facts(code):
    for conditions, _ in TEXTS[code]:
        facts = {name: f"the {name}" for name in FOUND[code].facts}
        facts.update((condition.partition("=")[0], condition.partition("=")[2] or "there") for condition in conditions)
        role = facts.pop("role", "client")
        facts.pop("machine", None)
        facts.pop("listed", None)
        if "names" in facts:
            facts["names"] = []
        for moment in ("not_after", "not_before", "clock"):
            if moment in facts:
                facts[moment] = 1_000_000_000
        check(code, explain(class_of(code)(code, "what was found", **facts), role, (HOST, CHECK)))


def check(code, said):
    for sentence in said:
        assert len(sentence) > 10, sentence
        assert not {"{", "}", "[", "|"}.intersection(sentence.replace("--json '[]'", "")), sentence
        assert "None" not in sentence or code in SPEAKS_OF_NONE, sentence
        assert "  " not in sentence.replace("   or   ", ""), sentence


def test_a_code_that_nobody_knows_is_three_empty_sentences():
    assert explain(MicrohttpsError("of_an_application")) == ("", "", "")


def test_what_a_peer_sent_is_put_in_and_never_read_as_a_form():
    error = errors.PeerError("bad_header", "value expected, got '{host} [x|y]'")
    assert "'{host} [x|y]'" in explain(error)[0]


NOBODY = "import sys, microhttps.server.server, microhttps.client.client, microhttps.client.stream\n" \
         "print([name for name in sys.modules if 'expl' in name])"


def test_nothing_of_the_runtime_loads_an_explanation():
    done = subprocess.run([sys.executable, "-c", NOBODY], env={"PYTHONPATH": str(ROOT / "src")}, capture_output=True,
                          text=True)
    assert done.stdout == "[]\n", done.stderr


@pytest.mark.parametrize("code", ["expired", "refused", "bad_status"])
def test_the_roles_have_names(code):
    assert explain(class_of(code)(code), SERVER)[0]


SAYING = """
import gc
from microhttps import errors
from microhttps.explain import explain
for line in open({path!r}):
    code, kind, role = line.split()
    print(code, role, *explain(getattr(errors, kind)(code, "what was found"), role))
"""


@pytest.mark.micropython
@pytest.mark.parametrize("board", ["micropython", "micropython32"])
def test_a_board_says_every_sentence_that_a_computer_says(board, programs, tmp_path, monkeypatch):
    asked = [(code, class_of(code).__name__, role) for code in sorted(TEXTS) for role in ("client", "server")
             if any(explain(class_of(code)(code), role))]
    (tmp_path / "asked").write_text("".join(" ".join(line) + "\n" for line in asked))
    started = programs.run(find_or_fail(board), "-c", SAYING.format(path=str(tmp_path / "asked")), name=board)
    lines = started.lines_until_end()
    assert started.wait() == 0
    assert len(lines) == len(asked)
    monkeypatch.setattr("microhttps.explain.MACHINES", ("board", "board"))
    for (code, kind, role), line in zip(asked, lines):
        expected = explain(getattr(errors, kind)(code, "what was found"), role)
        assert line == " ".join([code, role, *expected])
