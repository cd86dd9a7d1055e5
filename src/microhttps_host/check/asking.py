"""The step of HTTP: a request, its redirects one by one, and what the status says to whoever came by a board.

Layer 13.
"""

from dataclasses import replace
from typing import Any

from microhttps.errors import MicrohttpsError, PeerError, UsageError
from microhttps.wire.url import Url, join_url

from .exchange import Answer, ask
from .findings import Step
from .looking import Tapped
from .reaching import find_addresses
from .target import TLS, Target, read_target
from .visit import Visit
from .wires import open_socket

MAX_REDIRECTS = 10
ELSEWHERE = (301, 302, 303, 307, 308)
HINTS = {
    400: "http_bad_request", 401: "http_unauthorised", 403: "http_forbidden", 404: "http_not_found",
    407: "http_proxy_wants_password", 421: "http_misdirected", 429: "http_too_many_requests",
}  # fmt: skip


def examine(visit: Visit, step: Step) -> None:
    """Asks for the page as a program would; what is answered is no reason not to connect."""
    answer = first_answer(visit)
    if isinstance(answer, MicrohttpsError):
        raise answer
    step.facts.update(status=answer.status, milliseconds=answer.milliseconds, server=answer.value(b"server"),
                      hsts=answer.value(b"strict-transport-security"), bytes=len(answer.body))  # fmt: skip
    if answer.failure:
        step.fail(answer.failure)
    visit.close()
    last = _follow(visit, step, answer)
    if last.status >= 400:
        step.warn(hint_of(last, visit))
    if not visit.options.is_brief:
        _ask_as_a_board(visit, step, answer)


def first_answer(visit: Visit) -> Answer | MicrohttpsError:
    """The answer to the request, or why there is none; asks once."""
    if visit.first is None:
        try:
            visit.first = ask(visit.secure, "GET", visit.target.path, visit.target.authority, visit.options.timeout,
                              visit.options.user_agent, authorization=visit.target.basic())  # fmt: skip
            visit.note_date(visit.first)
        except MicrohttpsError as error:
            if error.code == "bad_status_line" and visit.look:
                error.facts["alpn"] = visit.look.alpn  # h2 alone is spoken where somebody answers so
            visit.first = error
    return visit.first


def hint_of(answer: Answer, visit: Visit) -> PeerError:
    """What a status from 400 on says."""
    status = answer.status
    other = "http_server_failed" if status >= 500 else "http_refused"
    credentials = visit.target.credentials() if visit.target.begins == TLS else None
    return PeerError(HINTS.get(status, other), http_status=status, realm=answer.value(b"www-authenticate"),
                     seconds=answer.value(b"retry-after"), agent=visit.options.user_agent,
                     user=credentials[0] if credentials else None)  # fmt: skip


def next_url(base: Url, answer: Answer) -> Url | None:
    """Where a redirect leads, None for another answer; raises PeerError."""
    location = answer.value(b"location")
    if answer.status not in ELSEWHERE or not location:
        return None
    try:
        url: Url = join_url(base, location)
    except UsageError as error:
        raise PeerError("bad_redirect", cause=error, location=location) from error
    if base.scheme == "https" and url.scheme != "https":
        raise PeerError("redirect_to_plain", location=location)
    return url


def target_of(visit: Visit, url: Url) -> Target:
    """Where to connect for a URL that the target of this visit leads to; name and password are for its origin alone."""
    if url.host != visit.target.name:
        return read_target(str(url))
    is_its_origin = (url.scheme, url.port) == (visit.target.scheme, visit.target.port)
    return replace(visit.target, scheme=url.scheme, port=url.port, path=url.target,
                   userinfo=visit.target.userinfo if is_its_origin else None)  # fmt: skip


def fetch(visit: Visit, target: Target) -> Answer:
    """The answer to a GET of another target, verified as this one was; waits. Raises what keeps it from connecting."""
    options = visit.options
    other = Visit(target, options)
    try:
        other.addresses = find_addresses(target.host, target.port, options.timeout)
        other.address = _first_that_answers(other)
        other.verify()
        if other.refusal:
            raise other.refusal
        return ask(other.secure, "GET", target.path, target.authority, options.timeout, options.user_agent,
                   authorization=target.basic())  # fmt: skip
    finally:
        other.close()


def _first_that_answers(other: Visit) -> tuple[int, tuple[Any, ...]]:
    failure: MicrohttpsError | None = None
    for address in other.addresses:
        try:
            open_socket(address, other.options.timeout).close()
            return address
        except MicrohttpsError as error:
            error.facts.update(host=other.target.host, port=other.target.port)
            failure = error
    raise failure or UsageError("bad_url")


def _follow(visit: Visit, step: Step, answer: Answer) -> Answer:
    """Goes where the redirects lead; the last answer."""
    target = visit.target
    url = Url("https", target.name, target.port, target.path)
    hops: list[dict[str, Any]] = []
    try:
        while (onward := next_url(url, answer)) is not None:
            if len(hops) >= MAX_REDIRECTS:
                raise PeerError("too_many_redirects", limit=MAX_REDIRECTS)
            hops.append({"url": str(onward), "status": None, "code": None})
            answer = fetch(visit, target_of(visit, onward))
            hops[-1]["status"] = answer.status
            url = onward
    except MicrohttpsError as error:
        if hops:
            hops[-1]["code"] = error.code
        step.fail(error)
    step.facts["redirects"] = hops
    return answer


def _ask_as_a_board(visit: Visit, step: Step, answer: Answer) -> None:
    """The same request with no User-Agent, as small devices send it, over a connection whose records are measured."""
    try:
        stream = visit.tapped()
    except MicrohttpsError:
        return  # it was only for more to be known
    try:
        stream.records.longest = 0
        if not _is_same_peer(visit, stream):
            return
        bare = ask(stream, "GET", visit.target.path, visit.target.authority, visit.options.timeout, None,
                   authorization=visit.target.basic())  # fmt: skip
    except MicrohttpsError:
        return
    finally:
        stream.close()
    step.facts.update(longest_record=stream.records.longest, status_without_user_agent=bare.status)
    if answer.status < 400 <= bare.status:
        step.warn(PeerError("needs_user_agent", http_status=bare.status))


def _is_same_peer(visit: Visit, stream: Tapped) -> bool:
    """Whether both connections ended at the same certificate: to another peer nothing is said."""
    return visit.peer is not None and stream.tls.getpeercert(True) == visit.peer
