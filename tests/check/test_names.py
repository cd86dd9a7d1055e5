"""Names and addresses: several of them, none of them, and a resolver that does not come back."""

import socket
import threading

import pytest

from microhttps_host.check.course import check
from microhttps_host.check.target import read_target
from microhttps_host.check.visit import Options


@pytest.fixture
def resolver(monkeypatch):
    """Puts what the system's resolver says in its place: addresses, or an error, or silence (an Event)."""

    def says(answer):
        def getaddrinfo(host, port, *_, **__):
            if isinstance(answer, threading.Event):
                answer.wait(10)
                raise socket.gaierror(socket.EAI_AGAIN, "at last")
            if isinstance(answer, OSError):
                raise answer
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in answer]

        monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)

    return says


@pytest.fixture
def listener():
    """Somebody who listens on 127.0.0.1, and not on the other addresses of this machine."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        yield found.getsockname()[1]


def step_of(report, name):
    step = report.step(name)
    return step.verdict, [finding.code for finding in step.findings]


def test_an_address_that_fails_beside_one_that_answers_is_a_warning(resolver, listener):
    resolver(["127.0.0.2", "127.0.0.1"])
    report = check(read_target(f"tls://lamp.test:{listener}"), Options(timeout=2))
    assert step_of(report, "name") == ("ok", [])
    assert step_of(report, "TCP") == ("warning", ["address_fails"])
    assert report.step("TCP").findings[0].error.facts["address"] == "127.0.0.2"
    assert [one["code"] for one in report.step("TCP").facts["addresses"]] == ["refused", None]
    assert step_of(report, "TLS") == ("failed", ["deadline"])  # it was reached


def test_when_no_address_answers_the_first_is_told(resolver, port):
    resolver(["127.0.0.2", "127.0.0.3"])
    report = check(read_target(f"tls://lamp.test:{port}"), Options())
    assert step_of(report, "TCP") == ("failed", ["refused"])
    assert "127.0.0.2 is there, and nothing listens" in report.findings[0].sentences[0]


def test_one_of_many_is_reached_by_the_first_address_that_answers(resolver, listener):
    resolver(["127.0.0.2", "127.0.0.1", "127.0.0.3"])
    report = check(read_target(f"tls://lamp.test:{listener}"), Options(timeout=2, is_brief=True))
    assert step_of(report, "TCP") == ("ok", [])
    assert len(report.step("TCP").facts["addresses"]) == 2


def test_no_more_addresses_are_asked_than_a_name_may_have(resolver, port):
    resolver([f"127.0.1.{number}" for number in range(1, 100)])
    report = check(read_target(f"tls://lamp.test:{port}"), Options())
    assert len(report.step("TCP").facts["addresses"]) == 8


@pytest.mark.parametrize(("answer", "code"), [
    (socket.gaierror(socket.EAI_NONAME, "unknown"), "no_such_host"),
    (socket.gaierror(socket.EAI_AGAIN, "again"), "no_name_server"),
    (threading.Event(), "no_name_server"),
])  # fmt: skip
def test_a_name_without_an_address_and_a_resolver_without_a_server_are_two_things(answer, code, resolver):
    resolver(answer)
    report = check(read_target("tls://lamp.test"), Options(timeout=0.3 if isinstance(answer, threading.Event) else 10))
    assert step_of(report, "name") == ("failed", [code])
    assert {step.verdict for step in report.steps[1:]} == {"not reached"}
    if isinstance(answer, threading.Event):
        answer.set()
