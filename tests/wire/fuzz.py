"""Mutated messages through every parser: they must agree in verdict and message. Standalone, and run by a test.

    python tests/wire/fuzz.py --count 100000 [--seed 1]

Three judge each input: the expression and the split on CPython, and the split in a real MicroPython (MICROPYTHON, or
the one that `make micropython` brought; without one it says so). Two in five inputs are request heads, two in five
response heads, one in five chunked bodies. Ends with 1 and prints the inputs on which two of them differ, or on which
a head fed by the byte gets another verdict than the whole.
"""

import argparse
import os
import random
import subprocess
import sys
import time
from pathlib import Path

# Run as a program, it finds its modules itself, and only then imports them.
ROOT = Path(__file__).resolve().parents[2]
if __name__ == "__main__":
    sys.path[:0] = [str(ROOT / "src"), str(ROOT / "tests")]

import microhttps.wire.heads_by_expression
import microhttps.wire.heads_by_split
from wire import cases_bodies, cases_requests, cases_responses
from wire.answer import answer, in_ascii
from wire.verdicts import NEED

# Inputs for one MicroPython: its start costs as much as a hundred of them.
BATCH = 20000
# An input is fed by the byte in one case of so many, since that costs as many verdicts as it has bytes.
BY_BYTES = 50
METHODS = ("GET", "HEAD", "CONNECT")
SHORT = 400
# What diagnose says of a head that was refused and in which it finds no fault: a mistake of ours.
NO_NAME = "a rule that has no name"
# What a mutation puts in: what grammars are about.
PIECES = (
    *[bytes((byte,)) for byte in b"\r\n\t :;,/?#%*@[]\\\"'()_-.0159azAZ\x00\x01\x0b\x0c\x1f\x7f\x80\x85\xa0\xff"],
    b"\r\n",
    b"\r\n\r\n",
    b"\r\n ",
    b"\n\n",
    b" HTTP/1.1",
    b"HTTP/1.0",
    b"HTTP/2.0",
    b"GET ",
    b"Host: a\r\n",
    b"Host: ",
    b"Content-Length: 5\r\n",
    b"Content-Length: ",
    b"Transfer-Encoding: chunked\r\n",
    b"Transfer-Encoding: ",
    b"chunked",
    b"Connection: close\r\n",
    b"Connection: upgrade\r\nUpgrade: websocket\r\n",
    b"Expect: 100-continue\r\n",
    b"0\r\n\r\n",
    b"http://a/",
    b"a" * 40,
    b"X: y\r\n" * 3,
)


def corpora():
    """kind: the inputs that mutations begin with, mostly valid ones; long ones would only slow it down."""
    kinds = {"request": cases_requests, "response": cases_responses, "body": cases_bodies}
    return {kind: list(corpus(module.CASES)) for kind, module in kinds.items()}


def corpus(cases):
    for case in cases:
        if len(case[2]) < SHORT:
            yield from [case[2]] * (8 if case[-1]["is"] == "taken" else 1)


def mutated(chance, data, others):
    """The input after one to four mutations."""
    for _ in range(chance.choice((1, 1, 1, 2, 2, 3, 4))):
        at = chance.randrange(len(data) + 1)
        end = min(len(data), at + chance.choice((0, 1, 1, 2, 4, 16)))
        kind = chance.randrange(8)
        if kind == 0:
            data = data[:at] + data[end:]
        elif kind == 1:
            data = data[:at] + bytes((chance.randrange(256),)) + data[at + 1 :]
        elif kind == 2:
            data = data[:at] + data[at:end] * 2 + data[end:]
        elif kind == 3:
            other = chance.choice(others)
            data = data[:at] + other[chance.randrange(len(other) + 1) :]
        elif kind == 4:
            data = data[:at]
        else:
            data = data[:at] + chance.choice(PIECES) + data[end if kind == 5 else at :]
    return data[:1500]


def inputs(count, seed):
    """Questions for `answer`: (kind, argument, data)."""
    chance = random.Random(seed)
    kinds = corpora()
    for _ in range(count):
        kind = chance.choice(("request", "request", "response", "response", "body"))
        data = mutated(chance, chance.choice(kinds[kind]), kinds[kind])
        yield kind, chance.choice(METHODS) if kind == "response" else str(chance.choice((5, 1000))), data


def differences(questions, program=None):
    """The questions on which two parsers differ: (question, name of the second parser, both answers)."""
    ours = [answer(microhttps.wire.heads_by_expression, *question) for question in questions]
    found = []
    for number, question in enumerate(questions):
        theirs = {"split": answer(microhttps.wire.heads_by_split, *question)}
        if number % BY_BYTES == 0 and len(question[2]) < SHORT:
            theirs["by the byte"] = by_the_byte(question)
        found += [(question, name, ours[number], other) for name, other in theirs.items() if other != ours[number]]
        if NO_NAME in ours[number]:
            found.append((question, "diagnose", ours[number], "a fault that it knows"))
    if program:
        for question, mine, other in zip(questions, ours, ask(program, questions)):
            if other != mine:
                found.append((question, "MicroPython", mine, other))
    return found


def by_the_byte(question):
    """The first answer but "need" when the bytes come one by one; of bodies it is a matter of the pieces."""
    kind, argument, data = question
    if kind == "body":
        return answer(microhttps.wire.heads_by_split, kind, argument, data, 1)
    heads = random.choice((microhttps.wire.heads_by_expression, microhttps.wire.heads_by_split))
    for end in range(len(data)):
        found = answer(heads, kind, argument, data[:end])
        if found != answer_of(NEED):
            return found
    return answer(heads, kind, argument, data)


def answer_of(verdict):
    return repr(sorted((name, in_ascii(value)) for name, value in verdict.items()))


def ask(program, questions):
    """What the split in a MicroPython answers, in order."""
    lines = "".join("%s %s %s\n" % (kind, argument, data.hex() or "-") for kind, argument, data in questions)
    environment = {**os.environ, "MICROPYPATH": ".frozen:%s:%s" % (ROOT / "src", ROOT / "tests")}
    command = [*program, "-X", "heapsize=4M", str(ROOT / "tests" / "wire" / "answer.py")]
    done = subprocess.run(command, env=environment, input=lines, capture_output=True, encoding="utf-8")
    answers = done.stdout.splitlines()
    if done.returncode or len(answers) != len(questions):
        raise SystemExit(
            "MicroPython gave %d answers to %d questions: %s" % (len(answers), len(questions), done.stderr)
        )
    return answers


def find_program():
    """The command of the MicroPython to ask, None without one."""
    if os.environ.get("MICROPYTHON") == "none":
        return None
    from harness import interpreters

    try:
        return interpreters.find("micropython").argv
    except interpreters.Missing as error:
        print("!!! %s" % error)
        return None


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--count", type=int, default=100000, help="how many inputs (%(default)s)")
    options.add_argument("--seed", type=int, default=None, help="of the chance; printed when not given")
    chosen = options.parse_args()
    seed = chosen.seed if chosen.seed is not None else random.SystemRandom().randrange(1 << 32)
    program = find_program()
    began = time.monotonic()
    questions = inputs(chosen.count, seed)
    done = 0
    wrong = []
    while done < chosen.count:
        batch = [question for _, question in zip(range(min(BATCH, chosen.count - done)), questions)]
        wrong += differences(batch, program)
        done += len(batch)
    for question, name, ours, theirs in wrong[:10]:
        print("%r\n  expression: %s\n  %s: %s" % (question, ours, name, theirs))
    who = "the expression, the split" + (" and MicroPython" if program else ", WITHOUT MicroPython")
    print(
        "%d inputs through %s in %.0f s, seed %d: %d differences"
        % (done, who, time.monotonic() - began, seed, len(wrong))
    )
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
