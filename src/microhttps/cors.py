"""Pages of other sites that may read our answers: CORS as the Fetch standard has it (section 3.2). Layer 8.

It opens and closes nothing for who is no browser, and keeps no request from being made: that is `csrf`'s affair. What
is not allowed is answered without these headers, and then the browser keeps the answer from the page.
"""

from .errors import UsageError
from .routing.guards import Guarded, with_headers

ANY = "*"
NAMES = "Access-Control-"


class Cors:
    """`@cors` before a handler, as the outermost of several decorators; or `server.use(cors)` for all its answers.

    `origins` are "*", a list like ["https://example.org"], or a function that says of an origin whether it may.
    `methods` and `headers` are what a page may use beyond the plain, `expose` the headers of ours it may read;
    `max_age` is how long a browser remembers, in seconds. Cookies and passwords only come with `credentials`,
    and that only for origins that are named. Raises UsageError.
    """

    def __init__(self, origins, methods=("GET", "POST", "PUT", "PATCH", "DELETE"), headers=(), expose=(), max_age=600,
                 credentials=False):
        origins = (origins,) if isinstance(origins, str) else origins
        if credentials and not callable(origins) and ANY in origins:
            raise UsageError("open_credentials")
        for method in methods:
            if not method.isalpha():
                raise UsageError("bad_method", got=method)
        self._origins = origins
        self._methods = ", ".join(methods)
        self._headers = headers
        self._expose = ", ".join(expose)
        self._max_age = max_age
        self._credentials = credentials

    def __call__(self, handler):
        """The handler behind these rules; OPTIONS of its route is answered, too."""
        changed = Guarded(handler, self._preflight_or_none, self._add, True)
        changed.preflight = self.preflight
        return changed

    def preflight(self, request):
        """The answer to OPTIONS: what a page may do (Fetch section 3.2.3), or the plain one."""
        return self._preflight_or_none(request) or self._add(request, None)

    def _preflight_or_none(self, request):
        if request.method != "OPTIONS" or NAMES + "Request-Method" not in request.headers:
            return None
        headers = self._allowed(request)
        if len(headers) > 1 or headers and headers[0][0] != "Vary":
            headers.append((NAMES + "Allow-Methods", self._methods))
            if self._headers:
                headers.append((NAMES + "Allow-Headers", ", ".join(self._headers)))
            headers.append((NAMES + "Max-Age", str(self._max_age)))
        headers.append(("Vary", NAMES + "Request-Method, " + NAMES + "Request-Headers"))
        return None, 204, headers

    def _add(self, request, result):
        headers = self._allowed(request)
        if self._expose:
            headers.append((NAMES + "Expose-Headers", self._expose))
        return with_headers(result, headers)

    def _allowed(self, request):
        """The fields that let this origin read the answer; Vary, because another one would get others."""
        if not callable(self._origins) and ANY in self._origins:
            return [(NAMES + "Allow-Origin", ANY)]
        headers = [("Vary", "Origin")]
        origin = request.headers.get("Origin")
        if origin and (self._origins(origin) if callable(self._origins) else origin in self._origins):
            headers.append((NAMES + "Allow-Origin", origin))
            if self._credentials:
                headers.append((NAMES + "Allow-Credentials", "true"))
        return headers
