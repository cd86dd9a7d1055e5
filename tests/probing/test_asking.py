"""What a server takes, asked of `openssl s_server`, whose options say what it takes."""

from dataclasses import replace

import pytest
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509 import ocsp

from microhttps_host.probing.numbers import (
    GROUPS,
    SCHEMES,
    SSL_3,
    TLS_1_0,
    TLS_1_1,
    TLS_1_2,
    TLS_1_3,
    numbers_in,
)
from microhttps_host.probing.offer import Offer, everything
from microhttps_host.probing.suites import OF_TLS_1_3, SUITES

ALL = ("-cipher", "ALL:@SECLEVEL=0")
TWO_SUITES = "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-SHA"


def taken(versions):
    return {version for version, flight in versions.items() if flight.is_answered}


@pytest.mark.parametrize(("options", "expected"), [
    (ALL, {TLS_1_0, TLS_1_1, TLS_1_2, TLS_1_3}),
    (("-tls1_3",), {TLS_1_3}),
    (("-no_tls1_3",), {TLS_1_2}),
    (("-tls1_1", *ALL), {TLS_1_1}),
])
def test_versions_are_those_that_the_server_takes(options, expected, s_server, ask):
    assert taken(ask(s_server(*options), lambda asking: asking.versions())) == expected


def test_an_old_version_is_refused_with_an_alert(s_server, ask):
    flight = ask(s_server(), lambda asking: asking.hello(everything((SSL_3,))))
    assert (flight.ended, flight.alert_name) == ("alert", "handshake_failure")


def test_suites_are_those_that_the_server_takes_in_its_order(s_server, ask):
    port = s_server("-no_tls1_3", "-cipher", TWO_SUITES, "-serverpref")
    accepted = ask(port, lambda asking: asking.suites(TLS_1_2))
    names = [SUITES[suite] for suite in accepted.numbers]
    assert names == ["TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256", "TLS_ECDHE_ECDSA_WITH_AES_256_CBC_SHA"]


def test_suites_of_tls_1_3_are_found_without_any_key(s_server, ask):
    port = s_server("-ciphersuites", "TLS_AES_128_GCM_SHA256:TLS_AES_128_CCM_8_SHA256:TLS_CHACHA20_POLY1305_SHA256")
    assert set(ask(port, lambda asking: asking.suites(TLS_1_3)).numbers) == {0x1301, 0x1303, 0x1305}


@pytest.mark.parametrize("certificate", ["good", "rsa"])
@pytest.mark.parametrize(("version", "option"), [(TLS_1_2, "-no_tls1_3"), (TLS_1_3, "-tls1_3")])
def test_groups_are_found_also_beside_that_of_the_key(certificate, version, option, s_server, ask):
    """In TLS 1.2 a key on P-256 is not shown to who does not offer that curve."""
    port = s_server(option, "-groups", "P-256:X25519:P-521", certificate=certificate)
    accepted = ask(port, lambda asking: asking.groups(version))
    assert set(accepted.numbers) == set(numbers_in(GROUPS, "secp256r1 x25519 secp521r1"))


def test_a_server_without_curves_has_no_groups(s_server, ask):
    port = s_server("-no_tls1_3", "-cipher", "AES128-SHA", certificate="rsa")
    assert ask(port, lambda asking: asking.groups(TLS_1_2)).numbers == ()


@pytest.mark.parametrize(("version", "certificate", "expected"), [
    (TLS_1_3, "good", "ecdsa_secp256r1_sha256"),
    (TLS_1_2, "rsa", "rsa_pss_rsae_sha256 rsa_pkcs1_sha512"),
    (TLS_1_3, "rsa", "rsa_pss_rsae_sha256"),
])
def test_signature_schemes_are_those_that_the_server_takes(version, certificate, expected, s_server, ask):
    allowed = "RSA-PSS+SHA256:RSA+SHA512:ECDSA+SHA256"
    port = s_server("-sigalgs", allowed, certificate=certificate)
    accepted = ask(port, lambda asking: asking.schemes(version))
    assert set(accepted.numbers) == set(numbers_in(SCHEMES, expected))


@pytest.mark.parametrize("suite", OF_TLS_1_3, ids=SUITES.get)
@pytest.mark.parametrize("group", ["x25519", "secp256r1", "secp384r1", "secp521r1"])
def test_a_flight_of_tls_1_3_is_opened_with_every_suite_in_every_group(suite, group, s_server, ask, certificates):
    port = s_server("-ciphersuites", SUITES[suite])
    groups = numbers_in(GROUPS, group)
    for shares in (groups, ()):  # the second time the server has to ask for it
        offer = Offer((TLS_1_3,), (suite,), groups, shares, (0x0403,))
        flight = ask(port, lambda asking, offer=offer: asking.whole(offer))
        assert (flight.is_whole, flight.ended, flight.has_retried) == (True, "", not shares)
        assert (flight.suite_name, flight.group_name, flight.scheme) == (SUITES[suite], group, 0x0403)
        assert flight.certificates == [(certificates / "good.crt.der").read_bytes()]


@pytest.mark.parametrize("version", [TLS_1_2, TLS_1_3])
def test_a_request_for_a_certificate_is_seen(version, s_server, ask, certificates):
    port = s_server("-Verify", "1", "-CAfile", certificates / "ca.crt", "-client_sigalgs", "ECDSA+SHA256:RSA+SHA384")
    offer = replace(everything((version,)), shares=(29,))
    flight = ask(port, lambda asking: asking.whole(offer))
    assert flight.is_whole
    assert flight.request.schemes == (0x0403, 0x0501)
    assert flight.request.authorities == 1
    assert ask(s_server(), lambda asking: asking.whole(offer)).request is None


@pytest.mark.parametrize("version", [TLS_1_2, TLS_1_3])
def test_a_stapled_answer_is_seen(version, s_server, ask, tmp_path):
    (tmp_path / "stapled").write_bytes(ocsp.OCSPResponseBuilder.build_unsuccessful(
        ocsp.OCSPResponseStatus.TRY_LATER).public_bytes(Encoding.DER))
    port = s_server("-status_file", tmp_path / "stapled")
    offer = replace(everything((version,)), asks_for_status=True)
    assert ask(port, lambda asking: asking.whole(offer)).stapled == (tmp_path / "stapled").read_bytes()
    assert ask(port, lambda asking: asking.whole(everything((version,)))).stapled == b""


def test_what_a_hello_of_tls_1_2_shows_of_resumption_and_records(s_server, ask):
    offer = replace(everything((TLS_1_2,)), asks_for_ticket=True, has_encrypt_then_mac=True, max_fragment_length=1024)
    flight = ask(s_server(), lambda asking: asking.whole(offer))
    assert 35 in flight.extensions and flight.extensions[1] == b"\x02"
    assert flight.largest_record <= 1024
    flight = ask(s_server("-no_ticket"), lambda asking: asking.whole(offer))
    assert 35 not in flight.extensions and len(flight.session_id) == 32
