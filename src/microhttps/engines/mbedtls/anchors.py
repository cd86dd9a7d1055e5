"""The engine `mbedtls`: the authorities that are believed, as the library wants them. CPython only. Layer 3.

Of the public roots only those are loaded that somebody needs: the store is asked for the issuers of a chain when it has
been shown, before the library judges it. It keeps its anchors in a list that grows, so that each is loaded once for a
context, and loading all of them is spared.
"""

import os
import ssl

from mbedtls.exceptions import TLSError
from mbedtls.tls import TrustStore
from mbedtls.x509 import CRT

from ...errors import Unsupported, UsageError
from ...wire.issuers import issuer_of
from ...wire.x509 import certificate_facts, der_of


def certificate_of(der):
    """The library's certificate of these bytes (DER); raises UsageError("bad_certificate_file")."""
    try:
        return CRT.from_DER(der)
    except (TLSError, ValueError) as error:
        raise UsageError("bad_certificate_file", cause=error)


class Anchors:
    """Those of one Trust; `store` is the library's own list of them. Reads the files; raises UsageError."""

    def __init__(self, trust):
        if trust.crl is not None:
            raise Unsupported("no_crl")
        self._roots = trust.store() if trust.kind == "public" else None
        self._known = {}  # subject: [DER]
        self._loaded = set()  # of the public roots, their subjects
        self.store = TrustStore()
        if trust.kind == "system":
            self._add_system()
        for source in trust.certificates():
            for der in der_of(source):
                self._add(certificate_facts(der).subject, der)
        if self._roots is not None and not self.store:
            first = next(iter(self._roots))  # a list that is to grow must not be empty, and it is believed anyhow
            self._add(first.subject, first.anchor())

    def _add(self, subject, der):
        self.store.add(certificate_of(der))
        self._known.setdefault(subject, []).append(der)

    def _add_system(self):
        """The certificates of the operating system, but for those that this library cannot read."""
        for path in _system_files():
            with open(path, "rb") as file:
                for der in der_of(file.read()):
                    try:
                        self._add(certificate_facts(der).subject, der)
                    except UsageError:
                        pass

    def add_for(self, chain):
        """Load the public roots in which this chain (DER) may end."""
        for der in chain if self._roots is not None else ():
            try:
                issuer = issuer_of(der)
            except UsageError:
                continue  # the library cannot read it, either, and will say so
            for root in self._roots.find(issuer) if issuer not in self._loaded else ():
                if root.is_usual():
                    self._loaded.add(issuer)
                    self._add(root.subject, root.anchor())

    def of(self, subject):
        """The anchors (DER) of that subject."""
        return self._known.get(subject, [])


def _system_files():
    """Where OpenSSL would look: a file of all, or a folder with a file for each, named by a hash and a number."""
    paths = ssl.get_default_verify_paths()
    if paths.cafile:
        return [paths.cafile]
    names = sorted(os.listdir(paths.capath)) if paths.capath else []
    found = [os.path.join(paths.capath, name) for name in names if name.rpartition(".")[2].isdigit()]
    if not found:
        raise Unsupported("no_system_roots")
    return found
