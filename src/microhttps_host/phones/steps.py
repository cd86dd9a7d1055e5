"""What somebody does on each system to have it believe an authority, and which system a visitor has. Data. Layer 12."""

import re
from dataclasses import dataclass

CERTIFICATE, PEM, PROFILE = "/ca/microhttps.crt", "/ca/microhttps.pem", "/ca/microhttps.mobileconfig"


@dataclass(frozen=True)
class System:
    """One system: how its browsers name it, the file it wants, and the steps behind loading that.

    `{url}` in a command is where this page is.
    """

    key: str
    name: str
    pattern: str
    file: str
    steps: tuple[str, ...]
    commands: tuple[str, ...] = ()


# The first whose pattern is in the browser's name for itself is the visitor's: an Android calls itself Linux, too.
SYSTEMS = (
    System("ios", "iPhone, iPad", r"iPhone|iPad|iPod", PROFILE, (
        "Load the profile in Safari, and tap Allow.",
        "Settings › Profile Downloaded (or General › VPN & Device Management): tap More Details, compare the "
        "fingerprint, and install it.",
        "Settings › General › About › Certificate Trust Settings: switch it on. Until then it is not believed.",
    )),
    System("android", "Android", r"Android", CERTIFICATE, (
        "Load the certificate.",
        "Settings, search for “CA certificate” (Security › More › Encryption & credentials › Install a certificate › "
        "CA certificate) › Install anyway, and choose the file.",
        "Settings › … › Trusted credentials › User: tap it, and compare the fingerprint.",
        "Chrome believes it from now on. In Firefox: Settings › About Firefox, tap the logo five times; then Settings "
        "› Secret Settings › Use third party CA certificates. Other apps decide for themselves.",
    )),
    System("windows", "Windows", r"Windows", CERTIFICATE, (
        "Load the certificate and open the file; under Details compare the Thumbprint, which is the SHA-1.",
        "Install Certificate › Current User › Place all certificates in the following store › Trusted Root "
        "Certification Authorities.",
        "Start the browser anew.",
    )),
    System("macos", "macOS", r"Macintosh|Mac OS X", CERTIFICATE, (
        "Load the certificate and open the file: it comes into Keychain Access, under login.",
        "Open it there, compare the fingerprint, and under Trust choose Always Trust.",
    )),
    System("linux", "Linux", r"Linux|X11|CrOS", PEM, (
        "Load the certificate and compare its fingerprint. Then, for the system of Debian and Ubuntu, of Fedora, or of "
        "Arch; and, last, for Chromium, which has a list of its own.",
    ), (
        "curl -o microhttps.crt {url}/microhttps.pem",
        "openssl x509 -in microhttps.crt -noout -fingerprint -sha256",
        "sudo cp microhttps.crt /usr/local/share/ca-certificates/ && sudo update-ca-certificates",
        "sudo cp microhttps.crt /etc/pki/ca-trust/source/anchors/ && sudo update-ca-trust",
        "sudo trust anchor --store microhttps.crt",
        "certutil -d sql:$HOME/.pki/nssdb -A -t C,, -n microhttps -i microhttps.crt",
    )),
    System("firefox", "Firefox on a computer", r"Firefox/", CERTIFICATE, (
        "Load the certificate: Firefox asks. View it, compare the fingerprint, and tick “Trust this CA to identify "
        "websites”.",
        "If it only saves it: Settings › Privacy & Security › View Certificates › Authorities › Import.",
    )),
)  # fmt: skip


def own_first(user_agent: str) -> tuple[list[System], int]:
    """All systems, those of the visitor in front, and how many those are."""
    mine = [next((one for one in SYSTEMS if re.search(one.pattern, user_agent)), None)]
    if re.search(r"Firefox/", user_agent) and not re.search(r"Android|iPhone|iPad", user_agent):
        mine.insert(0, SYSTEMS[-1])  # it has a list of its own
    first = [one for one in dict.fromkeys(mine) if one is not None]
    return [*first, *(one for one in SYSTEMS if one not in first)], len(first)
