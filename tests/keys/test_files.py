"""Keys that are none: published in the examples of others, or readable by everybody on the machine."""

import re

import pytest

from harness.playing import start_client, start_server, stop_server
from harness.published import write_demonstration
from microhttps import Identity, UsageError
from microhttps.credentials.published import PUBLISHED
from microhttps_host.drawing.render import Render


@pytest.fixture
def demonstration(certificates):
    return write_demonstration(certificates)


def test_a_published_key_is_refused_on_every_interpreter(interpreter, programs, certificates, demonstration, port):
    pairs = [(demonstration.name, "good.key"), ("good.crt", "good.key")]
    client = start_client(programs, interpreter, "keys.telling", port, certificates, pairs=pairs)
    assert client.lines_until_end() == [
        "demonstration.crt demonstration_key Mongoose tutorials and tests",
        "demonstration.crt key_does_not_match_certificate None",
        "shown by a client: demonstration_key",
        "good.crt no error", "good.crt no error",
        "shown by a client: refused",
    ]  # fmt: skip


def test_what_is_said_of_a_published_key_names_where_it_was_published(certificates, demonstration):
    with pytest.raises(UsageError) as caught:
        Identity(demonstration, certificates / "good.key").server_context()
    assert caught.value.facts == {"certificate": str(demonstration), "published": "Mongoose tutorials and tests"}


def test_the_table_of_published_keys_is_whole():
    lines = PUBLISHED.strip().split("\n")
    digests = [line for line in lines if re.fullmatch("[0-9a-f]{32}", line)]
    assert len(set(digests)) == len(digests) > 30
    headings = [line for line in lines if line not in digests]
    assert all(re.search("[ _]", heading) for heading in headings) and lines[0] in headings


@pytest.mark.parametrize(("mode", "is_told"), [(0o600, False), (0o640, False), (0o644, True), (0o620, True)])
def test_a_key_that_others_can_read_is_told_of_with_what_to_do(mode, is_told, interpreter, programs, certificates,
                                                              tmp_path, port):
    key = tmp_path / "device.key"
    key.write_bytes((certificates / "good.key").read_bytes())
    key.chmod(mode)
    server = start_server(programs, interpreter, "keys.telling", port, certificates,
                          files=[str(certificates / "good.crt"), str(key)])
    if is_told:
        assert server.line_that("key_exposed") == f"key_exposed {key}"
    assert stop_server(server) == []


@pytest.mark.parametrize("is_json", [False, True])
def test_the_command_line_says_of_an_exposed_key_what_to_do(is_json, capsys):
    drawn = Render(is_json=is_json)
    drawn.event("key_exposed", {"file": "my keys/device.key"})
    assert "chmod 600 'my keys/device.key'" in capsys.readouterr().out
