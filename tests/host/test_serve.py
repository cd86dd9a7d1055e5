"""`microhttps serve` from the outside: a process, its output, and curl."""

import json
import re
import shlex
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
COMMAND = [sys.executable, "-m", "microhttps_host"]
HELLO = """
from microhttps import Server
{name} = Server()

@{name}.get("/")
def hello(request):
    return "{text}"
"""


def curl(*arguments):
    done = subprocess.run(["curl", "-sS", *map(str, arguments)], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_the_demonstration_is_there_at_once_and_curl_believes_it(serve):
    with serve() as (_, facts):
        page = curl("--cacert", facts["authority"], facts["urls"][0])
        status = json.loads(curl("--cacert", facts["authority"], facts["urls"][0] + "status"))
    assert "<title>Lamp</title>" in page
    assert status["leds"] == {"red": False, "green": True, "blue": False}


def test_the_demonstration_shows_what_its_server_does_to_who_has_the_password_that_is_said(serve):
    with serve() as (_, facts):
        status = facts["status"]
        believing = ("--cacert", facts["authority"], "-w", "%{http_code}")
        assert curl(*believing, status["url"]).endswith("401")
        assert curl(*believing, "-u", "admin:a guess", status["url"] + "/now").endswith("401")
        said = curl("--cacert", facts["authority"], "-u", "admin:" + status["users"]["admin"], status["url"] + "/now")
    assert json.loads(said)["requests"]["answers"]["4xx"] == 2
    with serve() as (_, again):
        assert again["status"]["url"].endswith("/server") and again["status"]["users"] != status["users"]


def test_a_led_can_be_set(serve):
    with serve() as (_, facts):
        url = facts["urls"][0] + "led/red"
        assert json.loads(curl("--cacert", facts["authority"], url, "-d", "on")) == {"led": "red", "on": True}
        assert json.loads(curl("--cacert", facts["authority"], url)) == {"led": "red", "on": True}
        told = curl("--cacert", facts["authority"], url + "ish", "-w", "%{http_code}")
    assert told.endswith("404")


def test_every_url_it_names_is_one_the_certificate_is_for(serve):
    """An address of this machine is reached as it is; a name is pointed at the loopback, as DNS would have to."""
    with serve() as (_, facts):
        for url in facts["urls"]:
            host, port = re.fullmatch(r"https://(.*?)(?::(\d+))?/", url).groups()
            answer = curl("--cacert", facts["authority"], "--resolve", f"{host}:{port}:127.0.0.1", url + "led/green")
            assert json.loads(answer) == {"led": "green", "on": True}


def test_the_lines_it_prints_can_be_copied_even_from_a_narrow_terminal(environment, tmp_path, port):
    process = subprocess.Popen(
        [*COMMAND, "serve", "--port", str(port)],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    said = ""
    try:
        while "stop " not in said:
            line = process.stdout.readline()
            assert line, said
            said += line
        home = environment["MICROHTTPS_HOME"]
        assert f"https://localhost:{port}/" in said
        assert f"{home}/ca.crt" in said
        assert re.search(r"expires \d{4}-\d\d-\d\d", said)
        assert "trust it" in said
        assert re.search(rf"https://localhost:{port}/server   \(name admin, password [0-9a-f]{{12}}\)", said)
        line = re.search(r"curl --cacert \S+ https://localhost:\d+/", said).group()
        assert "Lamp" in subprocess.run(shlex.split(line), capture_output=True, text=True).stdout
        process.send_signal(signal.SIGINT)
        rest = process.communicate(timeout=20)[0]
    finally:
        process.kill()
    assert "GET / 200" in rest
    assert rest.splitlines()[-1] == "microhttps: stopping; requests in progress may end"
    assert process.returncode == 0


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_stops_it_with_one_line(serve, number):
    with serve() as (process, facts):
        curl("--cacert", facts["authority"], facts["urls"][0])
        process.send_signal(number)
        said, complaints = process.communicate(timeout=20)
    assert json.loads(said.splitlines()[-1]) == {"event": "stopping"} or '"stopping"' in said
    assert (process.returncode, complaints) == (0, "")


def test_the_second_start_has_the_same_certificate(serve):
    with serve() as (_, first):
        before = Path(first["certificate"]).read_bytes()
    with serve() as (_, second):
        assert Path(second["certificate"]).read_bytes() == before
    assert (first["is_new"], second["is_new"]) == (True, False)


@pytest.mark.parametrize("name", ["server", "app", "anything"])
def test_an_application_in_a_file_is_found_under_any_name(serve, tmp_path, name):
    (tmp_path / "hello.py").write_text(HELLO.format(name=name, text="hello"))
    with serve("hello.py") as (_, facts):
        assert curl("--cacert", facts["authority"], facts["urls"][0]) == "hello"


@pytest.mark.parametrize(
    ("text", "answer"), [("two.py:first", "1"), ("two:second", "2"), ("two.py", "1"), ("two:app", "2")]
)
def test_one_of_several_servers_is_named(serve, tmp_path, text, answer):
    two = HELLO.format(name="first", text="1") + HELLO.format(name="second", text="2")
    (tmp_path / "two.py").write_text(two + "app = second\n" * ("app" in text))
    with serve(text) as (_, facts):
        assert curl("--cacert", facts["authority"], facts["urls"][0]) == answer


def test_what_lies_beside_the_application_can_be_imported(serve, tmp_path):
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "words.py").write_text("GREETING = 'hello from beside'")
    (tmp_path / "app" / "main.py").write_text(
        "import words\n" + HELLO.format(name="server", text="{words.GREETING}").replace('return "', 'return f"')
    )
    with serve("app/main.py") as (_, facts):
        assert curl("--cacert", facts["authority"], facts["urls"][0]) == "hello from beside"


def test_a_handler_that_fails_is_told_with_its_line_and_the_server_lives(serve, tmp_path):
    (tmp_path / "bad.py").write_text(HELLO.format(name="server", text="x").replace('return "x"', "return 1 / 0"))
    with serve("bad.py") as (process, facts):
        for _ in range(2):
            assert "500" in curl("--cacert", facts["authority"], "-i", facts["urls"][0])
        process.send_signal(signal.SIGTERM)
        said = process.communicate(timeout=20)[0]
    assert "division by zero" in said


@pytest.mark.parametrize(
    ("text", "code", "sentence"),
    [
        ("nothing.py", "no_such_application", "no such file: nothing.py"),
        ("nothing", "no_such_application", "no such file: nothing"),
        (".", "no_such_application", "is a folder"),
        ("no.such.module:server", "no_such_application", "no module 'no'"),
        ("raises.py", "bad_application", "raises.py:2: ZeroDivisionError: division by zero"),
        ("raises:server", "bad_application", "raises.py:2: ZeroDivisionError: division by zero"),
        ("syntax.py", "bad_application", "syntax.py:1: SyntaxError"),
        ("imports.py", "bad_application", "imports.py:1: ModuleNotFoundError: No module named 'no_such_thing'"),
        ("leaves.py", "bad_application", "leaves.py:1: SystemExit: 3"),
        ("empty.py", "no_server_in_application", "empty.py makes no Server at its top level"),
        ("hello.py:other", "no_server_in_application", "'other' is not a Server; it has server"),
    ],
)
def test_an_application_that_is_none_is_a_sentence(run, tmp_path, text, code, sentence):
    (tmp_path / "raises.py").write_text("\n1 / 0\n")
    (tmp_path / "syntax.py").write_text("server = = 1\n")
    (tmp_path / "imports.py").write_text("import no_such_thing\n")
    (tmp_path / "leaves.py").write_text("raise SystemExit(3)\n")
    (tmp_path / "empty.py").write_text("")
    (tmp_path / "hello.py").write_text(HELLO.format(name="server", text="hello"))
    status, said, complaint = run("serve", text)
    assert (status, said) == (1, "")
    assert sentence in complaint
    assert f"[{code}]" in complaint


def test_a_port_in_use_is_a_sentence_and_says_how_to_choose_another(run):
    with socket.create_server(("0.0.0.0", 0)) as taken:
        port = taken.getsockname()[1]
        status, said, complaint = run("serve", "--port", str(port))
    assert (status, said) == (1, "")
    assert f"port={port}" in complaint
    assert "[port_in_use]" in complaint
    assert f"--port {port + 1}" in complaint
    assert f"PORT={port + 1}" in complaint


def test_an_address_of_another_machine_is_a_sentence(run):
    status, _, complaint = run("serve", "--port", "0", "--host", "192.0.2.77")
    assert status == 1
    assert "[cannot_listen]" in complaint


def test_a_host_that_is_no_name_is_a_sentence(run):
    status, _, complaint = run("serve", "--port", "0", "--host", "https://localhost")
    assert (status, "[bad_name]" in complaint) == (1, True)


def test_a_damaged_authority_is_a_sentence(run, serve):
    with serve() as (_, facts):
        pass
    Path(facts["authority"]).unlink()
    status, _, complaint = run("serve", "--port", "0")
    assert (status, "[authority_damaged]" in complaint) == (1, True)
    assert "ca.key is there and ca.crt is not" in complaint


def test_insecure_is_plain_and_makes_no_certificate(serve, environment):
    with serve("--insecure") as (_, facts):
        assert facts["urls"][0].startswith("http://localhost:")
        assert "Lamp" in curl(facts["urls"][0])
    assert not Path(environment["MICROHTTPS_HOME"]).exists()


def test_for_this_machine_only(serve):
    with serve("--host", "127.0.0.1") as (_, facts):
        assert [re.sub(r":\d+/", "", url) for url in facts["urls"]] == ["https://localhost", "https://127.0.0.1"]
        assert "Lamp" in curl("--cacert", facts["authority"], facts["urls"][1])


def test_quiet_says_nothing(environment, tmp_path, port):
    process = subprocess.Popen(
        [*COMMAND, "serve", "--quiet", "--port", str(port)],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    try:
        deadline = time.monotonic() + 20
        while subprocess.run(["curl", "-sk", f"https://localhost:{port}/"], capture_output=True).returncode:
            assert process.poll() is None and time.monotonic() < deadline
            time.sleep(0.05)
        process.terminate()
        assert process.communicate(timeout=20)[0] == b""
    finally:
        process.kill()


def test_an_identity_of_the_applications_own_is_kept(serve, tmp_path):
    with serve() as (_, facts):
        pass
    for old, new in (("certificate", "device.crt"), ("key", "device.key")):
        Path(tmp_path / new).write_bytes(Path(facts[old]).read_bytes())
    own = "from microhttps import Identity\n" + HELLO.format(name="server", text="own")
    own = own.replace("Server()", 'Server(Identity("device.crt", "device.key"))')
    (tmp_path / "own.py").write_text(own)
    with serve("own.py") as (_, told):
        assert "device.crt" in told["identity"]
        assert "certificate" not in told
        assert curl("--cacert", facts["authority"], told["urls"][0]) == "own"


def test_what_a_peer_sends_cannot_colour_the_terminal(environment, tmp_path, port):
    command = [*COMMAND, "serve", "--insecure", "--host", "127.0.0.1", "--port", str(port)]
    process = subprocess.Popen(command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    try:
        said = b""
        while b"stop " not in said:
            said = process.stdout.readline()
            assert said
        with socket.create_connection(("127.0.0.1", port)) as peer:
            peer.sendall(b"GET /\x1b[31mred HTTP/1.1\r\nHost: x\r\n\r\n")
            peer.recv(1000)
        process.terminate()
        assert b"\x1b" not in process.communicate(timeout=20)[0]
    finally:
        process.kill()


def test_make_passes_host_port_and_application_on():
    command = ["make", "-n", "-o", ".venv/.tools", "serve", "PORT=9443", "HOST=127.0.0.1", "APP=app.py"]
    said = subprocess.run(command, cwd=ROOT, capture_output=True, text=True).stdout
    assert 'microhttps serve --host "127.0.0.1" --port "9443" app.py' in said


def test_a_failure_to_start_is_one_object_for_programs(run, tmp_path):
    (tmp_path / "app.py").write_text("from microhttps import Server\nserver = Server()\n")
    with socket.create_server(("0.0.0.0", 0)) as taken:
        port = taken.getsockname()[1]
        status, said, complaint = run("serve", "--port", str(port), "app.py", "--json")
    told = json.loads(said)
    assert (status, complaint, told["code"]) == (1, "", "port_in_use")
    assert told["next"].startswith(f"Choose another port: microhttps serve app.py --json --port {port + 1} ")
