"""What x509 says of some DER, and of the same with every byte changed or cut. Runs on both interpreters.

As a program (on MicroPython) it reads lines `kind hexadecimal-data` and answers each with a JSON object.
"""

import sys

from microhttps.errors import UsageError
from microhttps.wire.x509 import certificate_facts, der_of, public_key_of

NAMES = ("common_name", "names", "addresses", "serial", "not_before", "not_after", "is_self_signed")


def facts_of(der):
    """All the facts, in what JSON can carry; or the message of the refusal."""
    try:
        facts = certificate_facts(der)
    except UsageError as error:
        assert error.code == "bad_certificate_file"
        return error.message
    found = {name: getattr(facts, name) for name in NAMES}
    for name in ("subject", "issuer", "spki", "public_key"):
        found[name] = getattr(facts, name).hex()
    return found


def key_of(der):
    try:
        key = public_key_of(der)
    except UsageError as error:
        assert error.code == "bad_certificate_file"
        return error.message
    return key and key.hex()


def mutations(der):
    """The DER with each byte changed in the ways that matter to a reader of lengths and tags, and cut at each."""
    for at in range(len(der)):
        for byte in {0x00, 0x01, 0x30, 0x7F, 0x80, 0x82, 0x84, 0xFF, der[at] ^ 0x01, der[at] ^ 0x20, der[at] ^ 0x80}:
            yield der[:at] + bytes((byte,)) + der[at + 1 :]
        yield der[:at]


def survey(der, read):
    """How many mutations were read and how many refused; anything but our own error ends it."""
    counts = [0, 0]
    for mutated in mutations(der):
        counts[isinstance(read(mutated), str) and read is facts_of] += 1
    return counts


def answer(kind, der):
    if kind == "facts":
        return facts_of(der)
    if kind == "key":
        return key_of(der)
    if kind == "survey":
        return survey(der, facts_of)
    if kind == "keys":
        return survey(der, key_of)
    return [found.hex() for found in der_of(der)]


def main():
    import json

    for line in sys.stdin:
        kind, data = line.split()
        print(json.dumps(answer(kind, bytes.fromhex(data))))


if __name__ == "__main__":
    main()
