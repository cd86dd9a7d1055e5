"""The figures that the README tells are those of the last saved run, docs/benchmarks.json, and so is the picture."""

import json
import re

import pytest

from benchmarks import plot
from harness.interpreters import ROOT

SAVED = json.loads((ROOT / "docs/benchmarks.json").read_text())
PICTURE = ROOT / "docs/benchmarks.svg"
README = " ".join((ROOT / "README.md").read_text().split())
SERVERS = {row["name"]: row for row in SAVED["cpython"]}
BOARDS = {(row["board"], row["name"]): row for row in SAVED["micropython"]}
CLIENTS = {row["name"]: row for row in SAVED["clients"]["cpython"]}
ROOTS, HEAP = SAVED["clients"]["roots"], SAVED["memory"]
BOARD = next(row for row in SAVED["clients"]["micropython"] if (row["board"], row["name"]) == ("32-bit", "microhttps"))
KB, MB = 1024, 1024 * 1024
LETTER = 7.7  # pixels on average, of the widest letters there: a title, in bold, in DejaVu Sans


def of_server(name):
    row = SERVERS[name]
    return [row["keep_alive_full"], row["new_connections_full"], row["idle_bytes"] / KB]


def of_client(name):
    row = CLIENTS[name]
    return [row["first_busy"] * 1000, row["first_memory"] / MB, row["keep_alive_full"]]


def of_both(name):
    return [BOARDS[board, server][name] for server in ("microhttps", "microdot") for board in ("64-bit", "32-bit")]


OURS, TASKS = SERVERS["microhttps (def)"], SERVERS["microhttps (async def)"]
# What stands before the figures in the README: the figures, in their order.
TOLD = {
    r"\| nginx [\d.]+ \|": of_server("nginx"),
    r"\| \*\*microhttps\*\* \(`def` / `async def`\) \|": [OURS["keep_alive_full"], TASKS["keep_alive_full"],
                                                          OURS["new_connections_full"], OURS["idle_bytes"] / KB],
    r"\| granian [\d.]+ \|": of_server("granian"),
    r"\| uvicorn with uvloop \|": of_server("uvicorn + uvloop"),
    r"\| aiohttp with uvloop \|": of_server("aiohttp + uvloop"),
    r"\| hypercorn with uvloop \|": of_server("hypercorn + uvloop"),
    r"heads are alike it answers": [OURS["varied_full"], TASKS["varied_full"], SERVERS["granian"]["varied_full"]],
    r"by the clock nginx made": [SERVERS["nginx"]["new_connections"]],
    r"load generator held granian at": [SERVERS["granian"]["new_connections"]],
    r"\| keep-alive requests/s, 64-bit / 32-bit \|": of_both("keep_alive"),
    r"\| one request a connection, /s \|": of_both("new_connections"),
    r"\| heap kept by importing the server \(32-bit\) \|": [
        HEAP[name] / KB for name in ("import_server", "import_server_as_it_is", "import_microdot")],
    r"\| smallest heap for 8 TLS connections at once \(32-bit\) \|": [
        HEAP[name] for name in ("smallest_heap", "smallest_heap_as_it_is", "smallest_heap_microdot")],
    r"\| heap of an idle connection \(32-bit\) \|": [HEAP["idle_connection"] / KB],
    r"\| \*\*microhttps\*\* \|(?= \*\*\d+ ms)": of_client("microhttps"),
    r"\| requests [\d.]+ \(one after the other\) \|": of_client("requests"),
    r"\| httpx [\d.]+ \|": of_client("httpx"),
    r"\| aiohttp [\d.]+ \|": of_client("aiohttp"),
    r"verified with one of 118 roots takes": [ROOTS["one_root"] / KB, ROOTS["all_roots"] / KB],
    r"Of the Python heap it keeps": [BOARD["heap_request"] / KB, BOARD["smallest_request"] - BOARD["smallest_import"]],
    r"looks which root it is takes": [ROOTS["first_pass_ms"], ROOTS["second_pass_ms"]],
}


@pytest.mark.parametrize("before", TOLD)
def test_the_readme_tells_what_was_measured(before):
    """Rounded as it tells them: 5 350 is anything from 5 345 to 5 355, 13.9 from 13.85 to 13.95."""
    rest = re.split(before, README)[1]
    told = re.findall(r"\d{1,3}(?: \d{3})+|\d+\.\d+|\d+", rest)
    assert len(told) >= len(TOLD[before])
    for text, exact in zip(told, TOLD[before], strict=False):
        figure = float(text.replace(" ", ""))
        zeros = len(text.replace(" ", "")) - len(text.replace(" ", "").rstrip("0"))
        within = 0.05 if "." in text else 0.5 * 10 ** zeros
        assert abs(figure - exact) <= within * 1.001, (before, text, exact)


def test_the_picture_is_that_of_the_saved_run():
    assert PICTURE.read_text() == plot.draw(SAVED)


def test_no_word_of_the_picture_leaves_it():
    for left, text in re.findall(r'<text class="\w*" x="([\d.]+)"[^>]*>([^<]+)', PICTURE.read_text()):
        assert float(left) + LETTER * len(text) < plot.WIDTH, text
