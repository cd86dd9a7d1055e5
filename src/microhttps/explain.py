"""Why it failed, in three plain sentences: what happened, the likely cause here, what to do next.

    except MicrohttpsError as error:
        for sentence in explain(error):
            print(sentence)

The same texts on both interpreters. They are in `explanations`, in rooms by who must act, of which one is loaded and
then forgotten; so an explanation costs a board some 10 KB of heap for as long as it is made. No module of the runtime
imports this one. Layer 10.
"""

from .errors import NetworkError, PeerError, TrustError, UsageError
from .explanations.quoting import shown
from .port import system

CLIENT, SERVER = "client", "server"
MOMENTS = ("clock", "not_after", "not_before")  # facts in seconds since 1970
MAX_CONDITIONS = 2  # of an entry
MACHINES = "board", "computer"


def explain(error, role=CLIENT, texts=()):
    """(what happened, the likely cause, what to do next) of a MicrohttpsError, as the one in this role sees it.

    `role` is CLIENT or SERVER; `texts` are further ones, in the form of `explanations`, that refine those.
    """
    facts = _facts_of(error, role)
    sentences = ["", "", ""]
    for entries in [_find(_texts_for(error, role), error.code)] + [entries_of(text, error.code) for text in texts]:
        for conditions, lines in _fewest_first(entries):
            if _hold(conditions, facts):
                sentences = [new if new != "-" else old for new, old in zip(lines, sentences)]
    if "{said}" in sentences[0]:
        facts["said"] = error.message or _sentence_of(error)
    return tuple([fill(sentence, facts) for sentence in sentences])


def _find(texts, code):
    for text in texts:
        entries = entries_of(text, code)
        if entries:
            return entries
    return []


def entries_of(text, code):
    """[(conditions, three lines)] of a code in such a text (see `explanations`)."""
    found = []
    at = text.find("\n\n" + code)
    while at >= 0:
        end = text.find("\n\n", at + 2)
        lines = text[at + 2:end].replace("\n  ", " ").split("\n")
        name, *conditions = lines[0].split(" ")
        if name == code:
            found.append((conditions, lines[1:]))
        at = text.find("\n\n" + code, end)
    return found


def fill(sentence, facts):
    """The sentence with facts put in, without the brackets whose facts are not there."""
    parts = sentence.split("[")
    filled = [parts[0].format(**facts)]
    for part in parts[1:]:
        inside, _, rest = part.partition("]")
        inside, _, instead = inside.partition("|")
        try:
            inside = inside.format(**facts)
        except KeyError:
            inside = instead.format(**facts)
        filled.append(inside + rest.format(**facts))
    return "".join(filled)


def _sentence_of(error):
    from .sentences import plain_sentence_of

    system.drop("sentences")
    return plain_sentence_of(error)


def _fewest_first(entries):
    """By the number of conditions, else in their order: sorting is not stable on MicroPython."""
    return [entry for count in range(MAX_CONDITIONS + 1) for entry in entries if len(entry[0]) == count]


def _hold(conditions, facts):
    for condition in conditions:
        name, _, value = condition.partition("=")
        if name not in facts or value and facts[name] != value:
            return False
    return True


def _facts_of(error, role):
    facts = {}
    for name, value in error.facts.items():
        if value is not None:
            facts[name] = _date(value) if name in MOMENTS else shown(value)
    facts["role"] = role
    facts["machine"] = MACHINES[system.SIZE]
    facts["today"] = _date(system.wall_clock())
    if error.facts.get("not_after", 0) > system.wall_clock():
        del facts["not_after"]  # it is another one of the chain that has expired
    if "names" in facts:
        _tell_names(facts, error.facts["names"])
    return facts


def _tell_names(facts, names):
    if names:
        facts["names"] = ", ".join(names)
    else:
        del facts["names"]
    if "more_names" in facts:
        facts["names"] += " and %s more" % facts["more_names"]
    if facts.get("host") in names:
        facts["listed"] = "yes"


def _date(seconds):
    """The day, by our own calendar: that of a board ends in 2038, and not every certificate does."""
    days = int(seconds) // 86400 + 719468  # since 1 March of the year 0, so that the leap day is the last of its year
    era, day = divmod(days, 146097)
    year = (day - day // 1460 + day // 36524 - day // 146096) // 365
    day -= 365 * year + year // 4 - year // 100
    month = (5 * day + 2) // 153
    day -= (153 * month + 2) // 5
    if month > 9:
        year, month = year + 1, month - 12
    return "%d-%02d-%02d" % (year + 400 * era, month + 3, day + 1)


def _texts_for(error, role):
    """The texts of all rooms, those first which have errors of this class; each takes 2 to 13 KB."""
    first = 0
    for place, kind, only_role, fact in PLACES:
        if isinstance(error, kind) and only_role in (None, role) and (fact is None or fact in error.facts):
            first = place
    for room in ROOMS[first:] + ROOMS[:first]:
        yield room()


def _memory():
    from .explanations.memory import TEXT

    system.drop("explanations.memory")
    return TEXT


def _trust():
    from .explanations.trust import TEXT

    system.drop("explanations.trust")
    return TEXT


def _alerts():
    from .explanations.alerts import TEXT

    system.drop("explanations.alerts")
    return TEXT


def _clients():
    from .explanations.clients import TEXT

    system.drop("explanations.clients")
    return TEXT


def _network():
    from .explanations.network import TEXT

    system.drop("explanations.network")
    return TEXT


def _tls():
    from .explanations.tls import TEXT

    system.drop("explanations.tls")
    return TEXT


def _messages():
    from .explanations.messages import TEXT

    system.drop("explanations.messages")
    return TEXT


def _bodies():
    from .explanations.bodies import TEXT

    system.drop("explanations.bodies")
    return TEXT


def _settings():
    from .explanations.settings import TEXT

    system.drop("explanations.settings")
    return TEXT


def _asking():
    from .explanations.asking import TEXT

    system.drop("explanations.asking")
    return TEXT


def _application():
    from .explanations.application import TEXT

    system.drop("explanations.application")
    return TEXT


ROOMS = (_memory, _trust, _alerts, _clients, _network, _tls, _messages, _bodies, _settings, _asking, _application)
# (which of these comes first, for which class, role, and fact)
PLACES = ((1, TrustError, None, None), (2, TrustError, None, "alert"), (3, TrustError, SERVER, None),
          (8, TrustError, None, "certificate"), (4, NetworkError, None, None), (5, PeerError, None, None),
          (8, UsageError, None, None))
