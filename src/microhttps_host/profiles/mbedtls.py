"""The boards whose TLS library is Mbed TLS: MicroPython but for the ESP8266, ESP-IDF, Arduino on the ESP32.

What MicroPython offers on the Pico W, on the ESP32 and on Debian was read from hellos of that configuration. Layer 12.
"""

from ..probing.numbers import GROUPS, SCHEMES, TLS_1_2, TLS_1_3, X25519, numbers_in
from ..probing.offer import Offer
from ..probing.suites import EXCHANGES, SUITES
from .profile import AUTHORITIES, FULL, Checks, Memory, Profile

# All that Mbed TLS 3.6 offers, in its order.
ALL = tuple(int(number, 16) for number in """
1303 1302 1301 1304 1305 CCA8 CCA9 CCAA C02C C030 009F C0AD C09F C024 C028 006B C00A C014 0039 C0AF C0A3 C087
C08B C07D C073 C077 00C4 0088 C05D C061 C053 C049 C04D C045 C02B C02F 009E C0AC C09E C023 C027 0067 C009 C013
0033 C0AE C0A2 C086 C08A C07C C072 C076 00BE 0045 C05C C060 C052 C048 C04C C044 009D C09D 003D 0035 C032 C02A
C00F C02E C026 C005 C0A1 C07B 00C0 0084 C08D C079 C089 C075 C05F C063 C051 C04B C04F C03D 009C C09C 003C 002F
C031 C029 C00E C02D C025 C004 C0A0 C07A 00BA 0041 C08C C078 C088 C074 C05E C062 C050 C04A C04E C03C
""".split())  # fmt: skip


def _without(*words: str) -> tuple[int, ...]:
    """All suites of TLS 1.2 but those with one of these words in how they exchange keys or in their names."""
    return tuple(suite for suite in ALL if EXCHANGES[suite] != "TLS13" and EXCHANGES[suite] not in words
                 and not any(f"_{word}_" in f"{SUITES[suite]}_" for word in words))  # fmt: skip


ESP_SUITES = _without("CHACHA20", "DHE_RSA", "CAMELLIA")
ARDUINO_SUITES = _without("CHACHA20", "DHE_RSA")
SMALL_SUITES = _without("CHACHA20", "DHE_RSA", "CAMELLIA", "ARIA", "CCM", "ECDH_RSA", "ECDH_ECDSA")

NIST = numbers_in(GROUPS, "secp256r1 secp384r1 secp521r1")
ESP_GROUPS = numbers_in(
    GROUPS, "x25519 secp256r1 secp384r1 secp521r1 brainpoolP256r1 brainpoolP384r1 brainpoolP512r1")
DEBIAN_GROUPS = numbers_in(
    GROUPS, "x25519 secp256r1 secp384r1 x448 secp521r1 brainpoolP256r1 brainpoolP384r1 brainpoolP512r1"
    " ffdhe2048 ffdhe3072 ffdhe4096 ffdhe6144 ffdhe8192")  # fmt: skip

# Who has TLS 1.2 alone offers no RSA-PSS, even where certificates with it can be read: seen in hellos of both builds.
SCHEMES_OF_1_2 = numbers_in(
    SCHEMES, "ecdsa_secp521r1_sha512 rsa_pkcs1_sha512 ecdsa_secp384r1_sha384 rsa_pkcs1_sha384"
    " ecdsa_secp256r1_sha256 rsa_pkcs1_sha256")  # fmt: skip
DEBIAN_SCHEMES = numbers_in(
    SCHEMES, "ecdsa_secp256r1_sha256 ecdsa_secp384r1_sha384 ecdsa_secp521r1_sha512 rsa_pss_rsae_sha512"
    " rsa_pss_rsae_sha384 rsa_pss_rsae_sha256 rsa_pkcs1_sha512 rsa_pkcs1_sha384 rsa_pkcs1_sha256")  # fmt: skip
PSS = numbers_in(SCHEMES, "rsa_pss_rsae_sha512 rsa_pss_rsae_sha384 rsa_pss_rsae_sha256")

CURVES = ("secp256r1", "secp384r1", "secp521r1")
BRAINPOOL = ("brainpoolP256r1", "brainpoolP384r1", "brainpoolP512r1")
HASHES = ("sha256", "sha384", "sha512")
SMALL_CHECKS = Checks(AUTHORITIES, ("rsa", *CURVES), (2048, 8192), HASHES, most_between=8)
ESP_CHECKS = Checks(AUTHORITIES, ("rsa", *CURVES), (2048, 8192), HASHES, reads_pss=True, most_between=8)
UNDATED = Checks(AUTHORITIES, ("rsa", *CURVES, *BRAINPOOL), (2048, 8192), HASHES, reads_pss=True, has_dates=False,
                 most_between=8)  # fmt: skip
DATED = Checks(AUTHORITIES, ("rsa", *CURVES, *BRAINPOOL), (2048, 8192), HASHES, reads_pss=True, most_between=8)

SMALL_OFFER = Offer((TLS_1_2,), SMALL_SUITES, NIST, schemes=SCHEMES_OF_1_2)


def _esp_offer(suites: tuple[int, ...], groups: tuple[int, ...]) -> Offer:
    return Offer((TLS_1_2,), suites, groups, schemes=SCHEMES_OF_1_2, asks_for_ticket=True,
                 has_extended_master_secret=True, has_encrypt_then_mac=True)  # fmt: skip


DEBIAN_OFFER = Offer(
    (TLS_1_3, TLS_1_2), ALL, DEBIAN_GROUPS, (X25519,), DEBIAN_SCHEMES, asks_for_ticket=True,
    has_extended_master_secret=True, has_encrypt_then_mac=True, is_compatible=True,
)  # fmt: skip

BUILT = "built with that configuration, which the tests ask"
CONFIGURATION = "MicroPython 1c3c201, extmod/mbedtls/mbedtls_config_common.h"
MEASURED = "measured: the highest of malloc in a handshake of this configuration, built for 64 bits; at most that on 32"
BY_PROGRAM = ("what the program gives to load_verify_locations; tls.SSLContext verifies, but ssl, requests, mip and"
              " umqtt believe anyone unless they are told otherwise")  # fmt: skip
LOOSELY = "name constraints; a name in the subject alone passes, and `*.test`, and an address that stands as a name"
NO_LIST = "whether the certificate was revoked"
MICROPYTHON_UNCHECKED = (NO_LIST, LOOSELY)
RTC = "its own, at 2000 or 2021 after power-up: until ntptime.settime() has set it every certificate is refused"

PICO_W = Profile(
    "pico-w", "Raspberry Pi Pico W, MicroPython", "Mbed TLS 3.6", SMALL_OFFER, SMALL_CHECKS, FULL,
    Memory(28_600, 23_500, 700, 166 * 1024, "MicroPython's own heap", MEASURED + "; free: micropython issue 8915"),
    BY_PROGRAM + "; DER only before MicroPython 1.28", MICROPYTHON_UNCHECKED, RTC,
    (CONFIGURATION, "MicroPython 1c3c201, ports/rp2/mbedtls/mbedtls_config_port.h", BUILT), message=16384,
)  # fmt: skip
STM32 = Profile(
    "stm32", "STM32 with a network, MicroPython", "Mbed TLS 3.6", SMALL_OFFER, SMALL_CHECKS, FULL,
    Memory(28_600, 23_500, 700, 0, "MicroPython's own heap", MEASURED + "; free: differs from board to board"),
    BY_PROGRAM + "; DER only before MicroPython 1.28", MICROPYTHON_UNCHECKED, RTC,
    (CONFIGURATION, "MicroPython 1c3c201, ports/stm32/mbedtls/mbedtls_config_port.h", BUILT), message=16384,
)  # fmt: skip
_ESP32_SOURCES = ("MicroPython 1c3c201, ports/esp32/boards/sdkconfig.base",
                  "ESP-IDF 5.5.2, components/mbedtls/Kconfig and esp_config.h; built so, and run")  # fmt: skip
_ESP32_MEMORY = "16 KB in, 4 KB out and 15 KB at the peak: micropython issue 8940; free before Wi-Fi: issue 18859"


def _esp32(name: str, what: str, free: int) -> Profile:
    """An ESP32 of MicroPython; its models differ in what is free of memory."""
    where = "the memory of ESP-IDF, which gc.mem_free() does not show"
    return Profile(
        name, f"{what}, MicroPython", "Mbed TLS 3.6", _esp_offer(ESP_SUITES, NIST), ESP_CHECKS, FULL,
        Memory(36_000, 23_500, 700, free, where, _ESP32_MEMORY), BY_PROGRAM, MICROPYTHON_UNCHECKED, RTC,
        _ESP32_SOURCES, message=16384,
    )  # fmt: skip


ESP32 = _esp32("esp32", "ESP32", 94_000)
ESP32_C3 = _esp32("esp32-c3", "ESP32-C3", 0)
ESP_IDF = Profile(
    "esp-idf", "ESP32 family, ESP-IDF 5.5 as it is configured at first", "Mbed TLS 3.6",
    _esp_offer(ESP_SUITES, ESP_GROUPS), UNDATED, FULL,
    Memory(42_196, 23_500, 700, 0, "the memory of ESP-IDF",
           "ESP-IDF 5.5.2, docs, protocols/mbedtls.rst: https_request"),
    "a certificate of the program's own, or the bundle of ESP-IDF (at most 200 public roots)",
    ("the dates of certificates: CONFIG_MBEDTLS_HAVE_TIME_DATE is off", NO_LIST, LOOSELY), "none is asked",
    ("ESP-IDF 5.5.2, components/mbedtls/Kconfig", "ESP-IDF 5.5.2, docs, protocols/mbedtls.rst"), message=16384,
    has_bundle=True,
)  # fmt: skip
ARDUINO_ESP32 = Profile(
    "arduino-esp32", "ESP32, Arduino: WiFiClientSecure, HTTPClient", "Mbed TLS 3.6",
    _esp_offer(ARDUINO_SUITES, ESP_GROUPS), UNDATED, FULL,
    Memory(42_196 + 12 * 1024, 35_800, 700, 0, "the memory of ESP-IDF",
           "ESP-IDF's figure, and 16 KB out in place of 4"),
    "setCACert or setCACertBundle; with neither it does not connect, but HTTPClient.begin(url) believes anyone",
    ("the dates of certificates: CONFIG_MBEDTLS_HAVE_TIME_DATE is off", NO_LIST, LOOSELY), "none is asked",
    ("esp32-arduino-lib-builder, configs/defconfig.common", "ESP-IDF 5.5.2, components/mbedtls/Kconfig"), message=16384,
    has_bundle=True,
)  # fmt: skip
DEBIAN = Profile(
    "micropython-debian", "MicroPython of Debian 13, on a computer", "Mbed TLS 3.6.6",
    DEBIAN_OFFER, DATED, FULL, Memory(28_600, 23_500, 700, 0, "the memory of the system, which has enough", MEASURED),
    BY_PROGRAM, MICROPYTHON_UNCHECKED, "the system's clock", ("its own hello",), message=16384, refused_schemes=PSS,
)  # fmt: skip
