"""What a server tells of itself, beside what was done to it by curl, openssl and sockets, on both interpreters."""

import contextlib
import shutil
import socket
import ssl
import struct
import subprocess

import pytest

from harness.asgi_servers import SERVERS, start_asgi_server
from harness.interpreters import find_or_fail
from harness.programs import find_tool, until
from harness.wire import client_hello, open_raw, open_tls, read_until_end, trusting
from microhttps import PeerError, Server
from microhttps.reporting.counts import MOST_FAILURES, Counts

from .application import PASSWORD
from .watching import Watched

BOARDS = ("cpython", "micropython", "micropython32")
GET = b"GET %s HTTP/1.1\r\nHost: localhost\r\n\r\n"


@pytest.fixture(params=BOARDS)
def machine(request):
    """Each interpreter in turn, the small one too."""
    return find_or_fail(request.param)


def ask(tls, path=b"/"):
    tls.sendall(GET % path)
    return tls.recv(4000)


def own(now, port):
    """What is told of a connection from this port of ours."""
    return next((session for session in now["sessions"] if session["port"] == port), None)


def test_a_connection_is_told_as_it_is(machine, watch, certificates):
    server = watch(machine)
    context = trusting(certificates)
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    with open_tls(server.port, certificates, context) as tls:
        ask(tls)
        ask(tls)
        port = tls.getsockname()[1]
        told = own(server.now(), port)
        assert (told["address"], told["state"], told["requests"]) == ("127.0.0.1", "idle", 2)
        assert told["version"] == "TLSv1.2"
        assert told["own"] is False and told["resumed"] is False and "names" not in told
        assert told["received"] == 2 * len(GET % b"/") and told["sent"] > 200
        cipher = tls.cipher()[0]
        assert told["cipher"] == cipher or machine.is_micropython and told["cipher"].startswith("TLS-ECDHE-ECDSA")
        older = own(server.now_that(lambda now: own(now, port)["idle"] > 0), port)
        assert older["age"] >= older["idle"] > 0
        tls.sendall(GET % b"/slow")
        assert own(server.now_that(lambda now: own(now, port)["state"] == "request"), port)["requests"] == 3
    assert own(server.now_that(lambda now: own(now, port) is None), port) is None


def test_who_shakes_hands_is_told_so(machine, watch):
    server = watch(machine)
    with open_raw(server.port) as raw:
        port = raw.getsockname()[1]
        told = own(server.now_that(lambda now: own(now, port) is not None), port)
        assert (told["state"], told["requests"], told["idle"]) == ("handshake", 0, 0)
        assert "version" not in told


def test_who_asks_is_marked(machine, watch):
    now = watch(machine).now()
    assert [session["own"] for session in now["sessions"]] == [True]
    assert now["pool"]["open"] == 1 and now["pool"]["of"] == 8


def test_answers_are_counted_by_class_and_those_to_the_page_are_not(machine, watch, certificates):
    server = watch(machine, may_complain=True)
    with open_tls(server.port, certificates) as tls:
        for path in (b"/", b"/", b"/moved", b"/nowhere", b"/fails", b"/status/now"):
            ask(tls, path)
    assert server.curl("/", "-X", "BREW", "-o", "/dev/null", "-w", "%{http_code}") == "501"
    for _ in range(3):
        now = server.now()
    assert now["requests"]["answers"] == {"1xx": 0, "2xx": 2, "3xx": 1, "4xx": 2, "5xx": 2}
    assert now["requests"]["total"] == 7
    assert "on purpose" in server.program.complaints or machine.is_micropython, "nobody else hears of it"


def test_requests_are_told_by_the_second(machine, watch, certificates):
    server = watch(machine)
    assert sum(server.now()["requests"]["seconds"]) == 0
    with open_tls(server.port, certificates) as tls:
        for _ in range(5):
            ask(tls)
        now = server.now_that(lambda now: sum(now["requests"]["seconds"]) == 5)
    assert len(now["requests"]["seconds"]) <= now["uptime"] <= 60
    assert sum(server.now()["requests"]["seconds"]) == 5, "to ask for it changes nothing"


def refuse_the_authority(server, certificates):
    context = ssl.create_default_context(cafile=str(certificates / "stranger-ca.crt"))
    with contextlib.suppress(ssl.SSLError):
        open_tls(server.port, certificates, context).close()


def speak_plain_http(server, certificates):
    with open_raw(server.port) as raw:
        raw.sendall(GET % b"/")
        read_until_end(raw)


def speak_nonsense(server, certificates):
    with open_raw(server.port) as raw:
        raw.sendall(b"\x16\x03\x01\x00\x05hello" + bytes(200))
        read_until_end(raw)


def speak_tls_1_1(server, certificates):
    subprocess.run([find_tool("openssl"), "s_client", "-connect", f"127.0.0.1:{server.port}", "-tls1_1", "-cipher",
                    "DEFAULT:@SECLEVEL=0"], stdin=subprocess.DEVNULL, capture_output=True, timeout=30)


def leave_within_the_hello(server, certificates):
    with open_raw(server.port) as raw:
        raw.sendall(client_hello())
        raw.recv(1)
        raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


def say_nothing(server, certificates):
    with open_raw(server.port) as raw:
        read_until_end(raw)


FAILED = {
    refuse_the_authority: ("handshake", "handshake_refused", ("unknown_ca", None)),
    speak_plain_http: ("handshake", "peer_is_not_tls", ("http", None)),
    speak_tls_1_1: ("handshake", "no_common_version", (None,)),
    leave_within_the_hello: ("handshake", "reset", (None,)),
    say_nothing: ("handshake", "deadline", ("handshake_timeout",)),
}


@pytest.mark.parametrize("fail", FAILED, ids=lambda fail: fail.__name__)
def test_a_handshake_that_failed_is_counted_by_its_reason(fail, machine, watch, certificates):
    what, code, details = FAILED[fail]
    # Who looks has as much time for a handshake as who says nothing in it: little only where that is waited for.
    server = watch(machine, settings={"handshake_timeout": 3 if fail is say_nothing else 30})
    server.now()
    fail(server, certificates)
    fail(server, certificates)
    failures = server.now_that(lambda now: now["handshakes"]["failed"] == 2)["failures"]
    assert [(each["at"], each["code"], each["count"], each["address"]) for each in failures] == [
        (what, code, 2, "127.0.0.1")]
    assert failures[0]["detail"] in details and 0 <= failures[0]["ago"] < 20


def test_nonsense_is_counted_too_whatever_the_tls_library_calls_it(machine, watch, certificates):
    server = watch(machine)
    speak_nonsense(server, certificates)
    now = server.now_that(lambda now: now["handshakes"]["failed"] == 1)
    assert now["failures"][0]["code"] in ("handshake_failed", "peer_is_not_tls", "no_common_version", "bad_record")


def test_a_client_without_the_certificate_that_is_wanted_is_counted(machine, watch, certificates):
    server = watch(machine, clients="required", guard="certificate")
    shown = ("--cert", str(certificates / "client.crt"), "--key", str(certificates / "client.key"))
    with contextlib.suppress(ssl.SSLError, OSError), open_tls(server.port, certificates) as tls:
        ask(tls)

    def failures():
        return server.now(*shown)["failures"]

    until(failures)
    assert [each["code"] for each in failures()] == ["no_client_certificate"]
    other = ("--cert", str(certificates / "client-other.crt"), "--key", str(certificates / "client-other.key"))
    assert server.status_of("/status", *other) == 403
    assert server.now(*shown)["sessions"][0]["names"] == ["alice.example"]


def test_a_request_that_is_none_and_an_answer_nobody_took_are_counted(machine, watch, certificates):
    server = watch(machine)
    with open_tls(server.port, certificates) as tls:
        tls.sendall(b"GET / HTTP/1.1\r\nno colon\r\n\r\n")
        assert tls.recv(1000).startswith(b"HTTP/1.1 400")
    now = server.now_that(lambda now: now["failures"])
    assert (now["failures"][0]["at"], now["requests"]["answers"]["4xx"]) == ("request", 1)


def test_refused_and_purged_connections_are_counted(machine, watch, certificates):
    """Who is idle gives way to a newcomer; who is busy does not, and the newcomer is refused."""
    server = watch(machine, settings={"max_open_sockets": 3, "max_sockets_per_address": 2})
    with contextlib.ExitStack() as open_ones:
        idle = open_ones.enter_context(open_tls(server.port, certificates))
        ask(idle)
        for _ in range(2):
            busy = open_ones.enter_context(open_tls(server.port, certificates))
            busy.sendall(GET % b"/slow")
        assert read_until_end(idle)[0] == b""
        raw = open_ones.enter_context(open_raw(server.port))
        assert read_until_end(raw)[0] == b""
        pool = elsewhere(server, certificates)["pool"]
    assert (pool["open"], pool["refused"], pool["purged"]) == (3, 1, 1)


def elsewhere(server, certificates):
    """The figures, asked from another address."""
    return server.now("-u", "admin:" + PASSWORD, "--interface", "127.0.0.7", "--connect-to", "::127.0.0.1:")


def test_a_connection_is_closed_where_that_is_allowed(machine, watch, certificates):
    server = watch(machine, can_close=True)
    admin = ("-u", "admin:" + PASSWORD, "-X", "POST")
    with open_tls(server.port, certificates) as tls:
        ask(tls)
        path = "/status/close/127.0.0.1/%d" % tls.getsockname()[1]
        assert server.status_of(path, "-X", "POST") == 401
        assert server.status_of(path, *admin, "-H", "Sec-Fetch-Site: cross-site") == 403
        assert server.status_of(path, *admin, "-H", "Origin: https://evil.example") == 403
        assert server.status_of(path, "-u", "admin:" + PASSWORD) == 405
        ask(tls)
        assert server.status_of(path, *admin) == 204
        assert read_until_end(tls)[0] == b""
    assert server.status_of(path, *admin) == 404
    assert server.now()["can_close"] is True


def test_nobody_closes_anything_where_it_was_not_allowed(machine, watch):
    server = watch(machine)
    assert server.status_of("/status/close/127.0.0.1/1", "-u", "admin:" + PASSWORD, "-X", "POST") == 404
    assert server.now()["can_close"] is False


def test_without_a_guard_it_does_not_begin(machine, watch):
    program = watch(machine, refuses=True).program
    assert program.seen[-5:] == ["open_status", "open_status", "open_status", "no_status_page", "ready"]


def test_guards_of_ones_own_let_in_who_they_know(machine, watch):
    server = watch(machine, guard="bearer")
    assert server.status_of("/status") == server.status_of("/status/now") == 401
    assert server.status_of("/status/now", "-H", "Authorization: Bearer another") == 401
    assert server.now("-H", "Authorization: Bearer a-token")["requests"]["answers"]["4xx"] == 3


@pytest.mark.parametrize(("guard", "status"), [("users", 401), ("session", 403), ("public", 200)])
def test_who_may_not_look_sees_nothing(guard, status, machine, watch):
    server = watch(machine, guard=guard)
    assert {server.status_of(path) for path in ("/status", "/status/", "/status/now")} == {status}


@pytest.mark.parametrize("prefix", ["/admin/status/", "/admin/status"])
def test_it_is_found_with_a_slash_at_its_end_and_without(prefix, machine, watch):
    server = watch(machine, guard="public", prefix=prefix)
    assert server.curl("/admin/status/").startswith("<!doctype html>")
    assert server.status_of("/admin/status") == 200


def test_an_application_that_hears_events_itself_goes_on_hearing(machine, watch):
    server = watch(machine, hears=True)
    server.curl("/")
    assert server.now()["requests"]["answers"]["2xx"] == 1
    assert [server.program.line_that("heard") for _ in range(2)] == ["heard session_open", "heard request"]


def test_a_certificate_is_told_and_the_one_that_it_is_renewed_with(machine, watch, certificates, tmp_path):
    for kind in ("crt", "key"):
        shutil.copy(certificates / f"good.{kind}", tmp_path)
    server = watch(machine, tmp_path, settings={"identity_check_interval": 0.2})
    told = server.now()["certificates"]
    assert told[0]["names"] == ["localhost", "127.0.0.1", "::1"] and told[0]["issuer"] == "microhttps tests"
    assert told[0]["days_left"] in (89, 90)
    for kind in ("key", "crt"):
        shutil.copy(certificates / f"chain.{kind}", tmp_path / f"good.{kind}")
    server.now_that(lambda now: now["certificates"][0]["issuer"] == "microhttps tests, intermediate")


def test_certificates_for_other_names_are_told(watch):
    told = watch(find_or_fail("cpython"), other=True).now()["certificates"]
    assert [(each["for"], each["names"]) for each in told] == [
        (None, ["localhost", "127.0.0.1", "::1"]), ("second.example", ["second.example", "*.wild.example"])]


@pytest.mark.parametrize("name", SERVERS)
def test_under_an_asgi_server_it_tells_of_answers(name, programs, certificates, port):
    """Which has the connections and the TLS."""
    server = Watched(start_asgi_server(programs, name, "status.application", port, certificates), certificates, port)
    assert server.curl("/") == "page"
    assert server.status_of("/nowhere") == 404
    assert server.status_of("/status") == 401
    now = server.now()
    assert now["requests"]["answers"] == {"1xx": 0, "2xx": 1, "3xx": 0, "4xx": 2, "5xx": 0}
    assert (now["requests"]["total"], now["sessions"], now["pool"]["open"]) == (3, [], None)
    assert server.curl("/status", "-u", "admin:" + PASSWORD).startswith("<!doctype html>")


def test_memory_and_versions_are_told(machine, watch):
    now = watch(machine).now()
    if machine.is_micropython:
        assert now["memory"]["used"] > 10_000 and now["memory"]["free"] > 10_000
        assert now["software"]["tls"] == "Mbed TLS" and now["software"]["interpreter"].startswith("MicroPython v1.")
    else:
        assert now["memory"]["resident"] > 10_000_000
        assert now["software"]["tls"].startswith("OpenSSL ") and now["software"]["interpreter"].startswith("Python 3.")


def test_kinds_of_failures_are_bounded():
    """A peer chooses alerts, and so how many kinds there are."""
    counts = Counts(Server(transport="insecure"))
    for number in range(3 * MOST_FAILURES):
        counts.tell("session_error", None, error=PeerError("code %d" % number), address=("192.0.2.1", 1))
    told = counts.failures()
    assert len(told) == MOST_FAILURES + 1
    assert sum(each[3] for each in told) == 3 * MOST_FAILURES


def test_the_last_minute_is_a_minute():
    counts = Counts(Server(transport="insecure"))
    for number in range(100):
        counts.classes[2] = 10 * (number + 1)
        counts._take(1)
    assert counts.samples == [10] * 60
    counts.classes[2] += 7
    counts._take(3)  # the loop was held up
    assert counts.samples[-3:] == [2, 2, 3] and len(counts.samples) == 60
    assert counts._seconds == 103
