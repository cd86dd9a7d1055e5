"""One question, one answer, both of them a line: how the fuzz asks a MicroPython, and CPython in the same words.

As a program (on MicroPython) it answers the lines `kind argument hexadecimal-data` of its input.
"""

import sys

from wire.verdicts import body_verdict, request_verdict, response_verdict


def answer(heads, kind, argument, data, size=7):
    """The verdict as text that compares equal."""
    if kind == "request":
        verdict = request_verdict(heads, data)
    elif kind == "response":
        verdict = response_verdict(heads, data, 0, argument)
    else:
        verdict = body_verdict(("chunked", int(argument)), data, size)
    # Not `repr` of the text in it, which differs between the interpreters.
    return repr(sorted((name, in_ascii(value)) for name, value in verdict.items()))


def in_ascii(value):
    if isinstance(value, list):
        return [in_ascii(part) for part in value]
    return value.encode() if isinstance(value, str) else value


def main():
    import microhttps.wire.heads_by_split as heads

    for line in sys.stdin:
        kind, argument, data = line.split()
        print(answer(heads, kind, argument, b"" if data == "-" else bytes.fromhex(data)))


if __name__ == "__main__":
    main()
