"""The step of SMTP and IMAP: what the server says and can do behind TLS. Layer 13."""

from microhttps.errors import MicrohttpsError

from .findings import Step
from .starting import capabilities, greet, leave
from .target import STARTTLS
from .visit import Visit


def examine(visit: Visit, step: Step) -> None:
    """Asks again for what it can do: what was said in the clear is not to be believed (RFC 3207 section 4.2)."""
    talk = visit.talk()
    if visit.target.begins == STARTTLS:
        step.facts["capabilities"] = capabilities(talk, visit.speaks)
    else:
        greeting = greet(talk, visit.speaks)
        step.facts.update(greeting=greeting.text, capabilities=greeting.capabilities)
    try:
        leave(talk, visit.speaks)
    except MicrohttpsError:
        pass  # it has answered already
