"""Forms and uploads as others send them: curl, and Python's own http.client."""

import http.client
import json
import os
import subprocess

import pytest

from harness.playing import start_server, stop_server
from harness.programs import open_files, until
from harness.wire import trusting

DATA = bytes(number * 7 % 251 for number in range(300_000)) + b"\r\n--\r\n"


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "taken").mkdir()
    return tmp_path / "taken"


@pytest.fixture
def server(programs, interpreter, certificates, port, folder):
    program = start_server(programs, interpreter, "harness.uploads", port, certificates, folder=str(folder))
    yield program
    stop_server(program)


@pytest.fixture
def curl(tool, certificates, port):
    """Runs curl against the server; returns what the server said, as text."""

    def run(path, *options):
        command = [tool("curl"), "--silent", "--show-error", "--max-time", "30", "--cacert",
                   str(certificates / "ca.crt"), *options, f"https://localhost:{port}{path}"]
        done = subprocess.run(command, capture_output=True, timeout=60)
        assert done.returncode == 0, done.stderr
        return done.stdout.decode()

    return run


@pytest.fixture
def data(tmp_path):
    path = tmp_path / "data.bin"
    path.write_bytes(DATA)
    return path


def test_curl_sends_a_form_url_encoded(server, curl):
    told = json.loads(curl("/form", "--data-urlencode", "a=x & y=ü+%", "--data-urlencode", "b=", "--data", "a=2"))
    assert told == {"fields": {"a": "x & y=ü+%", "b": ""}, "all": [["x & y=ü+%", "2"], [""]], "files": []}


def test_curl_sends_a_form_with_files(server, curl, tmp_path):
    path = tmp_path / 'a "b".txt'
    path.write_bytes(b"text")
    quoted = str(path).replace('"', '\\"')
    told = json.loads(curl("/form", "--form", "field=größe", "--form", f'file=@"{quoted}"',
                           "--form", f'typed=<"{quoted}";type=text/x-y'))
    assert told["fields"] == {"field": "größe", "typed": "text"}
    assert told["files"] == [["file", 'a "b".txt', "text/plain", 4]]


def test_curl_uploads_files_in_a_form(server, curl, data, folder):
    told = json.loads(curl("/upload", "--form", "note=two files", "--form", f"one=@{data};filename=../../x/one.bin",
                           "--form", f"two=@{data};filename=/etc/two.bin"))
    assert told == {"one": ["one.bin", len(DATA)], "two": ["two.bin", len(DATA)]}
    assert (folder / "one").read_bytes() == (folder / "two").read_bytes() == DATA
    assert sorted(os.listdir(folder)) == ["one", "two"]


def test_curl_uploads_a_file_in_chunks_of_a_form(server, curl, data, folder):
    assert "one" in json.loads(curl("/upload", "--form", f"one=@{data}", "--header", "Transfer-Encoding: chunked"))
    assert (folder / "one").read_bytes() == DATA


def test_curl_waits_for_the_permission_to_send_a_form(server, curl, data, folder):
    assert json.loads(curl("/upload", "--form", f"one=@{data}", "--header", "Expect: 100-continue"))
    assert (folder / "one").read_bytes() == DATA


@pytest.mark.parametrize("how", [(), ("--header", "Transfer-Encoding: chunked")])
def test_curl_puts_a_file(how, server, curl, data, folder):
    assert json.loads(curl("/files/put.bin", "--upload-file", str(data), *how)) == {"bytes": len(DATA)}
    assert (folder / "put.bin").read_bytes() == DATA


def test_curl_sends_json_under_the_type_it_takes_for_granted(server, curl):
    """`curl -d` says that it is a form; who asks for JSON takes it all the same."""
    assert json.loads(curl("/json", "--data", '{"a": [1, 2]}')) == {"got": {"a": [1, 2]}}
    assert json.loads(curl("/json", "--json", '{"a": "ü"}')) == {"got": {"a": "ü"}}


def test_curl_is_told_what_is_no_form(server, curl, data):
    code = ("--output", "/dev/null", "--write-out", "%{http_code} %{num_connects}")
    assert curl("/form", "--json", "{}", *code) == "415 1"
    assert curl("/upload", "--data", "a=1", *code) == "415 1"
    assert curl("/form", "--form", f"file=@{data}", *code) == "413 1"


def test_pythons_http_client_sends_forms_over_one_connection(server, certificates, port, folder):
    part = b'--=by hand=\r\nContent-Disposition: form-data; name="%s"%s\r\n\r\n%s\r\n'
    body = part % (b"note", b"", b"text") + part % (b"file", b'; filename="data.bin"', DATA) + b"--=by hand=--\r\n"
    kind = {"Content-Type": 'multipart/form-data; boundary="=by hand="'}
    connection = http.client.HTTPSConnection("localhost", port, timeout=10, context=trusting(certificates))
    connection.connect()
    first = connection.sock
    for whole in (body, iter([body[:70], body[70:100_000], body[100_000:]])):
        connection.request("POST", "/upload", whole, kind)
        answer = connection.getresponse()
        assert (answer.status, json.loads(answer.read())) == (200, {"file": ["data.bin", len(DATA)]})
        assert (folder / "file").read_bytes() == DATA
    assert connection.sock is first
    connection.close()


def test_an_upload_that_is_cut_leaves_neither_file_nor_descriptor(server, tool, certificates, port, folder, tmp_path,
                                                                  curl):
    before = open_files(server.pid)
    data = tmp_path / "large.bin"
    data.write_bytes(b"x" * 20_000_000)
    command = [tool("curl"), "--silent", "--cacert", str(certificates / "ca.crt"), "--limit-rate", "2M", "--max-time",
               "0.6", "--form", f"one=@{data}", f"https://localhost:{port}/upload"]
    assert subprocess.run(command, capture_output=True, timeout=30).returncode == 28
    until(lambda: json.loads(curl("/there")) == [])
    until(lambda: open_files(server.pid) <= before)


def test_an_upload_that_fills_the_disk_is_refused_and_leaves_nothing(programs, interpreter, certificates, port, folder,
                                                                     curl, data, tmp_path):
    """A limit on the size of files stands in for the full disk: writing fails in the middle either way."""
    shell = tmp_path / "limited"
    shell.write_text("#!/bin/sh\ntrap '' XFSZ\nulimit -f 200\nexec \"$@\"\n")
    shell.chmod(0o755)
    limited = type(interpreter)(interpreter.name, [str(shell), *interpreter.argv])
    program = start_server(programs, limited, "harness.uploads", port, certificates, folder=str(folder))
    code = ("--output", "/dev/null", "--write-out", "%{http_code}")
    assert curl("/upload", "--form", f"one=@{data}", *code) == "500"
    assert json.loads(curl("/there")) == []
    small = tmp_path / "small"
    small.write_bytes(b"small")
    assert json.loads(curl("/upload", "--form", f"one=@{small}")) == {"one": ["small", 5]}
    stop_server(program)
