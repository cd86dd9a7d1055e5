"""The page as it is sent: the authority's certificate in words, the steps, a QR code, one style and one script.

It needs nothing from elsewhere, and its policy lets nothing else in: style and script by their hashes. Knows no
sockets. Layer 12.
"""

import base64
import hashlib
import io
from functools import cached_property, lru_cache
from html import escape
from pathlib import Path
from string import Template

import segno
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from ..authority.constraints import constraints_of, given_names
from .profile import profile
from .steps import PROFILE, System, own_first

HERE = Path(__file__).resolve().parent
STYLE, SCRIPT = (HERE / "page.css").read_text(encoding="utf-8"), (HERE / "page.js").read_text(encoding="utf-8")
TEMPLATE = Template((HERE / "page.html").read_text(encoding="utf-8"))


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


# The test goes to this server by whatever name the visitor has for it, and so to any `https:`; from this script alone.
POLICY = (
    f"default-src 'none'; style-src {_hash(STYLE)}; script-src {_hash(SCRIPT)}; connect-src 'self' https:; "
    "img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


class Presented:
    """An authority's certificate, in the forms in which it is handed out."""

    def __init__(self, pem: bytes) -> None:
        self._certificate = x509.load_pem_x509_certificate(pem)
        self.der = self._certificate.public_bytes(Encoding.DER)
        self.pem = self._certificate.public_bytes(Encoding.PEM)
        self.sha256 = in_pairs(self._certificate.fingerprint(hashes.SHA256()))
        self.sha1 = in_pairs(self._certificate.fingerprint(hashes.SHA1()))

    @property
    def name(self) -> str:
        found = self._certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)
        return str(found[0].value) if found else "an authority without a name"

    @property
    def expires(self) -> str:
        return f"{self._certificate.not_valid_after_utc:%Y-%m-%d}"

    @property
    def vouches(self) -> str:
        """For what it may vouch, in words."""
        constraints = constraints_of(self._certificate)
        if constraints is None:
            return "every site of the Internet, so think twice"
        return "private names and addresses only" + "".join(f", {name}" for name in given_names(constraints))

    @cached_property
    def profile(self) -> bytes:
        """For Apple's systems."""
        return profile(self.der, self.name)


def page(authority: Presented, url: str, port: int, user_agent: str) -> str:
    """The page for this visitor; `url` is where others find it, and `port` where this server speaks HTTPS."""
    systems, own = own_first(user_agent)
    return TEMPLATE.substitute(
        style=STYLE, script=SCRIPT, port=port, url=escape(url), name=escape(authority.name),
        vouches=escape(authority.vouches), sha256=authority.sha256, sha1=authority.sha1, expires=authority.expires,
        systems="\n".join(_section(system, place < own, url) for place, system in enumerate(systems)),
        code=_code(url),
    )  # fmt: skip


def drawn(url: str) -> str:
    """The QR code of an address for a terminal."""
    out = io.StringIO()
    segno.make(url, micro=False).terminal(out, border=2, compact=True)
    return out.getvalue()


def in_pairs(digest: bytes) -> str:
    """A fingerprint as devices show it."""
    return digest.hex(":").upper()


@lru_cache(maxsize=16)
def _code(url: str) -> str:
    return str(segno.make(url, micro=False).svg_inline(scale=5, border=2, light="#fff"))


def _section(system: System, is_open: bool, url: str) -> str:
    kind = "profile" if system.file == PROFILE else "certificate"
    steps = "".join(f"<li>{escape(step)}</li>" for step in system.steps)
    commands = "\n".join(escape(command.format(url=url)) for command in system.commands)
    return (
        f'<details id="{system.key}"{" open" * is_open}><summary>{escape(system.name)}</summary>'
        f'<p><a class="load" href="{system.file}">Load the {kind}</a></p><ol>{steps}</ol>'
        f"{'<pre>' + commands + '</pre>' if commands else ''}</details>"
    )
