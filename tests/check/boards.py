"""What tests of the profiles share: verdicts on a server here, and what a real MicroPython says of it."""

import asyncio
import datetime
import json
import subprocess
from pathlib import Path

from cryptography import x509

from harness.interpreters import find_or_fail
from harness.programs import PATIENCE
from microhttps_host.probing.asking import Asking
from microhttps_host.probing.suites import EXCHANGES, SUITES
from microhttps_host.profiles.catalogue import PROFILES
from microhttps_host.profiles.connecting import Site, would_each_connect
from microhttps_host.profiles.judging import Asked

TLS_ALONE = Path(__file__).with_name("board_tls.py")
BY_NAME = {profile.name: profile for profile in PROFILES}


def verdicts(port, trust, host="localhost", profiles=PROFILES, seconds=10.0, longest_record=0):
    """{name of the board: verdict} of a server on this machine; `trust` is the file of what is believed."""
    asked = Asked(host, "127.0.0.1", datetime.datetime.now(datetime.timezone.utc))
    asking = Asking(lambda: asyncio.open_connection("127.0.0.1", port), host.strip("[]"), seconds)
    roots = x509.load_pem_x509_certificates(trust.read_bytes())
    site = Site(asking, asked, lambda chain: roots, longest_record)
    found = asyncio.run(would_each_connect(profiles, site))
    return {verdict.profile.name: verdict for verdict in found}


def really(folder, sites, profile=None, interpreter="micropython"):
    """{name: how a real MicroPython ended} for [{name, host, port, trust}], with a profile's suites or its own."""
    ciphers = cipher_names(profile) if profile else None
    file = folder / "asked.json"
    file.write_text(json.dumps([{**site, "trust": f"{site['trust']}.der", "ciphers": ciphers} for site in sites]))
    done = subprocess.run(find_or_fail(interpreter).command(TLS_ALONE, file), text=True, capture_output=True,
                          timeout=5 * PATIENCE)
    assert (done.returncode, done.stderr) == (0, "")
    return dict(line.split(" ", 1) for line in done.stdout.splitlines())


def cipher_names(profile):
    """The suites of TLS 1.2 of a profile as Mbed TLS calls them."""
    return [SUITES[suite].replace("_", "-") for suite in profile.offer.suites if EXCHANGES[suite] != "TLS13"]
