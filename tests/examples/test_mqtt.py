"""examples/mqtt_on_a_board.py and mqtt_on_a_computer.py with a mosquitto that demands client certificates.

The program of a comment under seed 002 (Azure, port 8883, `setCertificate`), and seed 001's Basic_AWS.
"""

import queue
import ssl
import subprocess
from pathlib import Path

import pytest
from paho.mqtt.client import CallbackAPIVersion, Client, MQTTv5

from harness.programs import free_port, is_listening, until
from mqtt.conftest import broker, umqtt  # noqa: F401, fixtures

HERE = Path(__file__).parent
PROGRAMS = {"cpython": "mqtt_on_a_computer", "micropython": "mqtt_on_a_board"}
TOPIC = "devices/lamp/messages/events/"


@pytest.fixture
def ask(interpreter, broker, umqtt, said, certificates):  # noqa: F811
    """What the example of each interpreter says, as a client that shows a certificate of the range."""

    def run(client="client", shown="good", trust="ca", name=None, **changes):
        identity = [str(certificates / f"{client}.{kind}") for kind in ("crt", "key")] if client else None
        changes = {"mqtt_broker.HOST": "localhost", "mqtt_broker.PORT": broker.ports[shown], "mqtt_broker.LISTEN": 20,
                   "mqtt_broker.TRUST": {"trust": str(certificates / f"{trust}.crt")},
                   "mqtt_broker.IDENTITY": {"identity": identity} if client else None, **changes}
        more = {"path": (umqtt, HERE), "before": ["umqtt_of_today"]} if interpreter.is_micropython else {}
        # paho leaves the pair of sockets that wakes it when a connection fails
        return said(name or PROGRAMS[interpreter.name], may_complain=True, **changes, **more)

    return run


@pytest.fixture
def heard(broker, certificates):  # noqa: F811
    """What arrives at somebody else's client of the broker."""
    messages, subscribed = queue.Queue(), queue.Queue()
    context = ssl.create_default_context(cafile=str(certificates / "ca.crt"))
    context.load_cert_chain(certificates / "client-other.crt", certificates / "client-other.key")
    client = Client(CallbackAPIVersion.VERSION2, "listener", protocol=MQTTv5)
    client.tls_set_context(context)
    client.on_connect = lambda *_: client.subscribe("#")
    client.on_subscribe = lambda *_: subscribed.put(True)
    client.on_message = lambda _, __, message: messages.put((message.topic, message.payload))
    client.connect("localhost", broker.ports["good"])
    client.loop_start()
    subscribed.get(timeout=20)
    yield messages
    client.disconnect()
    client.loop_stop()


def test_a_measurement_arrives_from_who_the_certificate_says(ask, heard, broker):  # noqa: F811
    assert ask() == ["published"]
    assert heard.get(timeout=20) == (TOPIC, b"21.5")
    assert "u'alice'" in broker.said()


def test_amazon_wants_no_user(ask, heard):
    assert ask(**{"mqtt_broker.USER": None, "mqtt_broker.TOPIC": "lamp/temperature"}) == ["published"]
    assert heard.get(timeout=20) == ("lamp/temperature", b"21.5")


@pytest.mark.parametrize(("client", "reason"), [(None, "peer did not return a certificate"),
                                                ("client-unknown", "certificate verify failed"),
                                                ("client-expired", "certificate verify failed")])
def test_without_a_certificate_that_the_broker_knows_it_is_said_why(client, reason, ask, broker):  # noqa: F811
    """The sketch of the comment has empty certificates in it, and says "Connection failed!"."""
    said = ask(client)
    assert "failed: handshake_refused" in said, said
    assert len(said[said.index("failed: handshake_refused"):]) == 4
    until(lambda: reason in broker.said())
    assert "New client connected" not in broker.said()


@pytest.mark.parametrize(("shown", "code"), [("wrong-name", "wrong_name"), ("unknown", "untrusted_issuer"),
                                             ("expired", "expired")])
def test_a_broker_that_is_not_to_be_believed_is_told_nothing_and_it_is_said_why(shown, code, ask, broker):  # noqa: F811
    assert f"failed: {code}" in ask(shown=shown)
    assert "alice" not in broker.said()


def test_a_broker_that_is_down_is_said(ask):
    assert "failed: refused" in ask(**{"mqtt_broker.PORT": free_port()})


def test_the_connection_alone_is_tried_and_found_good(ask):
    said = ask(name="mqtt_broker", **{"mqtt_broker.LISTEN": 1})
    assert said[0].startswith("connected: TLSv1.3 ") and said[1].startswith("TLS is good on both sides")


def test_who_is_refused_by_mqtt_is_told_to_ask_the_broker(run_refusing, ask):
    """A broker that knows the certificate and not the user, as Azure when USER is another device's."""
    said = ask(**{"mqtt_broker.PORT": run_refusing, "mqtt_broker.LISTEN": 1})
    assert said[-1].startswith("TLS is good on both sides"), said


@pytest.fixture
def run_refusing(tool, programs, certificates, tmp_path):
    """A mosquitto that wants a password besides: its port."""
    port = free_port()
    passwords, configuration = tmp_path / "passwords", tmp_path / "refusing.conf"
    passwords.touch()
    passwords.chmod(0o600)
    subprocess.run([tool("mosquitto_passwd"), "-b", passwords, "somebody", "a password"], check=True)
    configuration.write_text("\n".join([
        f"listener {port} 127.0.0.1", f"cafile {certificates}/ca.crt", f"certfile {certificates}/good.crt",
        f"keyfile {certificates}/good.key", "require_certificate true", "allow_anonymous false", "user root",
        f"password_file {passwords}"]) + "\n")
    programs.start([tool("mosquitto"), "-c", configuration], "mosquitto", may_complain=True)
    until(lambda: is_listening(port))
    return port
