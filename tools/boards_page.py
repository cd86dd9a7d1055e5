"""Writes docs/check-boards.md: what the TLS of each kind of board offers and checks, from the profiles.

    python tools/boards_page.py          writes it (make docs)
    python tools/boards_page.py --check  fails when it is not what would be written
"""

import sys
from collections.abc import Iterator, Sequence

from made_page import ROOT, write_or_check

sys.path.insert(0, str(ROOT / "src"))

from microhttps_host.probing.numbers import GROUPS, SCHEMES, name_in
from microhttps_host.probing.suites import SUITES, is_forward_secret
from microhttps_host.profiles.catalogue import PROFILES
from microhttps_host.profiles.profile import AUTHORITIES, FULL, NOTHING, Profile
from microhttps_host.profiles.sentences import TEXT

PAGE = ROOT / "docs" / "check-boards.md"
HEAD = """# Would a board connect?

<!-- not run: the Internet -->

    microhttps check example.org --board pico-w
    microhttps check example.org --board all                                      # a table
    microhttps check smtp://mail.example.org --board esp32                        # behind STARTTLS
    microhttps check lamp.local:8443 --cacert ca.crt --board esp-idf --json       # for programs

<!-- run -->

    microhttps check --board list

A server that a computer reaches may be out of a board's reach: another version of TLS, other cipher suites or curves, a
chain in the wrong order, a record longer than its buffer. `--board` sends the board's own hello to the server, in its
order and with nothing else, reads what comes back, and judges the certificates as that board would. It names the step,
says why in a sentence, and what to change on the server or on the board:

<!-- not run: a screen -->
```
pico-w  Raspberry Pi Pico W, MicroPython, Mbed TLS 3.6
would not connect  nothing agreed (handshake_failure); this machine: TLS 1.3, TLS_AES_256_GCM_SHA384, x25519
group        It exchanges keys in secp256r1, secp384r1, secp521r1; the server in x25519.  [group]
             server: Allow secp256r1 there as well (nginx: ssl_ecdh_curve X25519:prime256v1).
             board: Only other firmware has other groups.
```

It says as well what the handshake takes of memory, the longest record that was seen beside what the board holds, and
what it does *not* look at: one that believes anyone connects everywhere.

The status is 0 when the board would connect (with `all`: every one), 1 when not, and with `--strict` 3 for warnings.
`--json` has the facts of each reason. What is to be believed is what [`check`](check.md) believes: public roots, or
`--cacert`. On MicroPython our own client looks further than the board's TLS does: [what is refused](range.md).

Made by `make docs` from the profiles in `src/microhttps_host/profiles`; a test compares them.

"""
STEPS = """## The steps

| step | what goes wrong | codes |
|---|---|---|
"""
MEANING = {
    "network": "nobody gets a handshake there",
    "version": "no version of TLS in common",
    "suite": "no cipher suite in common, or none for the server's kind of key",
    "group": "no curve in common for the exchange of keys",
    "signature": "no signature of the handshake in common",
    "records": "a record or a message is longer than the board's buffer",
    "chain": "the certificates do not lead to what it believes, or it cannot read one",
    "name": "the certificate is for others",
    "dates": "the certificate has ended or has not begun, by the right clock",
    "memory": "the handshake takes more than there is",
    "certificate": "the server wants one of its clients",
}
TAIL = """
## How this is known

- Debian's MicroPython (`micropython-debian`) is what the tests run. On each of a hundred bad sites and on every server
  of the tests that takes one thing only, it connects where its profile says so, and fails with the cause that it names.
  With the suites of `pico-w` or `esp32` alone it confirms these, but for RSA keys, where it offers RSA-PSS besides.
- The tests build MicroPython from Debian's sources with the configuration of Mbed TLS that `pico-w` and `stm32` have
  (`tools/pico_micropython.py`), and that one, too, connects where the profile says so, and nowhere else.
- The hello of `esp32` was read from a MicroPython with that configuration of Mbed TLS, that of `esp8266` from one with
  axTLS, and `mongoose-builtin` was compiled; their verdicts on the hundred sites are those of these builds.
- The others are read from source and configuration, as the tables say; nobody has asked a board.

What is free of memory is what there is before a program begins. A handshake's figure is that of one certificate of
average length; `check` counts those that the server sends.
"""


def page() -> str:
    """The whole page as it should be."""
    return HEAD + STEPS + "".join(_steps()) + "\n" + "\n".join(_boards()) + TAIL


def _steps() -> Iterator[str]:
    for step, meaning in MEANING.items():
        codes = ", ".join(f"`{code}`" for code, words in TEXT.items() if words.step == step)
        yield f"| {step} | {meaning} | {codes} |\n"


def _boards() -> Iterator[str]:
    yield "## The boards\n"
    yield "| board | TLS | suites | verifies | dates | longest record | handshake, of free |"
    yield "|---|---|---|---|---|---|---|"
    for profile in PROFILES:
        memory, checks = profile.memory, profile.checks
        verifies = {AUTHORITIES: "chain and name", NOTHING: "**nothing**"}.get(checks.against, "a pin, or nothing")
        dates = "yes" if checks.against == AUTHORITIES and checks.has_dates else "**no**"
        free = f" of {memory.free // 1024} KB" if memory.free else " KB"
        record = "any" if profile.record >= FULL else f"{profile.record} bytes"
        yield (f"| [{profile.name}](#{profile.name}) | {profile.versions} | {len(profile.offer.suites)} | {verifies} "
               f"| {dates} | {record} | {memory.handshake // 1024}{free} |")  # fmt: skip
    for profile in PROFILES:
        yield "\n" + "\n".join(_board(profile))


def _board(profile: Profile) -> Iterator[str]:
    offer, checks, memory = profile.offer, profile.checks, profile.memory
    yield f"### {profile.name}\n\n{profile.what}. {profile.library}, TLS {profile.versions}.\n\n| | |\n|---|---|"
    secret = sum(map(is_forward_secret, offer.suites))
    yield f"| cipher suites | {_named(SUITES, offer.suites, 6)}; {secret} of {len(offer.suites)} with forward secrecy |"
    yield f"| groups | {_named(GROUPS, offer.groups) or 'none: keys are exchanged by RSA'} |"
    yield f"| signatures | {_named(SCHEMES, offer.schemes)} |"
    if profile.refused_schemes:
        yield f"| offered, but refused in TLS 1.2 | {_named(SCHEMES, profile.refused_schemes)} |"
    shortest = f"{checks.rsa_bits[0]} to " if checks.rsa_bits[0] else "up to "
    yield f"| keys | {', '.join(checks.keys)}; RSA of {shortest}{checks.rsa_bits[1]} bits |"
    if checks.against == AUTHORITIES:
        limit = f"{checks.most_between} between the server's and the root" if checks.most_between else (
            f"{checks.most_sent} sent")  # fmt: skip
        pss = "; RSA-PSS" if checks.reads_pss else ""
        yield f"| certificates | signed with {', '.join(checks.hashes)}{pss}; at most {limit} |"
    yield f"| records | up to {profile.record} bytes{_asked(profile)} |"
    free = f"; {memory.free // 1024} KB free" if memory.free else ""
    yield (f"| memory | about {memory.handshake // 1024} KB in a handshake, {memory.connection // 1024} KB afterwards"
           f"{free}; {memory.where} |")  # fmt: skip
    yield f"| believes | {profile.trust} |"
    yield f"| does not look at | {'; '.join(profile.unchecked)} |"
    yield f"| clock | {profile.clock} |"
    yield f"| known from | {'; '.join((*profile.sources, memory.source))} |"


def _asked(profile: Profile) -> str:
    wanted = profile.offer.max_fragment_length
    return f"; it asks for {wanted} (max_fragment_length)" if wanted else ""


def _named(table: dict[int, str], numbers: Sequence[int], most: int = 99) -> str:
    more = f" and {len(numbers) - most} more" if len(numbers) > most else ""
    return ", ".join(name_in(table, number) for number in numbers[:most]) + more


if __name__ == "__main__":
    sys.exit(write_or_check(PAGE, page(), "the profiles say", sys.argv[1:]))
