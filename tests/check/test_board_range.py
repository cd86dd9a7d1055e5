"""The range of bad certificates by every profile in one table; a real MicroPython says the same where it can tell."""

import pytest

from badssl.rude import SITES as RUDE
from badssl.sites import SITES
from check.boards import BY_NAME, really, verdicts
from microhttps_host.profiles.other_libraries import ESP8266, SMING_AXTLS, SMING_BEARSSL

MICROPYTHON = ("esp32", "esp32-c3", "pico-w", "stm32", "micropython-debian")
UNDATED = ("esp-idf", "arduino-esp32")
SMALL = ("pico-w", "stm32")
AXTLS = (ESP8266.name, SMING_AXTLS.name)
RSA_ALONE = tuple(profile.name for profile in (ESP8266, SMING_AXTLS, SMING_BEARSSL))
MONGOOSE, DEBIAN = "mongoose-builtin", "micropython-debian"
HERE = "here"

# Code of the first reason by site, for boards with Mbed TLS, which judge alike; what is not here they believe.
WITH_MBEDTLS = {
    "wrong_name": "wrong-name common-name-beside common-name-beside-address nul-in-name wildcard-two-labels"
                  " wildcard-no-label wildcard-partial wildcard-inside wildcard-alone address-wrong address-for-name"
                  " address-6-wrong",
    "message_too_long": "many-names chain-of-120 chain-of-300",
    "expired": "expired expired-intermediate expired-root",
    "not_yet_valid": "not-yet-valid",
    "untrusted_issuer": "missing-intermediate missing-intermediate-told unknown-issuer impostor bad-signature"
                        " issuer-no-authority issuer-may-not-sign path-length",
    "self_signed": "self-signed",
    "wrong_order": "wrong-order",
    "wrong_usage": "usage",
    "certificate_refused": "unknown-critical constraints-kept constraints-broken ed25519-issuer",
    "chain_too_large": "chain-of-9",
    "root_refused": "ed25519-root",
    "too_weak": "rsa-1024 rsa-1024-issuer rsa-1024-root sha-1 sha-1-issuer",
    "signature": "ed25519",
    # In TLS 1.2 the server itself does not use a key that is for encryption alone.
    "version": "usage-encryption tls-1.0 tls-1.1 tls-1.3 rsa-tls-1.3 old-tls",
    "suite": "no-common-cipher",
}  # fmt: skip
EVERYWHERE = {
    "not_tls": "plain-http other-protocol garbage", "malformed": "garbage-in-record", "too_large": "long-record",
    "refused": "alert secp256k1", "deadline": "silent", "closed": "closed", "reset": "reset",
}  # fmt: skip
# {board: {site: code}} where it differs from the above.
OTHERWISE = {
    **{board: dict.fromkeys(("expired", "expired-intermediate", "expired-root", "not-yet-valid"), HERE)
       for board in UNDATED},
    **{board: {"rsa-pss": "certificate_refused"} for board in SMALL},
    **{board: dict.fromkeys(("rsa-2048", "rsa-4096", "rsa-1024", "rsa-tls-1.2"), "certificate_refused")
       for board in AXTLS},
    DEBIAN: {"usage-encryption": "wrong_usage", "tls-1.3": HERE, "rsa-tls-1.3": HERE, "rsa-tls-1.2": "rsa_pss_refused"},
    MONGOOSE: {
        **dict.fromkeys(("common-name-beside", "common-name-beside-address", "wildcard-partial", "wildcard-inside",
                         "wildcard-alone", "path-length", "usage", "usage-encryption", "unknown-critical",
                         "constraints-kept", "constraints-broken", "tls-1.3", "rsa-tls-1.3"), HERE),
        **dict.fromkeys(("address-6", "address-6-mapped", "address-6-long"), "wrong_name"),
        **dict.fromkeys(("crossed", "partial"), "untrusted_issuer"),
        **dict.fromkeys(("sha-1-root", "p521-root"), "root_refused"),
        **dict.fromkeys(("p384", "p521"), "signature"),
        **dict.fromkeys(("tls-1.2", "rsa-tls-1.2", "no-common-cipher"), "version"),
        "chain-of-8": "chain_too_large", "rsa-pss": "certificate_refused",
    },
}  # fmt: skip
# Of boards that know RSA alone and verify nothing; but axTLS has to read all certificates, and here a P-256 key has
# signed them.
WITH_RSA = {
    HERE: "rsa-2048 rsa-4096 rsa-1024 rsa-tls-1.2", "version": "usage-encryption tls-1.3 rsa-tls-1.3",
    "suite": "no-common-cipher old-tls",
}  # fmt: skip


def by_site(table):
    return {site: code for code, sites in table.items() for site in sites.split()}


def expected(site):
    """{board: code} for a site."""
    everywhere, mbedtls, rsa = by_site(EVERYWHERE), by_site(WITH_MBEDTLS), by_site(WITH_RSA)
    found = {}
    for board in BY_NAME:
        usual = rsa.get(site, "key_kind") if board in RSA_ALONE else mbedtls.get(site, HERE)
        found[board] = OTHERWISE.get(board, {}).get(site, everywhere.get(site, usual))
    return found


@pytest.fixture(scope="module")
def found(served):
    return judged(served)


def judged(served, **profiles):
    """{site: {board: verdict}}"""
    folder, ports = served
    return {site.name: verdicts(ports[site.name], folder / f"{site.trust}.crt", site.host,
                                seconds=0.5 if site.name == "silent" else 10, **profiles) for site in SITES}


def test_every_profile_has_its_verdict_on_every_site(found):
    said = {site: {board: verdict.code or HERE for board, verdict in boards.items()} for site, boards in found.items()}
    assert said == {site.name: expected(site.name) for site in SITES}


def test_every_reason_has_words_and_something_to_do(found):
    for boards in found.values():
        for verdict in boards.values():
            for reason in (*verdict.reasons, *verdict.warnings):
                assert reason.why.endswith(".") and "{" not in reason.why
                assert reason.server or reason.board or reason.step == "network"


def test_a_chain_that_goes_on_past_the_root_is_told_of_where_a_bundle_is_used(found):
    warned = {(site, board) for site, boards in found.items() for board, verdict in boards.items()
              if "past_the_root" in [warning.code for warning in verdict.warnings]}
    assert warned == {(site, board) for site in ("crossed", "partial") for board in UNDATED}


# How a MicroPython says it, by the code of the verdict.
SAID = {
    "wrong_name": "ValueError The certificate Common Name (CN) does not match",
    "message_too_long": "OSError (-28928", "expired": "ValueError The certificate validity has expired",
    "not_yet_valid": "ValueError The certificate validity starts in the future",
    "untrusted_issuer": "ValueError The certificate is not correctly signed",
    "self_signed": "ValueError The certificate is not correctly signed",
    "wrong_order": "ValueError The certificate is not correctly signed", "wrong_usage": "OSError (-31232",
    "certificate_refused": ("OSError (-9570", "OSError (-15488"), "chain_too_large": "OSError (-12288",
    "root_refused": "ValueError invalid cert", "too_weak": "ValueError The certificate is signed with an unacceptable",
    "signature": "OSError (-30592", "version": ("OSError (-30592", "OSError (-28288"), "suite": "OSError (-30592",
    "rsa_pss_refused": "OSError (-26112", "not_tls": "OSError (-29184", "malformed": "OSError (-30464",
    "too_large": "OSError (-28928", "refused": "OSError (-30592", "closed": "OSError (-29312",
    "reset": "OSError [Errno 104]", "": "here",
}  # fmt: skip


def asked(served):
    folder, ports = served
    return [{"name": site.name, "host": site.host.strip("[]"), "port": ports[site.name],
             "trust": folder / f"{site.trust}.crt"} for site in SITES if not site.name.startswith("silent")]


@pytest.mark.micropython
def test_the_real_micropython_of_debian_says_the_same_of_every_site(served, found):
    for site, said in really(served[0], asked(served)).items():
        assert said.startswith(SAID[found[site][DEBIAN].code]), site


def test_a_micropython_built_as_for_a_pico_says_the_same_of_every_site(served, found, pico):
    said = really(served[0], asked(served), interpreter=pico.name)
    connected = {site for site, words in said.items() if words.startswith("here")}
    assert connected == {site for site, boards in found.items() if site in said and boards["pico-w"].connects}


# What Debian's MicroPython cannot be told to leave: it offers RSA-PSS, which it then refuses in TLS 1.2 (and an RSA key
# is signed with that), and it reads certificates that are signed with it, as an ESP32 does and a Pico does not. It has
# more curves, too; no site minds here.
REFUSES_PSS = {"rsa-2048", "rsa-4096", "rsa-tls-1.2"}
NOT_TO_BE_CONFIRMED = {"pico-w": REFUSES_PSS | {"rsa-pss"}, "esp32": REFUSES_PSS}


@pytest.mark.micropython
@pytest.mark.parametrize("board", NOT_TO_BE_CONFIRMED)
def test_a_real_micropython_with_the_suites_of_a_board_connects_where_the_profile_says(board, served_old):
    """It goes on saying that it speaks TLS 1.3, for which it then has no suite; so the servers speak 1.2."""
    by_nginx = [site for site in asked(served_old) if site["name"] not in RUDE]
    said = really(served_old[0], by_nginx, BY_NAME[board])
    connected = {site for site, words in said.items() if words.startswith("here")}
    found = judged(served_old, profiles=[BY_NAME[board]])
    would = {site for site, boards in found.items() if site in said and boards[board].connects}
    assert connected ^ would == NOT_TO_BE_CONFIRMED[board]
