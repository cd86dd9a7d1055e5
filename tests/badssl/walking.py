"""Walks the range with a client on an interpreter, or with curl, and says what each had to say of every site."""

import json
import subprocess

from badssl.sites import SITES
from harness.interpreters import find_or_fail
from harness.playing import PLAY
from harness.programs import PATIENCE

IN_CURL_S_TIME = {True: "1", False: "10"}  # seconds, for a site that says nothing and for any other


class Walker:
    """The range in a folder, its ports, and a proxy (its URL) for which every name is this machine's."""

    def __init__(self, folder, ports, proxy):
        self._folder, self._ports, self._proxy = folder, ports, proxy

    def walk(self, interpreter, circumstances=(), engine=None):
        """{site: what our client says of it}, by one process; "public": with the root in a store of public ones."""
        options = {"sites": [self._asked(site) for site in sites(circumstances)], "engine": engine,
                   "store": "public" in circumstances and "store.bin"}
        file = self._folder / f"{interpreter}.json"
        file.write_text(json.dumps(options))
        found = find_or_fail(interpreter)
        environment = {**found.environment, "MICROHTTPS_HOME": str(self._folder / "home")}
        done = subprocess.run(found.command(PLAY, "client", "badssl.asking", "0", self._folder, file), text=True,
                              capture_output=True, env=environment, timeout=10 * PATIENCE)
        assert (done.returncode, done.stderr) == (0, ""), done.stdout[-500:] + done.stderr[-5000:]
        return dict(line.split(" ", 1) for line in done.stdout.splitlines())

    def _asked(self, site):
        through = self._proxy if site.host not in ("localhost", "127.0.0.1") else None
        return {"name": site.name, "host": site.host, "port": self._ports[site.name], "trust": site.trust,
                "crl": site.crl, "settings": site.settings, "proxy": through}

    def curl(self, program):
        """{site: the exit status of curl}."""
        return {site.name: self._curl(program, site) for site in SITES}

    def _curl(self, program, site):
        port = self._ports[site.name]
        command = [program, "-s", "-m", IN_CURL_S_TIME[bool(site.settings)], "--noproxy", "*",
                   "--cacert", self._folder / f"{site.trust}.crt", "--connect-to", f"::127.0.0.1:{port}"]
        if site.crl:
            command += ["--crlfile", self._folder / "root.crl"]
        return subprocess.run([*command, f"https://{site.host}:{port}/"], capture_output=True).returncode


def sites(circumstances):
    """Those to be walked; a list of what was revoked goes with an authority of one's own."""
    return [site for site in SITES if not (site.crl and "public" in circumstances)]
