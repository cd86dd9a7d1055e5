"""Writes a page that is made, or with --check compares it with what would be written: what all such tools end with."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def write_or_check(page: Path, wanted: str, source: str, arguments: list[str]) -> int:
    """The exit status; `source` is what the page is made of, for the sentence."""
    where = page.relative_to(ROOT)
    if "--check" not in arguments:
        page.write_text(wanted)
        print(f"wrote {where}")
        return 0
    if page.exists() and page.read_text() == wanted:
        return 0
    print(f"{where} does not say what {source}; run: make docs")
    return 1
