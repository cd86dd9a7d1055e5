"""sslyze asks the same servers, with an OpenSSL of its own: versions, cipher suites and curves are the same.

Of curves it asks for some; groups that are none (ffdhe) and those of today's key exchanges it does not know.
"""

import pytest
from sslyze import ScanCommand, Scanner, ServerNetworkConfiguration, ServerNetworkLocation, ServerScanRequest

from check.conftest import nginx  # noqa: F401
from harness.programs import free_port
from microhttps_host.probing.numbers import GROUPS, SSL_3, TLS_1_0, TLS_1_1, TLS_1_2, TLS_1_3
from microhttps_host.probing.suites import SUITES

COMMANDS = {
    SSL_3: ScanCommand.SSL_3_0_CIPHER_SUITES, TLS_1_0: ScanCommand.TLS_1_0_CIPHER_SUITES,
    TLS_1_1: ScanCommand.TLS_1_1_CIPHER_SUITES, TLS_1_2: ScanCommand.TLS_1_2_CIPHER_SUITES,
    TLS_1_3: ScanCommand.TLS_1_3_CIPHER_SUITES,
}  # fmt: skip
# Its OpenSSLs have none of these.
UNKNOWN = {"TLS_DH_anon_WITH_CAMELLIA_128_CBC_SHA256", "TLS_DH_anon_WITH_CAMELLIA_256_CBC_SHA256"}
OUR_NAMES = {"prime256v1": "secp256r1", "X25519": "x25519", "X448": "x448"}
# options of `openssl s_server`, and its certificate
OPENSSL = {
    "usual": ((), "good"),
    "old": (("-cipher", "ALL:@SECLEVEL=0"), "rsa"),
    "only-1.3": (("-tls1_3", "-ciphersuites", "TLS_CHACHA20_POLY1305_SHA256", "-groups", "X25519:P-384"), "good"),
    # A further curve beside that of the key sslyze would not see in TLS 1.2; we do (test_asking).
    "ccm": (("-cipher", "ECDHE+AESCCM:ECDHE+AESGCM", "-groups", "P-256", "-no_tls1_3"), "good"),
    "without-curves": (("-cipher", "AES256-SHA:CAMELLIA128-SHA", "-no_tls1_3"), "rsa"),
}
# ssl_protocols, certificate, and more of nginx
NGINX = {
    "usual": ("TLSv1.2 TLSv1.3", "good", ""),
    "own-order": ("TLSv1.2", "rsa", "ssl_prefer_server_ciphers on; ssl_ciphers ECDHE+CHACHA20:ECDHE+AESGCM;"),
    "curves": ("TLSv1.2", "rsa", "ssl_ecdh_curve X25519:secp384r1;"),
    "old": ("TLSv1 TLSv1.1 TLSv1.2", "rsa", "ssl_ciphers HIGH:@SECLEVEL=0;"),
    "only-1.3": ("TLSv1.3", "rsa", "ssl_ecdh_curve prime256v1;"),
}
BLOCK = """server {{ listen 127.0.0.1:{port} ssl; ssl_protocols {protocols}; {more}
  ssl_certificate {folder}/{certificate}.crt; ssl_certificate_key {folder}/{certificate}.key; }}"""


@pytest.mark.parametrize("name", OPENSSL)
def test_sslyze_agrees_on_openssl(name, s_server, ask):
    options, certificate = OPENSSL[name]
    assert_agreed(s_server(*options, certificate=certificate), ask)


@pytest.mark.parametrize("name", NGINX)
def test_sslyze_agrees_on_nginx(name, nginx, certificates, ask):  # noqa: F811
    protocols, certificate, more = NGINX[name]
    port = free_port()
    nginx(BLOCK.format(port=port, protocols=protocols, folder=certificates, certificate=certificate, more=more), port)
    assert_agreed(port, ask)


def assert_agreed(port, ask):
    """What we find at this port is what sslyze finds."""
    theirs, curves, asked = by_sslyze(port)
    ours = {version: suites_of(port, ask, version) for version in COMMANDS}
    assert {version: suites - UNKNOWN for version, suites in ours.items()} == theirs
    taken = [version for version, flight in ask(port, lambda asking: asking.versions()).items() if flight.is_answered]
    assert set(taken) == {version for version, suites in theirs.items() if suites}
    groups = ask(port, lambda asking: asking.groups(TLS_1_3 if TLS_1_3 in taken else TLS_1_2)).numbers
    assert {GROUPS[group] for group in groups} & asked == curves


def suites_of(port, ask, version):
    return {SUITES[suite] for suite in ask(port, lambda asking: asking.suites(version)).numbers}


def by_sslyze(port):
    """({version: suites}, curves that are taken, curves that were asked for)."""
    scanner = Scanner(per_server_concurrent_connections_limit=1)  # s_server serves one after the other
    commands = {*COMMANDS.values(), ScanCommand.ELLIPTIC_CURVES}
    patient = ServerNetworkConfiguration("localhost", network_timeout=20)
    scanner.queue_scans([ServerScanRequest(ServerNetworkLocation("localhost", port, ip_address="127.0.0.1"), patient,
                                           scan_commands=commands)])
    [done] = scanner.get_results()
    suites = {version: {accepted.cipher_suite.name for accepted in
                        getattr(done.scan_result, command.value).result.accepted_cipher_suites}
              for version, command in COMMANDS.items()}
    found = done.scan_result.elliptic_curves.result
    taken, refused = (names_of(curves) for curves in (found.supported_curves, found.rejected_curves))
    return suites, taken, taken | refused


def names_of(curves):
    return {OUR_NAMES.get(curve.name, curve.name) for curve in curves or ()}
