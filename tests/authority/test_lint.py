"""`microhttps ca lint` says what real TLS libraries do: each of them is shown a certificate for each rule.

They judge every case of `odd`, and the linter must have said of each what it does. Apple and Firefox are not here.
"""

import json
import random
import subprocess
from pathlib import Path

import certifi
import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from authority.crowd import Crowd, by_chromium, by_mbedtls, by_openssl
from authority.odd import CASES, HOSTS, make_odd
from microhttps.errors import UsageError
from microhttps_host.lint.lint import engines_for, judge
from microhttps_host.lint.lint_rules import DER_ONLY, ENGINES, RULES


@pytest.fixture(scope="module")
def crowd(tmp_path_factory):
    folder = tmp_path_factory.mktemp("odd")
    make_odd(folder)
    crowd = Crowd(folder, CASES, HOSTS)
    yield crowd
    crowd.close()


def said_by_lint(crowd, engine):
    verdicts = {}
    for name in CASES:
        both = [crowd.folder / f"{name}.crt", crowd.folder / f"{name}.ca.crt"]
        verdicts[name] = not judge(both, [engine], "server")[0].refused_by([engine])
    return verdicts


@pytest.mark.parametrize(("engine", "is_strict"), [("openssl", False), ("python", True)])
def test_it_says_what_openssl_does(crowd, engine, is_strict):
    assert said_by_lint(crowd, engine) == by_openssl(crowd, is_strict)


@pytest.mark.parametrize("name", ["micropython", "micropython32"])
def test_it_says_what_mbedtls_does(crowd, name):
    assert said_by_lint(crowd, "mbedtls") == by_mbedtls(crowd, name)


def test_it_says_what_chromium_does(crowd, tool, tmp_path):
    assert said_by_lint(crowd, "chromium") == by_chromium(crowd, tool, tmp_path)


def test_every_rule_but_those_of_files_is_broken_by_a_case(crowd):
    broken = set()
    for name in CASES:
        both = [crowd.folder / f"{name}.crt", crowd.folder / f"{name}.ca.crt"]
        broken |= {found.rule.code for found in judge(both, list(ENGINES), "server")[0].findings}
    assert broken == {rule.code for rule in RULES}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_a_rule_says_who_what_where_and_what_to_do(rule):
    assert rule.refusing and set(rule.refusing) <= set(ENGINES)
    assert rule.what and rule.cure and rule.source


@pytest.mark.parametrize("kind", ["p256", "rsa-2048"])
def test_ours_pass_all(home, kind):
    home.ca("init", "--key", kind)
    for arguments in (["lamp.local", "192.168.4.1"], ["*.home.arpa"], ["::1"], ["alice", "--client"],
                      ["broker.lan", "--both"]):
        home.ca("issue", *arguments, "--key", kind)
    files = sorted(home.folder.rglob("*.crt"))
    assert len(files) == 6
    facts = home.ca("lint", *files)
    assert [(one["refused_by"], one["findings"]) for one in facts["files"]] == [([], [])] * 6


def test_ours_pass_on_boards_without_pem_once_exported(home):
    home.ca("init")
    home.ca("issue", "lamp.local")
    done = home.run("lint", home.path("issued/lamp.local.crt"), "--for", "der-only")
    assert done.returncode == 1 and "microhttps ca export LABEL --form der" in done.stdout
    home.ca("export", "lamp.local", "--form", "der", "--to", "out")
    facts = home.ca("lint", "out/lamp.local.crt.der", "--for", "der-only", "--for", "mbedtls")
    assert facts["files"][0]["findings"] == []


def test_a_foreign_one_is_told_what_breaks_where(home, crowd):
    done = home.run("lint", crowd.folder / "826-days.crt", "--json")
    assert done.returncode == 1
    told = json.loads(done.stdout)["files"][0]
    assert told["refused_by"] == ["apple"]
    found = told["findings"][0]
    assert (found["code"], found["refused_by"]) == ("over_825_days", ["apple"])
    assert "827 days" in found["detail"] and "HT210176" in found["source"] and found["cure"]
    shown = home.run("lint", crowd.folder / "826-days.crt").stdout
    assert "longer than 825 days" in shown and "refused by apple" in shown and "taken by chromium" in shown
    assert home.run("lint", crowd.folder / "826-days.crt", "--for", "chromium").returncode == 0


def test_what_a_tutorial_makes_is_taken_for_the_servers_that_it_is_meant_for(home, tool, tmp_path):
    subprocess.run([tool("openssl"), "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "3650", "-subj",
                    "/CN=lamp.local", "-keyout", tmp_path / "lamp.key", "-out", tmp_path / "lamp.crt"], check=True,
                   capture_output=True, timeout=60)
    done = home.run("lint", tmp_path / "lamp.crt")
    assert done.returncode == 1
    for code in ("no_alternative_name", "no_purpose", "over_825_days", "authority_as_server"):
        assert f"[{code}]" in done.stdout
    assert "refused by apple, chromium, firefox" in done.stdout


def test_what_is_no_certificate_is_a_sentence(home, tmp_path):
    (tmp_path / "text.crt").write_text("hello")
    (tmp_path / "cut.crt").write_text("-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n")
    (tmp_path / "key.pem").write_text("-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----\n")
    for name in ("text.crt", "cut.crt", "key.pem", "missing.crt"):
        assert "[bad_certificate_file]" in home.fails("lint", name)
    assert "[bad_option]" in home.fails("lint", "text.crt", "--for", "netscape")
    assert "[bad_option]" in home.fails("lint", "text.crt", "--as", "king")


def test_what_is_damaged_is_judged_or_named_and_never_a_traceback(crowd, tmp_path):
    """Each of 1500 has some bytes of a real one changed."""
    dice = random.Random(20)
    whole = [x509.load_pem_x509_certificate(path.read_bytes()).public_bytes(Encoding.DER)
             for path in sorted(crowd.folder.glob("*.crt"))]
    outcomes = set()
    for _ in range(1500):
        content = bytearray(dice.choice(whole))
        for _ in range(dice.choice((1, 1, 2, 5))):
            content[dice.randrange(len(content))] = dice.randrange(256)
        (tmp_path / "damaged.der").write_bytes(content)
        try:
            judge([tmp_path / "damaged.der"], list(ENGINES))
            outcomes.add("judged")
        except UsageError as error:
            outcomes.add(error.code)
    assert outcomes == {"judged", "bad_certificate_file"}


def test_the_public_roots_are_taken_for_what_they_are():
    """Foreign ones of 25 years, which every engine believes: at most Python's strictness has a word to say."""
    folder = Path(certifi.where())
    findings = judge([folder], engines_for(()))[0].findings
    assert {found.role for found in findings} <= {"authority"}
    assert {engine for found in findings for engine in found.rule.refusing} <= {"python"}


def test_a_role_may_be_said(home):
    home.ca("init")
    home.ca("issue", "alice", "--client")
    done = home.run("lint", home.path("issued/alice.crt"), "--as", "server", "--json")
    assert done.returncode == 1
    assert "wrong_purpose" in {found["code"] for found in json.loads(done.stdout)["files"][0]["findings"]}


def test_the_narrowest_is_asked_only_by_name():
    assert DER_ONLY not in engines_for(()) and set(engines_for(())) == set(ENGINES) - {DER_ONLY}
