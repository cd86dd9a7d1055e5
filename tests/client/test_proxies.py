"""Through a proxy, on both interpreters: tunnels for what is secret, whole URLs for what is not, and its refusals."""

import pytest

from client.proxying import SECRET, proxy
from harness.interpreters import find_or_fail
from harness.playing import start_client, start_server, stop_server

CLIENTS = ("cpython", "micropython")


@pytest.fixture
def ask(programs, certificates, port):
    """What a client says that goes through a proxy."""

    def run(interpreter, through, **options):
        client = start_client(programs, find_or_fail(interpreter), "client.asking", port, certificates,
                              client_settings={"proxy": through}, **options)
        said = client.lines_until_end()
        assert client.wait() == 0, client.fail("failed")
        return said

    server = start_server(programs, find_or_fail("cpython"), "harness.everyday", port, certificates)
    yield run
    stop_server(server)


def where(server, user=""):
    return f"http://{user}127.0.0.1:{server.server_address[1]}"


@pytest.mark.parametrize("client", CLIENTS)
def test_https_goes_through_a_tunnel_and_is_verified_to_the_host(client, ask, port):
    with proxy() as between:
        assert ask(client, where(between), times=2) == ["200 small False"] * 2
    assert between.asked == [(f"CONNECT localhost:{port} HTTP/1.1", {"host": f"localhost:{port}"})]


@pytest.mark.parametrize("client", CLIENTS)
def test_a_bare_stream_goes_through_a_tunnel_too(client, ask, port):
    with proxy() as between:
        assert ask(client, where(between), by_hand=True)[-1] == "HTTP/1.1 200 OK"
    assert [line for line, _ in between.asked] == [f"CONNECT localhost:{port} HTTP/1.1"] * 2


@pytest.mark.parametrize("client", CLIENTS)
def test_plain_http_is_asked_of_the_proxy_itself(client, ask):
    with proxy() as between:
        said = ask(client, where(between), url="http://device.example:81/page?x=1")
    assert said == ["200 through the proxy: http://device.example:81/page?x=1 -"]
    assert between.asked[0][1]["host"] == "device.example:81"


@pytest.mark.parametrize("client", CLIENTS)
@pytest.mark.parametrize(("scheme", "port_of_it"), [("ws", 80), ("wss", 443)])
def test_websockets_go_through_a_tunnel_in_clear_too(scheme, port_of_it, client, ask):
    """RFC 6455 section 4.1: a proxy that is asked itself does not know what an upgrade is."""
    with proxy(answer=b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n") as between:
        assert ask(client, where(between), websocket=f"{scheme}://device.example/") == ["proxy_refused 502 True"]
    assert [line for line, _ in between.asked] == [f"CONNECT device.example:{port_of_it} HTTP/1.1"]


@pytest.mark.parametrize("client", CLIENTS)
def test_a_name_and_a_password_are_for_the_proxy_alone(client, ask, port):
    with proxy(wants_password=True) as between:
        assert ask(client, where(between, "ann:pa%3Ass@")) == ["200 small False"]
        assert ask(client, where(between, "ann:wrong@")) == ["proxy_refused 407 True"]
    assert between.asked[0][1]["proxy-authorization"] == SECRET


@pytest.mark.parametrize("client", CLIENTS)
@pytest.mark.parametrize(("answer", "said"), [
    (b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n", "proxy_refused 502 True"),
    (b"HTTP/1.1 200 OK\r\n\r\nbehind the head", "proxy_refused None True"),
    (b"SSH-2.0-OpenSSH\r\n\r\n", "bad_status_line None False"),
    (b"", "reset None True"),
])
def test_a_proxy_that_opens_no_tunnel_is_told_apart_from_the_host(answer, said, client, ask):
    with proxy(answer=answer) as between:
        assert ask(client, where(between)) == [said]


@pytest.mark.parametrize("client", CLIENTS)
def test_a_proxy_that_is_not_there_is_named(client, ask):
    assert ask(client, "http://127.0.0.1:1") == ["refused None True"]


@pytest.mark.parametrize("client", CLIENTS)
def test_a_proxy_of_another_kind_is_refused(client, ask):
    assert ask(client, "socks5://127.0.0.1:1080")[0].startswith("bad_url")
    assert ask(client, "https://127.0.0.1:1080")[0].startswith("bad_proxy")
