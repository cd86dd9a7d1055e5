"""Chromium with a home folder of its own, in which the authority of the tests is trusted or not."""

import os
import subprocess

import pytest

CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "/Applications/Chromium.app/Contents/MacOS/Chromium",
            "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
OPTIONS = ("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
           "--disable-background-networking", "--disable-component-update", "--disable-default-apps",
           "--disable-dev-shm-usage", "--hide-scrollbars", "--window-size=900,700")


@pytest.fixture
def chromium(tool, certificates, tmp_path):
    """(command, environment) of a Chromium that believes the authority, or does not."""

    def prepare(trusted=True):
        home = tmp_path / ("home-trusting" if trusted else "home")
        store = home / ".pki" / "nssdb"
        store.mkdir(parents=True)
        certutil = [tool("certutil"), "-d", f"sql:{store}"]
        subprocess.run([*certutil, "-N", "--empty-password"], check=True, capture_output=True, timeout=60)
        if trusted:
            subprocess.run([*certutil, "-A", "-n", "microhttps tests", "-t", "C,,", "-i", str(certificates / "ca.crt")],
                           check=True, capture_output=True, timeout=60)
        environment = {**os.environ, "HOME": str(home), "XDG_CONFIG_HOME": str(home / "config"),
                       "XDG_CACHE_HOME": str(home / "cache")}
        return [tool(*CHROMIUM), *OPTIONS, f"--user-data-dir={home / 'profile'}"], environment

    return prepare
