"""The range of bad certificates and worse manners: the cause of every site is named, at the step where it lies."""

import pytest

from badssl.engines import verdict_of
from badssl.sites import HERE, SITES
from harness.engine import ENGINES
from microhttps_host.check.course import check
from microhttps_host.check.findings import FAILED, WARNING
from microhttps_host.check.target import read_target
from microhttps_host.check.visit import Options

# At which step each cause lies.
STEP_OF = {
    "wrong_name": "host name", "name_in_common_name": "host name",
    "expired": "chain", "not_yet_valid": "chain", "untrusted_issuer": "chain", "missing_intermediate": "chain",
    "self_signed": "chain", "wrong_usage": "chain", "certificate_refused": "chain", "chain_too_large": "chain",
    "name_not_permitted": "chain", "too_weak": "chain", "revoked": "chain",
    "handshake_refused": "TLS", "handshake_failed": "TLS", "no_common_version": "TLS", "peer_is_not_tls": "TLS",
    "body_cut_short": "HTTP",
    "no_crl": "TLS", "bad_certificate_file": "TLS",  # it cannot even begin
}  # fmt: skip
# What happens at another step at some sites.
AFTERWARDS = {"reset-after-handshake": "HTTP", "silent-after-handshake": "HTTP", "silent": "TLS", "closed": "TLS",
              "reset": "TLS"}  # fmt: skip
WARNED = {"wrong-order": "wrong_order"}
# What only check sees: facts of the finding.
SEEN = {
    "expired": {"which": "own"},
    "expired-intermediate": {"which": "intermediate", "certificate": "range intermediate that ended"},
    "expired-root": {"which": "root", "certificate": "range root that ended"},
    "not-yet-valid": {"which": "own"},
    "missing-intermediate": {"alone": "yes", "top": "range intermediate 1"},
    "impostor": {"same_name": "yes", "top": "range root"},
    "bad-signature": {"same_name": "yes"},
    "unknown-issuer": {"top": "a stranger"},
    "usage": {"which": "own"},
    "issuer-for-clients": {"which": "intermediate", "certificate": "range intermediate for clients"},
    "rsa-1024": {"which": "own", "detail": "1024 bits"},
    "rsa-1024-issuer": {"which": "intermediate", "detail": "1024 bits"},
    "rsa-1024-root": {"which": "root", "detail": "1024 bits"},
    "sha-1": {"which": "own", "detail": "sha1"},
    "sha-1-issuer": {"which": "intermediate", "detail": "sha1"},
    "unknown-critical": {"which": "own", "detail": "1.3.6.1.4.1.55555.1"},
    "constraints-broken": {"which": "own", "detail": "localhost"},
    "plain-http": {"speaks": "HTTP"},
    "other-protocol": {"speaks": "SSH"},
    "tls-1.0": {"alert": "protocol_version"},
    "wrong-name": {"names": ["elsewhere.test"]},
}


@pytest.fixture(scope="module")
def reports(served):
    """{site: the report of a check of it}."""
    return look_at_all(served)


def look_at_all(served, engine=None):
    folder, ports = served
    return {site.name: look_at(site, folder, ports[site.name], engine) for site in SITES}


def look_at(site, folder, port, engine):
    """A check of the site under the name that it is asked for by, whatever names mean on this machine."""
    options = Options(timeout=1.5 if site.settings else 10, cacert=str(folder / f"{site.trust}.crt"), is_brief=True,
                      engine=engine, crl=str(folder / "root.crl") if site.crl else None)
    return check(read_target(f"https://127.0.0.1:{port}/", site.host.strip("[]")), options)


def failures(report):
    return [(step.name, finding) for step in report.steps for finding in step.findings if finding.verdict == FAILED]


def expected_of(site, verdict):
    """(step, code) of what a site is blamed for."""
    code = verdict.split()[0]
    return None if code == HERE else (AFTERWARDS.get(site.name) or STEP_OF[code], code)


def first_failures(reports):
    return {name: next(((step, finding.code) for step, finding in failures(report)), None)
            for name, report in reports.items()}


def test_the_cause_of_every_site_is_named_at_its_step(reports):
    assert first_failures(reports) == {site.name: expected_of(site, site.verdict) for site in SITES}


@pytest.mark.parametrize("engine", ENGINES)
def test_the_cause_is_named_by_whatever_library_decides(engine, served):
    expected = {site.name: expected_of(site, verdict_of(engine, site)) for site in SITES}
    assert first_failures(look_at_all(served, engine)) == expected


def test_nobody_is_blamed_for_a_second_thing(reports):
    assert {name for name, report in reports.items() if len(failures(report)) > 1} == set()


def test_what_is_no_failure_yet_is_a_warning(reports):
    warnings = {name: step.findings[0].code for name, report in reports.items() for step in report.steps
                if step.verdict == WARNING}
    assert warnings == WARNED


@pytest.mark.parametrize("name", sorted(SEEN))
def test_who_is_to_blame_is_said(name, reports):
    [(_, finding)] = failures(reports[name])
    assert {fact: finding.error.facts.get(fact) for fact in SEEN[name]} == SEEN[name]


def test_every_finding_has_three_whole_sentences(reports):
    for name, report in reports.items():
        for finding in report.findings:
            assert [len(sentence) > 10 and "{" not in sentence for sentence in finding.sentences] == [True] * 3, name


def test_nothing_is_asked_of_who_is_not_believed(reports):
    report = reports["unknown-issuer"]
    assert report.step("HTTP").verdict == "not reached"
    assert report.step("host name").verdict == "ok"
