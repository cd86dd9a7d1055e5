"""What is said of one board and one server: whether it would connect, why not, and what should be known. Layer 12."""

from dataclasses import dataclass
from typing import Any

from ..probing.flight import Flight
from .profile import Profile
from .sentences import TEXT


@dataclass(frozen=True)
class Reason:
    """One thing that stops it or should be known: its step, a stable code, and words."""

    code: str
    step: str
    why: str
    server: str  # what to change there, "" for nothing
    board: str
    facts: dict[str, Any]


@dataclass(frozen=True)
class Verdict:
    """`reasons` stop it; `warnings` do not. `flight` is the server's answer to the board's offer."""

    profile: Profile
    flight: Flight
    reasons: tuple[Reason, ...]
    warnings: tuple[Reason, ...]
    memory: int  # bytes that the handshake takes
    longest_record: int = 0  # that the server was seen to send

    @property
    def connects(self) -> bool:
        return not self.reasons

    @property
    def step(self) -> str:
        """The first step that goes wrong, "" for none."""
        return self.reasons[0].step if self.reasons else ""

    @property
    def code(self) -> str:
        return self.reasons[0].code if self.reasons else ""


def reason(code: str, **facts: Any) -> Reason:
    """The reason of this code, with its words filled in."""
    words = TEXT[code]
    why, server, board = (text.format(**facts) for text in (words.why, words.server, words.board))
    return Reason(code, words.step, why[:1].upper() + why[1:], server, board, facts)
