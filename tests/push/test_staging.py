"""What is staged for a board runs there: an application, with what it uses of the runtime and nothing else."""

import json
import os
import subprocess

import pytest
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    PrivateFormat,
    load_der_private_key,
    load_pem_private_key,
)

from harness.interpreters import find_or_fail
from harness.programs import find_tool, until
from harness.published import write_demonstration

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]  # each push compiles the runtime
BOARDS = ("micropython", "micropython32")
ASKING = """\
import asyncio
from microhttps import Client, Trust

async def main():
    client = Client(trust=Trust.load("ca.crt"))
    answer = await client.get("https://localhost:" + open("port.txt").read() + "/led/red")
    print(answer.status, answer.json()["on"])
    await client.close()

asyncio.run(main())
"""


def start(programs, board, folder, heap=None):
    """A board that has these files, at its start."""
    command = find_or_fail(board).command("main.py", heap=heap)
    return programs.start(command, board, cwd=folder, environment={**os.environ, "MICROPYPATH": ".frozen:lib"})


def ask(push, port, path="/led/red", *arguments):
    done = subprocess.run([find_tool("curl"), "-sS", "--max-time", "10", "--cacert", str(push.authority),
                           f"https://localhost:{port}{path}", *arguments], capture_output=True, text=True)
    return done.stdout


@pytest.mark.micropython
@pytest.mark.parametrize("board", BOARDS)
def test_a_staged_server_answers_curl_that_believes_the_authority(board, push, port, programs):
    stage = push.folder / "stage"
    push.does("--to", stage, "app.py", "--for", "localhost", "--with", "port.txt")
    start(programs, board, stage, heap="64k" if board == "micropython32" else None)
    said = until(lambda: ask(push, port))
    assert json.loads(said) == {"led": "red", "on": True}


@pytest.mark.micropython
@pytest.mark.parametrize("board", BOARDS)
def test_a_staged_client_asks_a_staged_server(board, push, port, programs):
    push.does("--to", "server", "app.py", "--for", "localhost", "--with", "port.txt")
    push.write("asking.py", ASKING)
    told = push.does("--to", "client", "asking.py", "--with", "port.txt")
    assert told["profile"] == "client"
    start(programs, "micropython32", push.folder / "server")
    until(lambda: ask(push, port))
    asking = start(programs, board, push.folder / "client")
    assert asking.lines_until_end() == ["200 True"]


WATCHED = """\
from microhttps import Identity, Server
from microhttps.status import Status

server = Server(Identity("device.crt", "device.key"), host="127.0.0.1", port=int(open("port.txt").read()))
server.mount("/status", Status(server, users={"admin": "secret"}))
server.run()
"""


@pytest.mark.micropython
def test_a_staged_server_shows_its_status_in_the_heap_of_an_esp32(push, port, programs):
    push.write("app.py", WATCHED)
    push.does("--to", "stage", "app.py", "--for", "localhost", "--with", "port.txt")
    start(programs, "micropython32", push.folder / "stage", heap="110k")
    until(lambda: ask(push, port, "/status"))
    for _ in range(3):
        page = ask(push, port, "/status", "-u", "admin:secret", "--compressed")
        assert page.startswith("<!doctype html>") and page.endswith("</html>\n")
        now = json.loads(ask(push, port, "/status/now", "-u", "admin:secret"))
        assert now["certificates"][0]["names"][0] == "localhost" and now["memory"]["free"] > 10_000


def files_of(told, folder="lib/microhttps/"):
    return {file["file"].partition(folder)[2]: file["size"] for file in told["files"] if folder in file["file"]}


def test_what_the_application_does_not_use_is_left_out(push):
    server = files_of(push.does("--to", "a", "app.py", "--for", "localhost"))
    assert "server.mpy" in server
    assert not {"client.mpy", "sse.mpy", "auth_basic.mpy", "explain.mpy", "roots.bin"}.intersection(server)
    push.write("events.py", "import microhttps.sse\nfrom microhttps.auth_basic import BasicAuth as Guard\n"
                            "from microhttps import Server\nserver = Server(transport='insecure')\n")
    assert {"sse.mpy", "auth_basic.mpy"} <= set(files_of(push.does("--to", "a", "events.py")))
    push.write("wild.py", "import microhttps\nname = 'Client'\nprint(getattr(microhttps, name))\n")
    assert {"sse.mpy", "server.mpy", "client.mpy"} <= set(files_of(push.does("--to", "a", "wild.py")))


def test_the_status_page_goes_along_with_its_module_and_without_it_not(push):
    assert "status.html.gz" not in files_of(push.does("--to", "a", "app.py", "--for", "localhost"))
    push.write("watched.py", "from microhttps import Server\nfrom microhttps.status import Status\n"
                             "server = Server(transport='insecure')\nserver.mount('/s', Status(server, {'a': 'b'}))\n")
    files = files_of(push.does("--to", "a", "watched.py"))
    assert {"status.mpy", "auth_basic.mpy", "status.html.gz"} <= set(files) and files["status.html.gz"] <= 12 * 1024


@pytest.mark.parametrize("text, has_roots", [
    ("from microhttps import fetch\nfetch('https://example.org/')\n", True),
    ("from microhttps import Client, Trust\nClient(trust=Trust.public())\n", True),
    ("from microhttps import fetch as take, Trust\ntake('https://a.lan/', trust=Trust.pinned('00' * 32))\n", False),
    ("from microhttps import wrap_socket\nwrap_socket(s, server_hostname='example.org')\n", True),
    ("from microhttps import wrap_socket\nwrap_socket(s, server_hostname='a.lan', ca_certs=ours)\n", False),
])
def test_the_public_roots_go_along_for_a_client_that_believes_them(push, text, has_roots):
    push.write("client.py", text)
    assert ("roots.bin" in files_of(push.does("--to", "a", "client.py"))) is has_roots


def test_certificate_and_key_have_the_names_that_the_application_uses(push):
    push.write("app.py", "from microhttps import Identity, Server\nPATH = 'own.crt'\n"
                         "server = Server(identity=Identity(PATH, key='own.key'))\n")
    push.does("--to", "stage", "app.py", "--for", "lamp.local")
    assert (push.folder / "stage" / "own.key").stat().st_mode & 0o777 == 0o600
    assert (push.folder / "stage" / "own.crt").read_bytes()[:1] == b"\x30", "DER"
    again = push.does("--to", "again", "app.py", "--for", "lamp.local")
    assert again["names"] == ["lamp.local"]
    assert (push.folder / "again" / "own.crt").read_bytes() == (push.folder / "stage" / "own.crt").read_bytes()


def test_a_wrapped_socket_has_its_files_too_and_a_server_no_public_roots(push):
    push.write("app.py", "from microhttps import wrap_socket\n"
                         "wrap_socket(s, server_side=True, cert='own.crt', key='own.key', cadata='ca.crt')\n"
                         "wrap_socket(s, server_side=True, cert='own.crt', key='own.key')\n")
    told = push.does("--to", "stage", "app.py", "--for", "lamp.local")
    assert {"own.crt", "own.key", "ca.crt"} <= {path.name for path in (push.folder / "stage").iterdir()}
    assert "roots.bin" not in files_of(told)


def test_a_key_that_is_embedded_needs_no_other_and_stays_a_secret(push):
    push.write("identity.py", "CERTIFICATE = b'a certificate'\nKEY = b'a key'\n").chmod(0o600)
    push.write("app.py", "from identity import CERTIFICATE, KEY\nfrom microhttps import Identity, Server\n"
                         "server = Server(Identity(CERTIFICATE, KEY, sealed=None))\n")
    push.does("--to", "stage", "app.py")
    assert (push.folder / "stage" / "identity.mpy").stat().st_mode & 0o777 == 0o600
    assert not (push.folder / "stage" / "device.key").exists()


def test_names_of_files_that_a_module_beside_has_are_no_key(push):
    push.write("places.py", "CERTIFICATE = 'device.crt'\nKEY = 'device.key'\n")
    push.write("app.py", "from places import CERTIFICATE, KEY\nfrom microhttps import Identity, Server\n"
                         "server = Server(Identity(CERTIFICATE, KEY))\n")
    assert "[no_device_identity]" in push.fails("--to", "stage", "app.py")


def test_files_beside_the_application_are_taken_under_their_names(push, certificates):
    for kind in ("crt", "key"):
        push.write(f"device.{kind}", (certificates / f"good.{kind}").read_text())
    told = push.does("--to", "stage", "app.py")
    assert told["names"] == ["localhost", "127.0.0.1"] or "localhost" in told["names"]


def test_an_encrypted_key_is_opened_for_the_board(push, certificates):
    key = load_pem_private_key((certificates / "good.key").read_bytes(), None)
    how = BestAvailableEncryption(b"open sesame")
    (push.folder / "locked.key").write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, how))
    push.write("right", "open sesame\n"), push.write("wrong", "open barley\n")
    pair = ("--to", "stage", "app.py", "--certificate", certificates / "good.crt", "--key", "locked.key")
    assert "[passphrase_needed]" in push.fails(*pair)
    assert "[wrong_passphrase]" in push.fails(*pair, "--passphrase-file", "wrong")
    assert not (push.folder / "stage").exists()
    push.does(*pair, "--passphrase-file", "right")
    staged = load_der_private_key((push.folder / "stage" / "device.key").read_bytes(), None)
    assert staged.private_numbers() == key.private_numbers()


def test_a_file_without_a_key_is_said_and_nothing_is_made(push, certificates):
    pair = ("--to", "stage", "app.py", "--certificate", certificates / "good.crt", "--key")
    for file in ("good.crt", "garbage.key", "empty.key", "cut.key", "text.key"):
        assert "[bad_key]" in push.fails(*pair, certificates / file)
    assert "[bad_key]" in push.fails(*pair[:-1])  # no key beside the certificate in its file
    assert "[key_does_not_match_certificate]" in push.fails(*pair, certificates / "ca.key")
    assert not (push.folder / "stage").exists()


def test_a_key_that_was_published_goes_onto_no_board_unless_it_is_wanted(push, certificates):
    certificate = write_demonstration(push.folder)
    pair = ("--to", "stage", "app.py", "--certificate", certificate, "--key", certificates / "good.key")
    said = push.fails(*pair)
    assert "[demonstration_key]" in said and "Mongoose tutorials and tests" in said
    assert "[key_does_not_match_certificate]" in push.fails(*pair, "--danger-demonstration-key")
    for kind, source in (("crt", certificate), ("key", certificates / "good.key")):
        push.write(f"device.{kind}", source.read_text())
    assert "[demonstration_key]" in push.fails("--to", "stage", "app.py")
    assert not (push.folder / "stage").exists()


def test_for_people_it_names_the_files_their_ends_and_the_next_command(push):
    status, said, complained = push.run("--to", "stage", "app.py", "--for", "lamp.local")
    assert (status, complained) == (0, "")
    assert "stage/device.crt" in said and "expires 20" in said and "KB: server" in said
    assert said.splitlines()[-1].startswith("next:  mpremote cp -r stage/*")


def test_help_begins_with_examples(push):
    said = push.run("--help")[1]
    assert said.index("Examples:") < said.index("Options")


@pytest.mark.parametrize("text, told", [
    ("def f(:\n", "app.py:1: SyntaxError"),
    ("match 1:\n    case 1:\n        pass\n", "MicroPython does not take it"),
])
def test_a_mistake_in_the_application_is_said_before_anything_is_made(push, text, told):
    push.write("app.py", text)
    said = push.fails("--to", "stage", "app.py")
    assert "[bad_application]" in said and told in said
    assert not (push.folder / "stage").exists()


@pytest.mark.parametrize("arguments, code", [
    (["--to", "stage", "app.py"], "no_device_identity"),
    (["--to", "stage", "nothing.py"], "no_such_application"),
    (["--to", "stage"], "bad_option"),
    (["--to", "stage", "--profile", "gateway"], "bad_option"),
    (["--to", "stage", "app.py", "--for", "example.org", "--certificate", "a.crt"], "bad_option"),
    (["--to", "stage", "app.py", "--certificate", "nothing.crt"], "bad_certificate_file"),
    (["--to", "stage", "app.py", "--for", "a", "--with", "nothing"], "bad_option"),
    (["--to", "app.py", "app.py", "--for", "lamp.local"], "cannot_write"),
])
def test_what_cannot_be_staged_is_refused_with_its_code(push, arguments, code):
    assert f"[{code}]" in push.fails(*arguments)


@pytest.mark.parametrize("profile", ["server", "client", "both"])
def test_the_runtime_alone_comes_with_what_mip_and_a_firmware_need(push, profile):
    told = push.does("--to", "package", "--profile", profile)
    listed = json.loads((push.folder / "package" / "package.json").read_text())
    assert {f"microhttps/{name}" for name in files_of(told)} == {target for target, _ in listed["urls"]}
    assert all((push.folder / "package" / source).is_file() for _, source in listed["urls"])
    assert ("microhttps/roots.bin" in {target for target, _ in listed["urls"]}) is (profile != "server")


NAMED = """\
from microhttps import Identity, Server, Trust

server = Server(identity=Identity({0!r}, {1!r}), trust=Trust.load({2!r}))
"""


def test_what_a_board_has_at_its_root_is_staged_below_the_folder_and_read_beside_the_application(push, certificates):
    push.write("app.py", NAMED.format("/certs/a.crt", "/certs/a.key", "/ca.crt"))
    (push.folder / "certs").mkdir()
    for name, source in (("certs/a.crt", "good.crt"), ("certs/a.key", "good.key"), ("ca.crt", "ca.crt")):
        push.write(name, (certificates / source).read_text())
    told = push.does("--to", "stage", "app.py")
    stage = push.folder / "stage"
    assert {"stage/certs/a.crt", "stage/certs/a.key", "stage/ca.crt"} <= {one["file"] for one in told["files"]}
    assert (stage / "certs" / "a.key").stat().st_mode & 0o777 == 0o600
    assert (stage / "ca.crt").is_file()


@pytest.mark.parametrize("names", [("../a.crt", "../a.key", "ca.crt"), ("a.crt", "certs/../../a.key", "ca.crt")])
def test_nothing_is_written_outside_of_the_folder(push, names):
    push.write("app.py", NAMED.format(*names))
    assert "[bad_application]" in push.fails("--to", "in/stage", "app.py", "--for", "localhost")
    assert not list(push.folder.rglob("a.key")) and not (push.folder / "in").exists()


def test_what_nobody_else_may_read_stays_so_in_the_folder(push):
    push.write("app.py", "from microhttps import Client\n").chmod(0o600)
    push.write("wifi.txt", "secret").chmod(0o600)
    (push.folder / "more").mkdir()
    push.write("more/key.bin", "secret").chmod(0o600)
    push.write("more/page.html", "open").chmod(0o644)
    push.does("--to", "stage", "app.py", "--with", "wifi.txt", "--with", "more")
    modes = {path.name: path.stat().st_mode & 0o777 for path in (push.folder / "stage").rglob("*") if path.is_file()}
    assert [modes[name] for name in ("main.py", "wifi.txt", "key.bin")] == [0o600] * 3
    assert modes["page.html"] & 0o044


def test_a_folder_with_the_runtime_of_somebody_else_is_left_alone(push):
    push.write("app.py", "from microhttps import Client\n")
    theirs = push.folder / "stage" / "lib" / "microhttps" / "mine.py"
    theirs.parent.mkdir(parents=True)
    theirs.write_text("# not made by a push\n")
    assert "[cannot_write]" in push.fails("--to", "stage", "app.py")
    assert theirs.is_file()
