"""Every error of this package, and nothing else: one base, children by who must act.

An error carries a stable `code` and the `facts` (expected, got, host, time); `str()` builds the sentence when somebody
asks, from `sentences`. This file knows no socket and no TLS library: the port and the engines translate foreign
exceptions into these, once, and keep the original in `cause`. Layer 1: imports nothing.
"""


class MicrohttpsError(Exception):
    """Base of all errors: `code` (stable text), `facts` (a dictionary), `cause` (the foreign exception or None)."""

    def __init__(self, code, message="", cause=None, **facts):
        super().__init__(code)
        self.code = code
        self.message = message
        self.cause = cause
        self.facts = facts

    def __str__(self):
        from .sentences import sentence_of

        return sentence_of(self)


class UsageError(MicrohttpsError):
    """You must act: a setting, a file or a call is wrong."""


class Unsupported(UsageError):
    """This interpreter or TLS engine cannot do what was asked; `facts` say which."""


class PeerError(MicrohttpsError):
    """The peer broke a rule of HTTP, WebSocket or TLS; a server answers with `status`."""

    def __init__(self, code, message="", status=400, cause=None, **facts):
        super().__init__(code, message, cause, **facts)
        self.status = status


class TrustError(MicrohttpsError):
    """The peer's certificate is not to be believed, or it does not believe ours."""


class ClockError(TrustError):
    """Dates cannot be judged: the clock of this device was never set."""


class NetworkError(MicrohttpsError):
    """The network or the system refused: no such host, connection refused or reset, port in use."""


class DeadlineError(NetworkError):
    """A deadline passed; `facts` name the setting."""


class OutOfMemory(MicrohttpsError):
    """There is not enough memory for what was to begin; nothing was started."""
