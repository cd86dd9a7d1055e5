"""examples/cloud_publish.py: seed 001's AWS sample, and an nginx that knows devices by their certificates."""

import json

import pytest

from harness.nginx import start_nginx
from harness.programs import free_port

# As AWS IoT Core: a topic takes a POST of who has a certificate of an authority that was registered, others get 403.
CLOUD = """
    ssl_client_certificate {authority}; ssl_verify_client optional;
    if ($ssl_client_verify != SUCCESS) {{ return 403 '{{"message": "Forbidden"}}'; }}
    location /topics/ {{ return 200 '{{"message": "OK", "as": "$ssl_client_s_dn", "method": "$request_method $uri",
                                     "qos": "$arg_qos", "length": "$http_content_length"}}'; }}
"""


@pytest.fixture
def cloud(programs, here, port):
    more = CLOUD.format(authority=here / "ca.crt")
    start_nginx(programs, here, port, (here / "device.crt", here / "device.key"), more=more)
    return port


@pytest.fixture
def publish(said, port):
    return lambda **changes: said("cloud_publish", **{
        "ENDPOINT": f"https://localhost:{port}", "TRUST": {"trust": "ca.crt"},
        "IDENTITY": {"identity": ["alice.crt", "alice.key"]}, **changes})


def test_it_publishes_as_who_its_certificate_says(publish, cloud):
    status, _, body = " ".join(publish()).partition(" ")
    told = json.loads(body)
    assert (status, told["as"], told["qos"]) == ("200", "CN=alice", "1")
    assert told["method"] == "POST /topics/lamp/temperature" and int(told["length"]) == len('{"degrees": 21.5}')


def test_without_a_certificate_it_is_not_let_in(publish, cloud):
    assert publish(IDENTITY=None) == ['403 {"message": "Forbidden"}']


def test_a_certificate_that_the_cloud_does_not_know_is_refused(publish, cloud, certificates):
    foreign = [str(certificates / "client-unknown.crt"), str(certificates / "client-unknown.key")]
    assert publish(IDENTITY={"identity": foreign})[0].startswith("400 ")  # nginx's way to say it


def test_a_cloud_that_is_not_to_be_believed_is_told_nothing(publish, cloud, certificates):
    lines = publish(TRUST={"trust": str(certificates / "stranger-ca.crt")})
    assert lines[0] == "failed: untrusted_issuer" and len(lines) == 4


def test_a_cloud_that_is_down_is_said(publish):
    assert publish(ENDPOINT=f"https://localhost:{free_port()}")[0] == "failed: refused"
