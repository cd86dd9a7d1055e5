"""Whether a server resumes sessions, in TLS 1.2 and in 1.3: two connections each, nothing is asked. Layer 13."""

import ssl
import time

from microhttps.errors import MicrohttpsError

from .looking import Records, Tapped, blind_context
from .visit import Visit

VERSIONS = {"TLS 1.3": ssl.TLSVersion.TLSv1_3, "TLS 1.2": ssl.TLSVersion.TLSv1_2}
# For a ticket of TLS 1.3, which comes behind the handshake: seconds, and so many times what the handshake took.
FOR_TICKET, OF_HANDSHAKE = 0.3, 3


def resumes(visit: Visit, versions: list[str]) -> dict[str, bool]:
    """{version: whether a second connection goes on with the session of the first}; waits."""
    return {name: _resumes(visit, number) for name, number in VERSIONS.items() if name in versions}


def _resumes(visit: Visit, version: ssl.TLSVersion) -> bool:
    context = blind_context((), visit.options.identity, version)
    try:
        begun = time.monotonic()
        first = Tapped(visit.open(), context, visit.target.name, visit.options.timeout)
        if version is ssl.TLSVersion.TLSv1_3:
            _take_ticket(first, FOR_TICKET + OF_HANDSHAKE * (time.monotonic() - begun))
        session = first.tls.session
        first.close()
        if session is None:
            return False
        second = Tapped(visit.open(), context, visit.target.name, visit.options.timeout, Records(), session)
        second.close()
    except MicrohttpsError:
        return False
    return bool(second.tls.session_reused)


def _take_ticket(stream: Tapped, seconds: float) -> None:
    try:
        stream.settimeout(seconds)
        stream.recv(1)
    except MicrohttpsError:
        pass  # it waits for a question, as it should
