"""Every row of the attack list that concerns parsing, in every feeding, by both parsers, on every interpreter.

The cases are data (`cases_*.py`), so that MicroPython judges the very same ones.
"""

import importlib
import json
import os
import subprocess
from pathlib import Path

import pytest

import microhttps.wire.heads_by_expression
import microhttps.wire.heads_by_split
from wire.verdicts import is_expected, judge

ROOT = Path(__file__).resolve().parents[2]
FILES = ("cases_requests", "cases_responses", "cases_bodies", "cases_texts", "cases_multipart", "cases_routes")
PARSERS = {"expression": microhttps.wire.heads_by_expression, "split": microhttps.wire.heads_by_split}
# Rows whose other half is the behaviour of a server or client, and the test file that holds it; None where what the
# row is about (WebSocket, ranges of files) is not built yet.
ELSEWHERE = {
    "P18": "tests/scenarios/methods.py",
    "P19": "tests/scenarios/expectations.py",
    "P20": "tests/hostile/test_messages.py",
    "P22": "tests/scenarios/failing_handlers.py",
    "P28": "tests/hostile/test_messages.py",
    "P29": "tests/hostile/test_messages.py",
    "P30": "tests/scenarios/websocket_refusals.py",
    "P31": None,
    "P32": "tests/scenarios/chunked_answers.py",
}
# Those on parsing, the one on uploads, what the features say of routes, and the RFC's own table of references.
ROWS = [*["P%d" % number for number in range(1, 33)], "T7", "A8", "RFC 3986 5.4"]

MODULES = {name: importlib.import_module("wire." + name) for name in FILES}
ALL = [(name, number) for name in FILES for number in range(len(MODULES[name].CASES))]


def title(value):
    if not isinstance(value, tuple):
        return str(value)
    case = MODULES[value[0]].CASES[value[1]]
    return "%s-%s" % (case[0], case[1])


@pytest.mark.parametrize("parser", PARSERS)
@pytest.mark.parametrize("place", ALL, ids=title)
def test_each_case_is_judged_as_expected_however_it_is_fed(place, parser):
    name, number = place
    module = MODULES[name]
    case = module.CASES[number]
    verdicts = judge(module.KIND, case, PARSERS[parser])
    assert is_expected(verdicts["whole"], case[-1]), verdicts["whole"]
    for feeding, verdict in verdicts.items():
        assert verdict == verdicts["whole"], feeding


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("fixture", ["micropython", "micropython32"])
def test_micropython_gives_the_same_verdicts_and_messages(name, fixture, request):
    module = MODULES[name]
    argv = request.getfixturevalue(fixture)
    environment = {**os.environ, "MICROPYPATH": ".frozen:%s:%s" % (ROOT / "src", ROOT / "tests")}
    command = [*argv, "-X", "heapsize=16M", str(ROOT / "tests" / "wire" / "run_cases.py"), name]
    done = subprocess.run(command, env=environment, capture_output=True, encoding="utf-8", timeout=110)
    assert done.returncode == 0, done.stdout[-1000:] + done.stderr
    answers = [json.loads(line) for line in done.stdout.strip().split("\n")]
    assert len(answers) == len(module.CASES)
    wrong = []
    for case, theirs in zip(module.CASES, answers):
        ours = json.loads(json.dumps(judge(module.KIND, case, microhttps.wire.heads_by_expression)))
        wrong += [
            (case[:2], feeding, theirs[feeding], ours[feeding]) for feeding in ours if theirs[feeding] != ours[feeding]
        ]
    assert not wrong


def test_every_row_of_the_attack_list_has_a_case():
    there = {case[0] for name in FILES for case in MODULES[name].CASES}
    assert [row for row in ROWS if row not in there] == []
    assert there <= set(ROWS)


def test_what_is_said_to_be_tested_elsewhere_can_be():
    assert [path for path in ELSEWHERE.values() if path and not (ROOT / path).exists()] == []


@pytest.mark.parametrize("name", FILES)
def test_no_two_cases_of_a_row_have_one_name(name):
    titles = [case[:2] for case in MODULES[name].CASES]
    assert len(titles) == len(set(titles))
