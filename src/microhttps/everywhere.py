"""Decorators before all that a server answers, `server.use(basic)`, and one that adds headers. Layer 8."""

from .port import system
from .routing.guards import Guarded, with_headers
from .routing.routes import Routes

MOST_KNOWN = (16, 1024)[system.SIZE]  # handlers whose decorated form is kept


class Everywhere(Routes):
    """The routes of a server, each behind decorators; who is not found, too."""

    __slots__ = ("_decorators", "_known")

    def __init__(self, routes):
        self.exact = routes.exact
        self.patterns = routes.patterns
        self.errors = routes.errors
        self._decorators = []
        self._known = {}  # id of a handler: (the handler, the same behind the decorators)

    def use(self, decorators):
        """Add decorators, inside those that are there, the first outermost."""
        self._decorators.extend(decorators)
        self._known.clear()

    def find(self, method, target):
        """As Routes.find."""
        handler, _, params, status = super().find(method, target)
        if handler is None:
            return self._behind(_Miss(status)), system.ASYNC, params, status
        if id(handler) not in self._known:
            if len(self._known) >= MOST_KNOWN:  # of routes that come and go
                self._known.clear()
            self._known[id(handler)] = handler, self._behind(handler)
        # What is not 200 is answered in a task, where it gets its Allow.
        return self._known[id(handler)][1], system.ASKED_FIRST if status == 200 else system.ASYNC, params, status

    def _behind(self, handler):
        for decorator in reversed(self._decorators):
            handler = decorator(handler)
        return handler


class _Miss:
    """Answers as the server does where it finds nobody, and wants no body either."""

    kind = system.ASKED_FIRST

    def __init__(self, status):
        self._status = status

    def __call__(self, request):
        from .routing.misses import miss

        return miss(self._status)


def use(server, decorators):
    """As Server.use."""
    if not isinstance(server.routes, Everywhere):
        server.routes = Everywhere(server.routes)
    server.routes.use(decorators)


class AddedHeaders:
    """`server.use(AddedHeaders((("Strict-Transport-Security", "max-age=31536000"),)))`, or before one handler."""

    def __init__(self, headers):
        self._headers = headers.items() if hasattr(headers, "items") else headers

    def __call__(self, handler):
        """The handler, these headers in what it answers, errors included."""
        return Guarded(handler, _admit, self._add, True)

    def _add(self, request, result):
        return with_headers(result, self._headers)


def _admit(request):
    return None
