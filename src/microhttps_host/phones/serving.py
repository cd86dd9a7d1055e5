"""A server beside the application's, over plain HTTP, from which phones take our authority's certificate. Layer 12.

Only what everybody may have is there. When it cannot listen, the application is served all the same.
"""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from cryptography import x509

from microhttps import Response, Server
from microhttps.cors import Cors
from microhttps.errors import NetworkError, UsageError

from ..authority.record import names_in
from .address import address_for_phones
from .page import POLICY, Presented, drawn, page
from .steps import CERTIFICATE, PEM, PROFILE

PATH = "/ca"
PROBE = "/.well-known/microhttps"  # what the page's test asks of the application's own server
HEADERS = (
    ("Cache-Control", "no-store"), ("X-Content-Type-Options", "nosniff"), ("Referrer-Policy", "no-referrer"),
)  # fmt: skip
# Plain HTTP for a few phones; it shall not take what the application needs.
SETTINGS: dict[str, Any] = {"max_open_sockets": 32, "max_sockets_per_address": 8, "lru_purge": True,
                            "max_body_length": 0}  # fmt: skip

Tell = Callable[[str, Mapping[str, Any]], None]


class CaPage:
    """The page at `server`; `problem` is why it is not there, and `url` where phones find it."""

    def __init__(self, application: Server, authority: Path, certificate: Path, port: int,
                 find_names: Callable[[], list[str]], tell: Tell) -> None:  # fmt: skip
        self.problem: NetworkError | None = None
        self.server = Server(transport="insecure", host=application.host, port=port, on_event=tell, **SETTINGS)
        self._application = application
        self._authority = authority
        self._certificate = certificate
        self._find_names = find_names
        self._presented: tuple[bytes, Presented] | None = None
        self._add_routes()

    @property
    def url(self) -> str:
        ours = self._names()
        known = self._find_names()
        name = address_for_phones([name for name in known if name in ours] or known)
        return f"http://{name}:{self.server.port}{PATH}"

    @property
    def presented(self) -> Presented:
        """The authority as it is now: somebody may have renewed it."""
        pem = self._authority.read_bytes()
        if self._presented is None or self._presented[0] != pem:
            self._presented = pem, Presented(pem)
        return self._presented[1]

    def drawn(self) -> str:
        """The QR code of the address, for a terminal."""
        return drawn(self.url)

    def hold(self, hold: Callable[[int], int]) -> None:
        """Have the port for several processes, by the `hold` of who looks after them."""
        self.server.settings.reuse_port = True
        try:
            self.server.port = hold(self.server.port)
        except NetworkError as error:
            self.problem = error

    async def start(self) -> None:
        """Listen, or note why not."""
        if self.problem is not None:
            return
        try:
            await self.server.start()
        except NetworkError as error:
            self.problem = error

    async def stop(self) -> None:
        """Listen no more; may be called twice."""
        await self.server.stop()

    def _add_routes(self) -> None:
        server = self.server
        server.get("/")(lambda request: Response.redirect(PATH))
        server.get(PATH)(self._page)
        server.get("/ca/status")(self._status)
        server.get(CERTIFICATE)(lambda request: _file(self.presented.der, "application/x-x509-ca-cert"))
        server.get(PEM)(lambda request: _file(self.presented.pem, "application/x-pem-file"))
        server.get(PROFILE)(lambda request: _file(self.presented.profile, "application/x-apple-aspen-config"))
        try:
            self._application.get(PROBE)(Cors(self._is_ours)(_probe))
        except UsageError:
            pass  # the application answers there itself, and an answer is all that is wanted

    def _page(self, request: Any) -> Response:
        text = page(self.presented, self.url, self._application.port, request.headers.get("User-Agent", ""))
        headers = (*HEADERS, ("Content-Security-Policy", POLICY), ("Vary", "User-Agent"))
        return Response(text, headers=headers, content_type="text/html; charset=utf-8")

    def _status(self, request: Any) -> Response:
        """What the page's test needs to say why the answer was no."""
        return Response({"names": self._names(), "url": self.url}, headers=HEADERS)

    def _names(self) -> list[str]:
        return names_in(x509.load_pem_x509_certificates(self._certificate.read_bytes())[0])

    def _is_ours(self, origin: str) -> bool:
        """Whether a page may read the probe: ours, by any name that our certificate is for."""
        try:
            parts = urlsplit(origin)
            return parts.scheme == "http" and parts.port == self.server.port and parts.hostname in self._names()
        except ValueError:
            return False


def _probe(request: Any) -> Response:
    return Response("trusted\n", headers=HEADERS)


def _file(content: bytes, content_type: str) -> Response:
    """Not as an attachment: Firefox and Safari know what to do with these."""
    return Response(content, headers=HEADERS, content_type=content_type)
