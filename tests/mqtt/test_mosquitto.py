"""mosquitto demands a client certificate: umqtt.simple on MicroPython and paho-mqtt on CPython show one of ours."""

import pytest

from harness.interpreters import find_or_fail
from harness.playing import start_client
from harness.programs import until

# interpreter: the module that speaks MQTT there
CLIENTS = {"cpython": "mqtt.by_paho", "micropython": "mqtt.by_umqtt", "micropython32": "mqtt.by_umqtt"}
# what the server shows: words of the interpreters' own TLS
BAD_SERVERS = {
    "wrong-name": ("Hostname mismatch", "does not match with"),
    "unknown": ("unable to get local issuer", "not correctly signed"),
    "expired": ("certificate has expired", "has expired"),
    "self-signed": ("self-signed certificate", "not correctly signed"),
}
# certificate that the client shows: what mosquitto logs
BAD_CLIENTS = {
    None: "peer did not return a certificate",
    "client-unknown": "certificate verify failed",
    "client-expired": "certificate verify failed",
    "client-self-signed": "certificate verify failed",
    "client-forged": "certificate verify failed",
}


@pytest.fixture
def talk(broker, umqtt, programs, certificates):
    """What an MQTT client on that interpreter says, which connects where the broker shows this certificate."""

    def run(interpreter, shown="good", **options):
        client = start_client(programs, find_or_fail(interpreter), CLIENTS[interpreter], broker.ports[shown],
                              certificates, umqtt=str(umqtt),
                              may_complain=True, **options)  # paho leaves the pair of sockets that wakes it
        said = client.lines_until_end()
        assert client.wait() == 0, client.complaints
        return said

    return run


@pytest.mark.parametrize("client", CLIENTS)
@pytest.mark.parametrize("identity", ["client", "client-chain"])
def test_a_client_is_known_by_its_certificate_publishes_and_receives(identity, client, talk, broker):
    assert talk(client, identity=identity) == ["received rooms/kitchen 21.5"]
    assert "u'alice'" in broker.said()


@pytest.mark.parametrize("client", CLIENTS)
@pytest.mark.parametrize("shown", BAD_SERVERS)
def test_a_server_that_is_not_to_be_believed_is_told_nothing(shown, client, talk, broker):
    said = talk(client, shown, identity="client")
    assert len(said) == 1 and said[0].startswith("refused ")
    assert BAD_SERVERS[shown][client != "cpython"] in said[0]
    assert "alice" not in broker.said()


@pytest.mark.micropython
def test_umqtt_must_say_whom_it_wants_and_gets_nobody_else(talk, broker):
    """What it hands on is up to its caller: a name that was forgotten is no way around the verification."""
    assert "does not match with" in talk("micropython", identity="client", host="elsewhere.example")[0]
    assert "requires server_hostname" in talk("micropython", identity="client", host=None)[0]
    assert "alice" not in broker.said()


@pytest.mark.parametrize("client", CLIENTS)
@pytest.mark.parametrize("identity", BAD_CLIENTS)
def test_a_client_with_no_certificate_or_a_foreign_one_is_refused(identity, client, talk, broker):
    said = talk(client, identity=identity)
    assert len(said) == 1 and said[0].startswith("refused ")
    until(lambda: BAD_CLIENTS[identity] in broker.said())
    assert "New client connected" not in broker.said()
