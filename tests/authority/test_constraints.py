"""What the authority may vouch for: our own judgement, OpenSSL's and NSS's on the same certificates, as a table."""

import subprocess

import pytest
from cryptography import x509

from authority.crowd import Crowd, by_chromium, by_mbedtls, by_openssl
from authority.signing import steal
from microhttps.errors import UsageError
from microhttps_host.authority.authority import Plan, make_authority
from microhttps_host.authority.constraints import constraints_for, given_names, is_permitted
from microhttps_host.authority.identity_names import subject_name

GIVEN = ("example.org", "dev", ".home", "203.0.113.7", "198.51.100.0/24", "2001:db8::7", "*.lamp.example")
GOOD = (
    "localhost", "x.localhost", "lamp.local", "a.b.lamp.local", "lamp.lan", "nas.home.arpa", "db.internal",
    "*.home.arpa", "*.lamp.local", "127.0.0.1", "127.5.5.5", "10.0.0.1", "172.16.0.1", "172.31.255.255",
    "192.168.4.1", "169.254.1.1", "::1", "fd00::1", "fdff:ffff::1", "fe80::1",
    "example.org", "www.example.org", "*.example.org", "dev", "nas.home", "203.0.113.7", "198.51.100.200",
    "2001:db8::7", "lamp.example", "x.lamp.example",
)  # fmt: skip
BAD = (
    "example.com", "notlocal", "local.example.com", "mylocal", "lamp", "example.org.evil.com", "notexample.org",
    "x.dev", "*.a.dev", "8.8.8.8", "172.32.0.1", "172.15.0.1", "11.0.0.1", "203.0.113.8", "198.51.101.1", "::2",
    "2001:db8::8", "2606:4700::1", "fc", "*.example.com", "x.example", "128.0.0.1", "192.169.0.1",
)  # fmt: skip


@pytest.fixture(scope="module")
def authority(tmp_path_factory):
    from microhttps_host.authority.vault import Vault

    vault = Vault(tmp_path_factory.mktemp("constrained") / "home")
    with vault.locked():
        make_authority(vault, Plan(GIVEN))
    return vault


@pytest.mark.parametrize(("text", "is_good"), [*((text, True) for text in GOOD), *((text, False) for text in BAD)])
def test_we_and_openssl_judge_alike(authority, openssl, tmp_path, text, is_good):
    certificate, _ = steal(authority, tmp_path, "stolen", text)
    accepts, said = openssl(authority.path("ca.crt"), certificate)
    assert accepts == is_good, said
    assert ("subtree violation" in said) == (not is_good)
    assert is_permitted(subject_name(text), constraints_for(GIVEN)) == is_good


def test_nss_judges_alike(authority, tool, tmp_path):
    """The library of Firefox, and the store of Chromium on Linux."""
    certutil = [tool("certutil"), "-d", f"sql:{tmp_path}"]
    subprocess.run([*certutil, "-N", "--empty-password"], check=True, capture_output=True, timeout=60)

    def add(name, path, trust):
        subprocess.run([*certutil, "-A", "-n", name, "-t", trust, "-i", str(path)], check=True, timeout=60)

    add("authority", authority.path("ca.crt"), "C,,")
    verdicts = {}
    for number, text in enumerate((*GOOD[::4], *BAD[::4])):
        add(f"n{number}", steal(authority, tmp_path, f"n{number}", text)[0], ",,")
        done = subprocess.run([*certutil, "-V", "-e", "-u", "V", "-n", f"n{number}"], capture_output=True, timeout=60)
        verdicts[text] = done.returncode == 0
    assert verdicts == {**dict.fromkeys(GOOD[::4], True), **dict.fromkeys(BAD[::4], False)}


def test_one_name_outside_is_enough(authority, openssl, tmp_path):
    certificate, _ = steal(authority, tmp_path, "both", "lamp.local", "bank.example")
    assert not openssl(authority.path("ca.crt"), certificate)[0]


def test_the_common_name_is_no_way_around(authority, openssl, tmp_path):
    certificate, _ = steal(authority, tmp_path, "common", common_name="bank.example")
    assert not openssl(authority.path("ca.crt"), certificate)[0]


def test_it_may_vouch_for_tls_alone(authority, openssl, tmp_path):
    """Not for mail, whose addresses the constraints do not name."""
    certificate, _ = steal(authority, tmp_path, "mail", "lamp.local")
    assert not openssl(authority.path("ca.crt"), authority.path("ca.crt"), purpose="smimesign")[0]
    usage = x509.load_pem_x509_certificate(authority.path("ca.crt").read_bytes()).extensions
    assert len(usage.get_extension_for_class(x509.ExtendedKeyUsage).value) == 2


def test_what_was_given_can_be_given_again():
    again = given_names(constraints_for(GIVEN))
    assert again == ["example.org", "dev", ".home", "203.0.113.7/32", "198.51.100.0/24", "2001:db8::7/128",
                     "lamp.example"]
    assert constraints_for(again) == constraints_for(GIVEN)
    assert given_names(None) == []


@pytest.mark.parametrize("text", ["", "*", "10.0.0.1/8", "a/b", "https://x", "..", "x..y", "1.2.3.4/33"])
def test_nonsense_is_no_constraint(text):
    with pytest.raises(UsageError) as caught:
        constraints_for([text])
    assert caught.value.code == "bad_name"


def test_what_is_private_already_is_not_said_twice():
    plain = constraints_for(())
    assert constraints_for(["lamp.local", "10.1.2.3", "localhost", "192.168.0.0/24"]) == plain


def test_real_handshakes_hold_a_stolen_key_to_it(authority, tool, tmp_path):
    """The good are believed by all; what is outside by nobody but Mbed TLS, which knows no constraints."""
    names = {"good": ["localhost"], "address": ["127.0.0.1"], "outside": ["localhost", "bank.example"],
             "address-outside": ["localhost", "8.8.8.8"]}  # fmt: skip
    for name, texts in names.items():
        steal(authority, tmp_path, name, *texts)
        (tmp_path / f"{name}.ca.crt").write_bytes(authority.path("ca.crt").read_bytes())
    crowd = Crowd(tmp_path, names, {"address": "127.0.0.1"})
    try:
        held = {"good": True, "address": True, "outside": False, "address-outside": False}
        assert by_openssl(crowd, is_strict=True) == held
        assert by_chromium(crowd, tool, tmp_path / "browser") == held
        for interpreter in ("micropython", "micropython32"):
            assert by_mbedtls(crowd, interpreter) == dict.fromkeys(names, True)
    finally:
        crowd.close()
