"""Each example as it is started by its reader, `python FILE` and `micropython FILE`: nothing but places is changed."""

import shutil

import pytest

from examples.conftest import EXAMPLES, press_ctrl_c
from harness.programs import free_port, is_listening, until

SERVERS = ("device", "door", "network_server", "socket_polling_server", "socket_temperature_server", "upload",
           "websocket_server")
# client: the place it asks, and what stands there while nobody listens
CLIENTS = {
    "check_my_tls": ("www.howsmyssl.com", "localhost:{port}"),
    "check_my_tls_by_hand": ("PORT = 443", "PORT = {port}"),
    "cloud_publish": ("xxxxxxxxxxxxxx-ats.iot.eu-central-1.amazonaws.com:8443", "localhost:{port}"),
    "event_client": ("api.weather.gov", "localhost:{port}"),
    "mqtt_broker": ("PORT = 8883", "PORT = {port}"),
    "pinned_client": ("lamp.local", "localhost:{port}"),
    "socket_client": ("PORT = 443", "PORT = {port}"),
}
COULD_NOT_CONNECT = 7  # of curl
HOSTS = ("www.howsmyssl.com", "www.python.org", "xxx.azure-devices.net")


@pytest.fixture
def start(programs, interpreter, here):
    def run(name, old, new):
        for file in EXAMPLES.glob("*.py"):
            shutil.copy(file, here)
        text = (here / f"{name}.py").read_text()
        assert old in text
        text = text.replace(old, new)
        for host in HOSTS:
            text = text.replace(f'"{host}"', '"localhost"')
        (here / f"{name}.py").write_text(text)
        return programs.run(interpreter, f"{name}.py", cwd=here)

    return run


@pytest.mark.parametrize("name", SERVERS)
def test_a_server_serves_until_ctrl_c(name, start, curl, port):
    server = start(name, "8443", str(port))
    until(lambda: curl("/")[0] != COULD_NOT_CONNECT or not server.is_running())
    press_ctrl_c(server)
    assert not is_listening(port)


@pytest.mark.parametrize("name", CLIENTS)
def test_a_client_whose_server_is_down_says_so(name, start, here, certificates):
    shutil.copy(certificates / "ca.crt.der", here / "howsmyssl.der")
    old, new = CLIENTS[name]
    client = start(name, old, new.format(port=free_port()))
    assert "fail" in " ".join(client.lines_until_end())
    assert client.wait() == 0
