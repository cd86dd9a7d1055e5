"""A client looks at its memory before a handshake: says what it needs and has, loses nothing, and goes on."""

import pytest

from harness.interpreters import find_or_fail
from harness.playing import start_client, start_server, stop_server

NEED = 40000


@pytest.mark.micropython
@pytest.mark.parametrize("server_name", ["cpython", "micropython"])
@pytest.mark.parametrize("board", ["micropython", "micropython32"])
def test_a_client_without_memory_says_what_it_needs_and_has_and_goes_on(board, server_name, programs, certificates,
                                                                        port):
    server = start_server(programs, find_or_fail(server_name), "faults.parts", port, certificates)
    client = start_client(programs, find_or_fail(board), "faults.lacking", port, certificates, heap="600k",
                          client_settings={"min_free_memory": NEED, "max_idle_connections": 2}, fill=[20000, 8000])
    said = client.lines_until_end()
    assert client.wait() == 0, client.complaints
    refusal = [f"out_of_memory min_free_memory {NEED} True",
               f"There was no memory for a TLS connection: {NEED} bytes in one piece were needed, HAVE are there."]
    assert said[0] == "200"
    assert said[1:3] == said[5:7] == refusal
    words = said[9].split()
    assert words[:3] == ["descriptors", "0", "kept"] and int(words[3]) < 4096, said[9]
    assert said[10:] == ["200", "out_of_memory 1 0"]
    assert stop_server(server) == []


def test_a_computer_that_is_asked_for_more_than_there_is_says_so(programs, certificates, port):
    server = start_server(programs, find_or_fail("cpython"), "faults.parts", port, certificates)
    client = start_client(programs, find_or_fail("cpython"), "faults.parts", port, certificates,
                          client_settings={"min_free_memory": 1 << 60})
    assert client.lines_until_end() == ["out_of_memory OutOfMemory", "out_of_memory"]
    stop_server(server)
