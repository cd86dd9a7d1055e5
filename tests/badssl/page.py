"""Writes docs/range.md from the table of sites.

    PYTHONPATH=tests python -m badssl.page      (make docs)
"""

from badssl import sites
from badssl.engines import BY_ENGINE
from harness.interpreters import ROOT

PAGE = ROOT / "docs" / "range.md"
HEAD = """# What is refused

Made by `make docs` from `tests/badssl/sites.py`; the tests serve every one of these sites on loopback and ask it on
CPython, on MicroPython (64 and 32 bits) and on CPython by each other [engine](engines.md), with the root given and with
the root in a store of public ones, and with curl.

`here` is a page that was read over a verified connection; any other word is the code of the error. Where MicroPython
says something else than CPython, it stands behind a stroke; what an engine says otherwise stands in its column. Where
curl thinks otherwise, the remarks say so, and why.
"""
GROUPS = {"NAMES": "Names", "DATES": "Dates and lists", "CHAINS": "Chains", "CONSTRAINTS": "Name constraints",
          "KEYS": "Keys and signatures", "VERSIONS": "Versions and ciphers", "MANNERS": "Manners"}  # fmt: skip
TAIL = """
Mbed TLS alone would believe more than that. What it passes over (a name in the common name alone, an address that
stands as a DNS name, `*.test`, name constraints that are not critical, an intermediate that is not for servers) our
client looks at itself, after the handshake and before anything is sent. A context that `Trust.client_context()` makes
for other people's code has Mbed TLS's own judgement there.

A store of public roots keeps of each its name, its key and its end: constraints that stand in the root itself are not
among them.
"""


def text():
    """The whole page as it should be."""
    return HEAD + "".join(table(title, getattr(sites, name)) for name, title in GROUPS.items()) + TAIL


def table(title, group):
    rows = "".join(row(site) for site in group)
    head = "".join(f" `{engine}` |" for engine in BY_ENGINE)
    lines = "---|" * len(BY_ENGINE)
    return f"\n## {title}\n\n| site | verdict |{head} remarks |\n|---|---|{lines}---|\n{rows}"


def row(site):
    verdict = f"`{site.verdict}`" + (f" / `{site.board}`" if site.board else "")
    is_other = (site.verdict == sites.HERE) != (site.curl == sites.FINE)
    others = [data.VERDICTS.get(site.name) for data in BY_ENGINE.values()]
    column = "".join(f" `{other[0]}` |" if other else " |" for other in others)
    remarks = [*(["curl: here"] if is_other else []), *([site.why] if site.why else [])]
    remarks += [f"{engine}: {other[1]}" for engine, other in zip(BY_ENGINE, others) if other and other[1] != site.why]
    return f"| {site.what.replace('|', '')} | {verdict} |{column} {'; '.join(remarks)} |\n"


if __name__ == "__main__":
    PAGE.write_text(text())
