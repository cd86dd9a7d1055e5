"""docs/esp-idf.md is held to the code: its tests are there, its settings too, and nothing of ESP-IDF's is left out."""

import ast
import asyncio
import re

import pytest

from harness.interpreters import ROOT, find_or_fail
from harness.playing import play, start_server, stop_server
from harness.wire import open_tls
from microhttps import Server
from microhttps.limits import SERVER
from microhttps.tls_limits import SERVER_TLS
from microhttps.websocket_limits import WEBSOCKET

PAGE = (ROOT / "docs" / "esp-idf.md").read_text()
ROWS = [line for line in PAGE.splitlines() if line.startswith("| ") and not line.startswith("| there")]
OURS = {**SERVER, **SERVER_TLS, **WEBSOCKET}
# The members of their two structures (esp_https_server.h, esp_http_server.h), lengths left out.
THEIRS = """
httpd servercert prvtkey_pem server_key use_ecdsa_peripheral ecdsa_key_efuse_blk ecdsa_key_efuse_blk_high ecdsa_curve
use_secure_element cacert_pem client_cert_authmode_optional transport_mode port_secure port_insecure session_tickets
user_cb ssl_userdata cert_select_cb alpn_protos tls_handshake_timeout_ms tls_version ciphersuites_list
task_priority stack_size core_id task_caps ctrl_port max_req_hdr_len max_uri_len server_port max_open_sockets
max_uri_handlers max_resp_headers backlog_conn lru_purge_enable recv_wait_timeout send_wait_timeout global_user_ctx
global_transport_ctx enable_so_linger linger_timeout keep_alive_enable keep_alive_idle keep_alive_interval
keep_alive_count if_name open_fn close_fn uri_match_fn
""".split()
NONE_OF = ("task_priority", "stack_size", "core_id", "task_caps", "ctrl_port", "use_ecdsa_peripheral",
           "ecdsa_key_efuse_blk", "use_secure_element", "max_uri_handlers", "max_resp_headers")


def functions_of(path):
    return {node.name for node in ast.parse(path.read_text()).body if isinstance(node, ast.FunctionDef)}


@pytest.mark.parametrize("row", ROWS, ids=[row.split("|")[1].strip().replace("`", "")[:60] for row in ROWS])
def test_every_row_names_tests_that_are_there(row):
    named = re.findall(r"`(tests/[^`]+)`", row.split("|")[-2])
    assert named, "a row without a test"
    for name in named:
        path, _, function = name.partition("::")
        assert (ROOT / path).is_file(), name
        if function:
            assert function in functions_of(ROOT / path), name
        else:
            assert path.startswith("tests/scenarios/") and "EXPECTED" in (ROOT / path).read_text(), name


def settings_named(text):
    """The settings of "setting `a`" and "settings `a`, `b` (…), `c`"."""
    found = re.findall(r"\bsetting `(\w+)`", text)
    for several in re.findall(r"\bsettings ((?:`\w+`(?: \([^)]*\))?(?:, )?)+)", text):
        found += re.findall(r"`(\w+)`", several)
    return found


def test_every_setting_the_page_names_is_one_and_none_is_left_out():
    named = set(settings_named(PAGE)) | {"websocket_ping_interval"}
    assert named - set(OURS) == set()
    assert set(OURS) - named == set()


def test_every_member_of_their_structures_is_on_the_page():
    left = PAGE[:PAGE.index("## Life of a server")]
    assert [name for name in THEIRS if f"`{name}`" not in left] == []


@pytest.mark.parametrize("setting", NONE_OF)
def test_what_there_is_none_of_is_refused_by_name(setting, interpreter, programs, certificates, port):
    server = play(programs, "server", interpreter, "harness.everyday", port, certificates,
                  {"settings": {setting: 1}, "expects_error": True})
    assert server.lines_until_end() == ["error unknown_setting"]


def test_a_port_of_0_is_chosen_by_the_system_and_told():
    async def ask():
        server = Server(transport="insecure", host="127.0.0.1", port=0)
        server.get("/")(lambda request: "small")
        await server.start()
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        writer.write(b"GET / HTTP/1.0\r\n\r\n")
        answer = await reader.read()
        writer.close()
        await server.stop()
        return server.port, answer

    port, answer = asyncio.run(ask())
    assert port > 0 and answer.endswith(b"small")


def test_two_servers_share_a_port(programs, certificates, port):
    """SO_REUSEPORT: the second one starts, and either may answer."""
    servers = [start_server(programs, find_or_fail("cpython"), "harness.everyday", port, certificates,
                            settings={"reuse_port": True}) for _ in range(2)]
    for _ in range(4):
        with open_tls(port, certificates) as line:
            line.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
            assert line.recv(1000).endswith(b"small")
    for server in servers:
        stop_server(server)


def test_on_event_hears_of_sessions_and_requests(interpreter, programs, certificates, port):
    server = start_server(programs, interpreter, "harness.hearing", port, certificates)
    with open_tls(port, certificates) as line:
        line.sendall(b"GET /page?x=1 HTTP/1.1\r\nHost: localhost\r\n\r\n")
        assert line.recv(1000).startswith(b"HTTP/1.1 404")
    assert server.line() == "session_open 127.0.0.1"
    assert server.line() == "request 127.0.0.1 GET /page?x=1 404"
    assert server.line() == "session_close 127.0.0.1"
    stop_server(server)
