"""All profiles, by their names. Layer 12."""

from microhttps.errors import UsageError

from . import mbedtls, other_libraries
from .profile import Profile

PROFILES = (
    mbedtls.ESP32, mbedtls.ESP32_C3, other_libraries.ESP8266, mbedtls.PICO_W, mbedtls.STM32,
    mbedtls.ARDUINO_ESP32, mbedtls.ESP_IDF, other_libraries.SMING_AXTLS, other_libraries.SMING_BEARSSL,
    other_libraries.MONGOOSE, mbedtls.DEBIAN,
)  # fmt: skip
ALL = "all"  # in place of a name


def find_profiles(name: str) -> tuple[Profile, ...]:
    """The profile of this name, or every one for "all"; raises UsageError("bad_option")."""
    found = PROFILES if name == ALL else tuple(profile for profile in PROFILES if profile.name == name)
    if not found:
        known = ", ".join(profile.name for profile in PROFILES)
        raise UsageError("bad_option", f"no board is called {name!r}; there are {known}, all and list")
    return found
