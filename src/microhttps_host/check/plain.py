"""The steps of a plain http:// URL: what is served there in the clear, and whether HTTPS answers. Layer 13."""

from microhttps.errors import MicrohttpsError, PeerError
from microhttps.wire.url import Url

from .asking import fetch, hint_of, next_url, target_of
from .exchange import ask
from .findings import Step
from .speakers import speaker_of
from .visit import Visit
from .wires import Plain

TO_TLS_PORT = b"plain HTTP request was sent to HTTPS port"  # nginx
TO_SSL_PORT = b"speaking plain HTTP to an SSL-enabled server port"  # Apache


def examine(visit: Visit, step: Step) -> None:
    """Asks in the clear; raises PeerError("peer_speaks_tls") where TLS is spoken."""
    target = visit.target
    stream = Plain(visit.open_plain())
    try:
        answer = ask(stream, "GET", target.path, target.authority, visit.options.timeout, visit.options.user_agent)
    except PeerError as error:
        if speaker_of(_first_bytes(visit)) == "TLS":
            raise PeerError("peer_speaks_tls", cause=error) from error
        raise
    finally:
        stream.close()
    if TO_TLS_PORT in answer.body or TO_SSL_PORT in answer.body:
        raise PeerError("peer_speaks_tls", http_status=answer.status)
    visit.first = answer
    step.facts.update(status=answer.status, location=answer.value(b"location"))
    if answer.status >= 400:
        step.warn(hint_of(answer, visit))


def find_secure(visit: Visit, step: Step) -> None:
    """Whether HTTPS answers where the redirect leads, or at its usual port."""
    url = _secure_url(visit)
    step.facts["url"] = str(url)
    try:
        answer = fetch(visit, target_of(visit, url))
    except MicrohttpsError as error:
        step.facts["code"] = error.code
        step.warn(PeerError("plain_http", other=str(url), reason=error.code))
        return
    step.facts["status"] = answer.status
    step.warn(PeerError("plain_http", https=str(url)))


def _secure_url(visit: Visit) -> Url:
    target = visit.target
    if visit.first is not None and not isinstance(visit.first, MicrohttpsError):
        try:
            url = next_url(Url("http", target.name, target.port, target.path), visit.first)
        except PeerError:
            url = None  # it leads to nowhere
        if url is not None and url.scheme == "https":
            return url
    return Url("https", target.name, 443 if target.port == 80 else target.port, target.path)


def _first_bytes(visit: Visit) -> bytes:
    """What is said there to who speaks plain HTTP."""
    stream = Plain(visit.open_plain())
    try:
        stream.settimeout(visit.options.timeout)
        stream.write(b"GET / HTTP/1.0\r\n\r\n")
        return stream.recv(64)
    except MicrohttpsError:
        return b""
    finally:
        stream.close()
