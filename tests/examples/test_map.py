"""examples/README.md is the map of this folder, and each file says what it is and how it is run."""

import ast
import re

import pytest

from examples.conftest import EXAMPLES

MAP = (EXAMPLES / "README.md").read_text()
FILES = sorted(EXAMPLES.glob("*.py"))


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_file_is_on_the_map_and_says_how_it_is_run(file):
    assert f"[{file.name}]({file.name})" in MAP
    source = file.read_text()
    text = ast.get_docstring(ast.parse(source)) or ""
    assert text
    if "__main__" in source:
        assert re.search(rf"^    .*{file.name}", text, re.MULTILINE), "how is it run?"


# The guide of each newcomer: the programs of what he comes from.
GUIDES = {
    "esp-idf": ("network_server", "websocket_server", "firmware_update", "boot"),
    "sming": ("embedded_key_server", "pinned_client", "cloud_publish", "mqtt_on_a_board", "mqtt_on_a_computer"),
    "arduino": ("check_my_tls", "check_my_tls_by_hand", "mqtt_on_a_board", "mqtt_on_a_computer", "mqtt_broker", "boot"),
    "micropython": ("socket_client", "socket_temperature_server", "socket_polling_server", "boot"),
    "mongoose": ("event_client",),
    "microdot": ("device", "upload"),
}


@pytest.mark.parametrize("guide", GUIDES)
def test_a_guide_leads_to_the_programs_that_its_reader_knows(guide):
    text = (EXAMPLES.parent / "docs" / f"{guide}.md").read_text()
    assert [name for name in GUIDES[guide] if f"](../examples/{name}.py)" not in text] == []


def test_every_link_of_the_map_leads_somewhere():
    for link in re.findall(r"\]\(([^)#:]+)\)", MAP):
        assert (EXAMPLES / link).exists(), link
