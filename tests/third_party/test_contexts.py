"""Contexts of ours in other people's hands: asyncio, http.client, urllib and `tls`, against nginx and each other."""

import pytest

from harness.playing import start_client, start_server, stop_server
from third_party.wanting import start_nginx

WAYS = {"cpython": ("by_streams", "by_http_client", "by_urllib"), "micropython": ("by_streams", "by_tls")}
REFUSALS = ("handshake_refused", "handshake_failed", "reset")  # an alert, one that cannot be read, and none
REFUSED = {  # by the interpreters' own words
    "wrong-name": ("Hostname mismatch", "does not match with"),
    "unknown": ("unable to get local issuer", "not correctly signed"),
    "expired": ("certificate has expired", "has expired"),
}


@pytest.mark.parametrize("protocols", ["TLSv1.2", "TLSv1.3"])
def test_they_verify_and_show_our_certificate(protocols, interpreter, programs, certificates, tmp_path):
    shown = ["good", *REFUSED]
    shows = [*shown, "name-only"]
    ports = start_nginx(programs, certificates, tmp_path, shows, protocols)
    client = start_client(programs, interpreter, "third_party.asking_with_contexts", 0, certificates, ports=ports,
                          shown=shown, identities=["client", None])
    said = client.lines_until_end()
    assert client.wait() == 0, client.complaints
    for way in WAYS[interpreter.name]:
        assert f"{way} good client CN=alice" in said
        assert f"{way} good None no certificate" in said
        for name, words in REFUSED.items():
            for identity in ("client", None):
                line = next(line for line in said if line.startswith(f"{way} {name} {identity} "))
                assert "refused" in line and words[interpreter.is_micropython] in line
    assert said[-4] == "without a name CN=alice"
    assert said[-3].startswith("without a name refused ")
    assert said[-2:] == ["only_our_client"] * 2


def test_a_server_of_asyncio_demands_client_certificates(pairing, programs, certificates, port):
    serving, asking = pairing
    server = start_server(programs, serving, "third_party.serving_with_contexts", port, certificates,
                          may_complain=True)
    assert server.seen[0] == "bad_client_trust"
    client = start_client(programs, asking, "third_party.showing", port, certificates,
                          identities=["client", None, "client-unknown", "client-other"])
    said = client.lines_until_end()
    assert client.wait() == 0, client.complaints
    assert (said[0], said[3]) == ("client 200", "client-other 200")
    assert said[1].split()[1] in REFUSALS and said[2].split()[1] in REFUSALS
    stop_server(server)
