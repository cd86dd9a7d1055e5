"""What all ways to authenticate share: the Authorization field, the challenge, 401, too many wrong guesses.

A scheme is a decorator between route and handler; `request.user` is then who asks. It decides before the body is read.
The schemes themselves are in `auth_basic`, `auth_digest` and `auth_bearer`. Layer 8.
"""

from .port import system
from .routing.guards import Guarded, refuse

STALE = object()  # the right secret for an old challenge (RFC 7616 section 3.3)
PERIOD = 60  # seconds in which wrong guesses are counted
MOST_ADDRESSES = (16, 1024)[system.SIZE]  # from which guesses are counted at once


class Scheme:
    """A way to authenticate; `@scheme` before a handler, or among others in AnyOf.

    A scheme defines `name` (in lower case), `find_user(request, text)` for what stands behind the name in the
    Authorization field, and `challenge(is_wrong, is_stale)`. A user is anything but None and False.
    """

    name = ""
    failures = None

    def __init__(self, realm, max_failures=0):
        self.realm = realm
        if max_failures:
            self.failures = Failures(max_failures)

    def __call__(self, handler):
        """The handler behind this scheme."""
        return Guarded(handler, self.check)

    def check(self, request):
        """None when the request may pass, and its `user` is set; else the refusal. Maybe to be awaited."""
        return judge(request, (self,))


class AnyOf(Scheme):
    """Several schemes: the client chooses one, and one that names none is told all. `@AnyOf(basic, bearer)`."""

    def __init__(self, *schemes):
        self._schemes = schemes

    def check(self, request):
        """As Scheme.check."""
        return judge(request, self._schemes)


def judge(request, schemes):
    """None or the refusal, maybe to be awaited, of a request that has to pass one of these schemes."""
    fields = request.headers.get_all("authorization")
    name, _, text = fields[0].partition(" ") if len(fields) == 1 else ("", "", "")
    for scheme in schemes:
        if scheme.name == name.lower():
            break
    else:
        return _challenge(request, schemes)
    address = request.session.peer_address[0]
    if scheme.failures is not None and scheme.failures.are_too_many(address):
        return refuse(request, 429, "429 Too Many Requests: too many wrong passwords", (("Retry-After", str(PERIOD)),))
    user = scheme.find_user(request, text.strip(" "))
    if system.is_coroutine(user):
        return _judge_later(request, schemes, scheme, user)
    return _conclude(request, schemes, scheme, user)


async def _judge_later(request, schemes, scheme, user):
    refusal = _conclude(request, schemes, scheme, await user)
    return await refusal if system.is_coroutine(refusal) else refusal


def _conclude(request, schemes, scheme, user):
    if user is STALE:
        return _challenge(request, schemes, stale=scheme)
    if user is None or user is False:
        if scheme.failures is not None:
            scheme.failures.add(request.session.peer_address[0])
        return _challenge(request, schemes, wrong=scheme)
    request.user = user
    return None


def _challenge(request, schemes, wrong=None, stale=None):
    """401 with a challenge for each scheme (RFC 9110 section 11.6.1)."""
    headers = [("WWW-Authenticate", scheme.challenge(scheme is wrong, scheme is stale)) for scheme in schemes]
    headers.append(("Cache-Control", "no-store"))
    return refuse(request, 401, "401 Unauthorized", headers)


def user_or(user, name):
    """What a check gave, the name itself where that is True; to be awaited where the check is."""
    if system.is_coroutine(user):
        return _user_or_later(user, name)
    return name if user is True else user


async def _user_or_later(user, name):
    return user_or(await user, name)


def quoted(text):
    """Text as a quoted-string (RFC 9110 section 5.6.4)."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


class Failures:
    """Counts wrong guesses by address: at most `limit` a minute; of a bounded number of addresses."""

    __slots__ = ("_counts", "_limit")

    def __init__(self, limit):
        self._limit = limit
        self._counts = {}  # address: (guesses, end of the minute)

    def are_too_many(self, address):
        """Whether this address must wait for the end of its minute."""
        entry = self._counts.get(address)
        if entry and system.is_past(entry[1], system.now()):
            del self._counts[address]
            return False
        return entry is not None and entry[0] >= self._limit

    def add(self, address):
        """Count one."""
        count, end = self._counts.get(address) or (0, system.after(PERIOD))
        if address not in self._counts and len(self._counts) >= MOST_ADDRESSES:
            self._make_room()
        self._counts[address] = count + 1, end

    def _make_room(self):
        """Forget those whose minute is over, or else the one with the fewest guesses."""
        moment = system.now()
        for address in [address for address, entry in self._counts.items() if system.is_past(entry[1], moment)]:
            del self._counts[address]
        if len(self._counts) >= MOST_ADDRESSES:
            del self._counts[min(self._counts, key=lambda address: self._counts[address][0])]
