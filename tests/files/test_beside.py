"""`beside=__file__`: files of an application are found from whatever folder it is started in, and however."""

import http.client
import os
from pathlib import Path

import pytest

from harness.programs import is_listening, until

SERVING = Path(__file__).parent / "beside" / "serving.py"


@pytest.mark.parametrize("started_in", [None, SERVING.parent, SERVING.parents[1]], ids=["elsewhere", "there", "above"])
def test_a_file_beside_its_module_is_found_from_any_folder(started_in, interpreter, programs, port, tmp_path):
    folder = started_in or tmp_path
    named = SERVING if started_in is None else os.path.relpath(SERVING, folder)
    program = programs.run(interpreter, named, port, cwd=folder)
    until(lambda: is_listening(port) or not program.is_running())
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    for path in ("/", "/folder/page.txt"):
        connection.request("GET", path)
        answer = connection.getresponse()
        assert (answer.status, answer.read()) == (200, b"beside the module\n")
    connection.close()
