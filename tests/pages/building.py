"""Builds the site as `make site` does, elsewhere."""

import os
import subprocess
import sys

from harness.interpreters import ROOT


def build_site(folder):
    """Write the site into this folder; fails the test for a single warning."""
    done = subprocess.run([sys.executable, "-m", "mkdocs", "build", "--strict", "-d", str(folder)], cwd=ROOT, text=True,
                          capture_output=True, env={**os.environ, "NO_MKDOCS_2_WARNING": "1"})
    assert done.returncode == 0 and "WARNING" not in done.stderr, done.stderr
