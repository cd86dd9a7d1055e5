"""The step of WebSocket: the upgrade, asked for and judged as the runtime does it (RFC 6455 section 4). Layer 13."""

from microhttps.client.websocket_client import encode_request, judge
from microhttps.errors import PeerError
from microhttps.wire.headers import text_of
from microhttps.wire.url import Url
from microhttps.wire.websocket_key import new_key

from .exchange import Limits, read_head
from .findings import Step
from .visit import Visit


class Settings(Limits):
    """A client's settings, with the name that we go by."""

    def __init__(self, agent: str) -> None:
        super().__init__()
        self.user_agent = agent


def examine(visit: Visit, step: Step) -> None:
    """Asks for a WebSocket; what is answered instead is no reason not to connect."""
    target = visit.target
    key = new_key()
    talk = visit.talk()
    url = Url("https", target.name, target.port, target.path)
    talk.say(encode_request(url, key, (), (), Settings(visit.options.user_agent)))
    head, _ = read_head(talk, "GET", is_upgrade=True)
    step.facts["status"] = head.status
    step.facts["server"] = next((text_of(value) for name, value in head.fields if name.lower() == b"server"), None)
    try:
        judge(head, key, ())
    except PeerError as error:
        step.warn(error)
