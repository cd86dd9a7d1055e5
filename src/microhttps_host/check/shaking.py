"""The steps in which TLS begins: STARTTLS where it is asked for, and the handshake itself. Layer 13."""

from microhttps.errors import DeadlineError, MicrohttpsError, PeerError, TrustError

from .findings import Step
from .looking import look
from .speakers import find_speaker, speaker_of
from .visit import Visit
from .wires import Plain

# What a handshake that failed may come from where no TLS is spoken at all.
NOT_TLS_PERHAPS = ("peer_is_not_tls", "handshake_failed", "deadline", "reset", "bad_record", "chain_too_large")

# How who speaks TLS refuses: there is more to be asked.
OF_TLS = ("handshake_refused", "no_common_version", "no_common_cipher")


def start(visit: Visit, step: Step) -> None:
    """Whether the server agrees to begin TLS on a connection in the clear."""
    visit.open().close()
    if visit.greeting:
        step.facts.update(greeting=visit.greeting.text, capabilities=visit.greeting.capabilities)


def shake(visit: Visit, step: Step) -> None:
    """A look at all that the server shows, and the handshake as the runtime does it."""
    failure = _look(visit)
    if isinstance(failure, DeadlineError):
        raise _told(visit, failure)
    if visit.look:
        step.facts.update(visit.look.facts())
    if not visit.options.is_brief and (failure is None or failure.code in OF_TLS):
        _find_more(visit, step)
    visit.verify()
    if visit.options.engine:
        step.facts["engine"] = visit.options.engine
    if visit.secure:
        tls = visit.secure.tls
        step.facts.update(version=tls.version, cipher=tls.cipher)
    elif not is_of_certificate(visit.refusal):
        raise _told(visit, visit.refusal or failure or PeerError("handshake_failed"))


def is_of_certificate(error: MicrohttpsError | None) -> bool:
    """Whether TLS itself has worked, and the certificate is what is refused: other steps say why."""
    return isinstance(error, TrustError) and error.code != "handshake_refused"


def _find_more(visit: Visit, step: Step) -> None:
    from .offers import survey  # not for one of many
    from .resuming import resumes

    found = survey(visit)
    step.facts.update(found, resumes=resumes(visit, found.get("versions", [])))
    if found.get("stapled") == "revoked":
        step.fail(TrustError("revoked", host=visit.target.name))


def _look(visit: Visit) -> MicrohttpsError | None:
    try:
        visit.look = look(visit.tapped(visit.records))
    except MicrohttpsError as error:
        return error
    return None


def _told(visit: Visit, error: MicrohttpsError) -> MicrohttpsError:
    """The error, or a better one when it is known who speaks there instead of TLS."""
    if error.code not in NOT_TLS_PERHAPS or visit.target.begins != "tls":
        return error
    timeout = visit.options.timeout
    speaker = speaker_of(visit.records.first) or find_speaker(lambda: Plain(visit.open_plain()), timeout)
    if not speaker or speaker == "TLS":
        return error
    return PeerError("peer_is_not_tls", cause=error.cause, host=visit.target.name, speaks=speaker)
