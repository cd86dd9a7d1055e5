"""The runtime as it is built for a board goes the way the package goes, on both sizes of MicroPython."""

import ast
import json
import re
import socket
from pathlib import Path

import pytest

import microhttps
from badssl.serving import serve_range
from badssl.walking import Walker, sites
from client.proxying import proxy
from harness.interpreters import BOARD_BUILD, find_or_fail
from harness.wire import trusting
from microhttps_host.board.build import BESIDE, PROFILES, ROOTS, build, main
from microhttps_host.board.families import STANDS_FOR
from microhttps_host.board.modules import BuildError
from scenarios.test_scenarios import play_scenario

SERVED = ("answers", "routes", "bodies", "keep_alive", "failing_handlers", "redirect_listener", "identity_renewed",
          "mutual_tls_optional", "mutual_tls_routes", "authentication", "digest", "cookie_sessions", "cors", "events",
          "files", "chunked_answers", "websocket_messages", "websocket_refusals", "websocket_endings",
          "websocket_rooms", "forms", "unread_bodies", "route_changes", "error_handlers", "sealed_key", "status")
ASKED = ("answers", "sealed_key", "verification", "bare_stream", "blocking_fetch", "started_requests",
         "wrapped_sockets", "websocket_messages", "websocket_refusals", "websocket_endings", "websocket_rooms")
PUBLIC = [*microhttps._ROOMS, *microhttps._ERRORS]
BOARDS = ("micropython", "micropython32")
SOCKETS = Path(__file__).parents[1] / "sockets"


@pytest.fixture(scope="session")
def built(tmp_path_factory):
    """Builds each profile once: a function that answers (folder, folder of the sources)."""
    done = {}

    def folders(profile):
        if profile not in done:
            folder = tmp_path_factory.mktemp("board-" + profile)
            done[profile] = folder / "lib", folder / "sources"
            build(done[profile][0], profile, sources=done[profile][1])
        return done[profile]

    return folders


@pytest.fixture
def use(built, monkeypatch):
    """Lets MicroPython import the build of a profile instead of the package."""
    return lambda profile: monkeypatch.setenv(BOARD_BUILD, str(built(profile)[0]))


@pytest.mark.micropython
@pytest.mark.parametrize("profile", ["server", "both"])
@pytest.mark.parametrize("board", BOARDS)
@pytest.mark.parametrize("scenario", SERVED)
def test_a_built_server_answers_as_the_package_does(scenario, board, profile, use, programs, certificates, port):
    use(profile)
    play_scenario(scenario, (find_or_fail(board), find_or_fail("cpython")), programs, certificates, port)


@pytest.mark.micropython
@pytest.mark.parametrize("profile", ["client", "both"])
@pytest.mark.parametrize("board", BOARDS)
@pytest.mark.parametrize("scenario", ASKED)
def test_a_built_client_asks_as_the_package_does(scenario, board, profile, use, programs, certificates, port):
    use(profile)
    play_scenario(scenario, (find_or_fail("cpython"), find_or_fail(board)), programs, certificates, port)


@pytest.mark.parametrize("profile", ["server", "client", "both"])
def test_no_class_hides_a_global_from_the_defaults_of_its_functions(profile, built):
    """Both are given names of the firmware: `max_queued=MOST_QUEUED` was once False, an attribute of that class."""
    for path in built(profile)[1].glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ClassDef):
                own = {name.id for part in node.body if isinstance(part, ast.Assign) for target in part.targets
                       for name in ast.walk(target) if isinstance(name, ast.Name)}
                functions = [part for part in node.body if isinstance(part, (ast.FunctionDef, ast.AsyncFunctionDef))]
                own |= {function.name for function in functions}
                read = {name.id for function in functions for default in function.args.defaults
                        for name in ast.walk(default) if isinstance(name, ast.Name)}
                assert not own & read, (path.name, node.name)


@pytest.mark.micropython
@pytest.mark.parametrize("circumstances", [(), ("public",)], ids=["own", "public"])
@pytest.mark.parametrize("board", BOARDS)
def test_a_built_client_judges_the_range_as_the_package_does(board, circumstances, use, tmp_path):
    use("client")
    with serve_range(tmp_path) as ports, proxy(leads_to="127.0.0.1") as between:
        names = f"http://127.0.0.1:{between.server_address[1]}"
        said = Walker(tmp_path, ports, names).walk(board, circumstances)
    assert said == {site.name: site.verdict_on(board, *circumstances) for site in sites(circumstances)}


@pytest.mark.micropython
@pytest.mark.parametrize("board", BOARDS)
def test_a_build_wraps_sockets_and_secures_streams(board, use, programs, certificates, port):
    """A server that greets first and takes client certificates, and a client that begins in the clear."""
    use("server")
    server = programs.run(find_or_fail(board), SOCKETS / "greeting_server.py", port, certificates, "good",
                          json.dumps({"cadata": str(certificates / "ca.crt"), "cert_reqs": 1}))
    server.line_that("ready")
    context = trusting(certificates)
    context.load_cert_chain(certificates / "client.crt", certificates / "client.key")
    with socket.create_connection(("127.0.0.1", port)) as raw:
        with context.wrap_socket(raw, server_hostname="localhost") as secure:
            assert secure.recv(100) == b"welcome\n"
            secure.sendall(b"stop\n")
            assert server.lines_until_end() == ["stopped"]
    use("client")
    other = programs.run(find_or_fail("cpython"), SOCKETS / "mail_server.py", port, certificates, "good")
    other.line_that("ready")
    client = programs.run(find_or_fail(board), SOCKETS / "mail_client.py", port, certificates)
    assert client.lines_until_end()[-1] == "221"


def run(programs, board, program):
    started = programs.run(find_or_fail(board), "-c", program, may_complain=True, name="a program on " + board)
    lines = started.lines_until_end()
    return lines, started.wait()


@pytest.mark.micropython
@pytest.mark.parametrize("profile", PROFILES)
def test_every_public_name_can_be_imported_from_the_build(profile, use, programs):
    use(profile)
    wanted = "\n".join(f"from microhttps import {name}\nprint({name}.__name__)" for name in PUBLIC)
    lines, status = run(programs, "micropython32", wanted)
    assert (lines, status) == (PUBLIC_NAMES, 0)


PUBLIC_NAMES = [getattr(microhttps, name).__name__ for name in PUBLIC]


@pytest.mark.micropython
@pytest.mark.parametrize("profile", PROFILES)
def test_errors_are_still_a_module(profile, use, programs):
    use(profile)
    program = ("from microhttps.errors import PeerError\nimport microhttps.errors\nimport microhttps\n"
               "print(microhttps.errors.PeerError is microhttps.PeerError is PeerError)")
    assert run(programs, "micropython32", program) == (["True"], 0)


@pytest.mark.micropython
def test_every_module_of_the_build_can_be_loaded_alone(built, use, programs):
    use("server")
    for path in sorted((built("server")[0] / "microhttps").glob("*.mpy")):
        name = "microhttps" if path.stem == "__init__" else "microhttps." + path.stem
        assert run(programs, "micropython32", f"import {name}\nprint('loaded')") == (["loaded"], 0), name


@pytest.mark.micropython
@pytest.mark.parametrize("board", BOARDS)
def test_a_traceback_names_module_and_line(board, built, use, programs):
    use("server")
    program = ("import sys, microhttps\ntry:\n  microhttps.Server(transport='pigeons')\n"
               "except microhttps.UsageError as error:\n  sys.print_exception(error, sys.stdout)\n  print(error)")
    lines, _ = run(programs, board, program)
    module, line = re.findall(r'File "(\w+)", line (\d+), in __init__', "\n".join(lines))[-1]
    assert "bad_transport" in (built("server")[1] / f"{module}.py").read_text().splitlines()[int(line) - 1]


@pytest.mark.parametrize("profile", PROFILES)
def test_no_docstring_is_left(profile, built):
    for path in built(profile)[1].glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
                assert ast.get_docstring(node) is None, path


def test_no_module_of_the_other_interpreter_is_built(built):
    told = dict(line.split(": ", 1) for line in (built("both")[1] / "names.txt").read_text().splitlines())
    names = [told[path.name] for path in (built("both")[0] / "microhttps").glob("[!_]*.mpy") if path.name in told]
    assert len(names) > 100
    words = ("cpython", "openssl", "mbedtls", "bearssl", "in_the_clear", "engines.finding", "expression", "asgi")
    assert not [name for name in names if any(word in name for word in words)]


@pytest.mark.parametrize("profile", PROFILES)
def test_a_board_gets_what_it_runs_and_no_types(profile, built):
    files = [path for path in built(profile)[0].rglob("*") if path.is_file()]
    assert {path.suffix for path in files if path.name not in (ROOTS, *BESIDE.values())} == {".mpy"}


def test_the_build_knows_of_every_class_that_looks_into_another():
    """Their attributes meet in one object: two of them that were given the same name would be one."""
    found = set()
    for path in Path(microhttps.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ClassDef) and "cpython" not in path.parts:
                found.update(node.name for part in node.body if getattr(part, "name", "") == "__getattr__"
                             and "getattr(self." in ast.unparse(part))
    assert found == set(STANDS_FOR)


def test_the_command_says_what_it_wrote_and_what_to_do_next(tmp_path, capsys):
    assert main(["--to", str(tmp_path / "lib"), "--profile", "client", "--sources", str(tmp_path / "src"),
                 "--without-lines"]) == 0
    said = capsys.readouterr().out
    assert str(tmp_path / "lib" / "microhttps") in said and "mpremote cp -r" in said
    assert (tmp_path / "lib" / "microhttps" / "client.mpy").exists()
    assert "Watcher" in (tmp_path / "src" / "names.txt").read_text()


def test_a_source_that_the_tool_does_not_understand_is_named(tmp_path):
    folder = tmp_path / "microhttps"
    (folder / "port").mkdir(parents=True)
    (folder / "__init__.py").write_text('__version__ = "0"\n_ROOMS = {"Server": "server"}\n')
    (folder / "port" / "__init__.py").write_text("from . import micropython as system\n")
    (folder / "port" / "micropython.py").write_text("def now():\n    return 1\n")
    (folder / "server.py").write_text("from .port import system\n\n\nclass Server:\n    port = [system]\n")
    with pytest.raises(BuildError, match="server, line 5: the module system is used as a value"):
        build(tmp_path / "lib", source=folder)


EXPLAINING = """
import gc
from microhttps.errors import TrustError
gc.collect()
before = gc.mem_alloc()
from microhttps.explain import explain
print(explain(TrustError("expired", host="a.example", not_after=1000000000))[0])
print(explain(TrustError("untrusted_issuer"), "server")[0])
gc.collect()
print("kept", gc.mem_alloc() - before)
"""


@pytest.mark.micropython
def test_a_built_board_explains_in_the_heap_that_a_request_takes_and_keeps_no_text(use, programs):
    use("client")
    started = programs.run(find_or_fail("micropython32"), "-c", EXPLAINING, heap="72k", name="a small board")
    said = started.lines_until_end()
    assert said[:2] == ["The certificate of a.example has expired: it ended on 2001-09-09.",
                        "A client showed a certificate that no trusted authority of ours has signed."]
    assert int(said[2].split()[1]) < 7 * 1024, "a text takes 6 KB more"


@pytest.mark.parametrize("option", ["--to", "--sources"])
def test_a_folder_with_files_of_somebody_else_is_left_alone(tmp_path, capsys, option):
    theirs = tmp_path / "theirs" / "microhttps" / "sources.py"
    theirs.parent.mkdir(parents=True)
    theirs.write_text("# not made by a build\n")
    assert main(["--to", str(tmp_path / "lib"), option, str(tmp_path / "theirs")]) == 1
    assert "holds what no build has put there" in capsys.readouterr().err
    assert theirs.read_text() == "# not made by a build\n"


def test_a_folder_that_cannot_be_made_is_said(tmp_path, capsys):
    (tmp_path / "file").write_bytes(b"")
    assert main(["--to", str(tmp_path / "file")]) == 1
    assert str(tmp_path / "file") in capsys.readouterr().err
