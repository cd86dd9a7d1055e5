"""examples/event_client.py: seed 004's program, and an nginx that answers as its site did."""

import pytest

from harness.nginx import start_nginx
from harness.programs import free_port

# As the site of the seed: who does not say what asks gets this page, over TLS that worked.
ACCESS_DENIED = """
    if ($http_user_agent !~ "@|https?:") { return 403 "<h1>Access Denied</h1>You don't have permission"; }
    location / { return 200 "welcome, $http_user_agent"; }
"""


@pytest.fixture(params=["TLSv1.2", "TLSv1.3"])
def site(request, programs, here, port):
    """What it speaks."""
    start_nginx(programs, here, port, (here / "device.crt", here / "device.key"), request.param, ACCESS_DENIED)
    return request.param


@pytest.fixture
def ask(said, port):
    return lambda **changes: said("event_client", **{"URL": f"https://localhost:{port}/", "TRUST": {"trust": "ca.crt"},
                                                     **changes})


def test_it_is_told_what_happens_and_is_let_in(ask, site):
    assert ask() == [f"connected to localhost with {site}",
                     "200 welcome, window-lamp/1.0 (https://lamp.example/contact)", "closed"]


def test_without_a_user_agent_of_its_own_access_is_denied(ask, site):
    """Which is an answer, over a handshake that had worked: what the seed's author took for its failure."""
    assert ask(USER_AGENT="") == [f"connected to localhost with {site}",
                                  "403 <h1>Access Denied</h1>You don't have permission", "closed"]


def test_a_site_of_another_authority_is_refused_whatever_it_would_answer(ask, site, certificates):
    lines = ask(TRUST={"trust": str(certificates / "stranger-ca.crt")})
    assert lines[0] == "failed: untrusted_issuer" and len(lines) == 5 and lines[4] == "closed"


def test_a_site_of_another_name_is_refused(ask, programs, here, certificates, port):
    start_nginx(programs, here, port, (certificates / "wrong-name.crt", certificates / "wrong-name.key"))
    assert ask(TRUST={"trust": str(certificates / "ca.crt")})[0] == "failed: wrong_name"


def test_a_site_that_is_down_is_said(ask):
    lines = ask(URL=f"https://localhost:{free_port()}/")
    assert lines[0] == "failed: refused" and lines[-1] == "closed"
