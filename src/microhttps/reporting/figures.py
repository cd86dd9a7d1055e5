"""What a server is doing, as one dictionary of what JSON has: what was counted, and who is connected now. Layer 9."""

import gc
import sys

from ..errors import MicrohttpsError
from ..port import system

MOST_SESSIONS = (8, 100)[system.SIZE]  # that are told one by one: those used last
MOST_NAMES = 8  # of one certificate
LONGEST = 100  # characters of a text that comes from a peer


def figures_of(counts, asker=None):
    """All of them; the `asker` is the connection that they go to, and is marked."""
    server = counts.server
    system.make_room()  # what is rubbish is not in use
    answers = _answers(counts, asker)
    return {
        "uptime": counts.uptime,
        "requests": {"total": counts.requests if server.pool else sum(answers.values()), "seconds": counts.samples,
                     "answers": answers},
        "handshakes": {"done": counts.opened, "failed": _failed_handshakes(counts)},
        "failures": [_failure(*each) for each in counts.failures()],
        "pool": _pool(server),
        "sessions": _sessions(server, asker),
        "memory": _memory(),
    }


def _answers(counts, asker):
    answers = {"%dxx" % place: counts.classes[place] for place in range(1, 6)}
    # Those to the page, of which the one that is being made is not counted yet.
    answers["2xx"] -= counts.own - (asker is not None and asker.server is counts.server)
    return answers


def _failed_handshakes(counts):
    return sum([each[3] for each in counts.failures() if each[0] == "handshake"])


def _failure(what, code, detail, count, address, ago):
    return {"at": what, "code": code, "detail": detail, "count": count, "address": address, "ago": ago}


def _pool(server):
    pool, listening = server.pool, server._listening
    return {
        "open": len(pool.members) if pool else None,
        "of": server.settings.max_open_sockets,
        "waiting": None not in (pool, listening) and listening.crowd is not None,
        "refused": server.refused,
        "purged": pool.purged if pool else 0,
    }


def _sessions(server, asker):
    members = sorted(server.pool.members if server.pool else (), key=lambda member: -member.last_used)
    return [_session(member.session, member is asker) for member in members[:MOST_SESSIONS]]


def _session(session, is_own):
    age = int(session.age)
    told = {
        "address": session.peer_address[0],
        "port": session.peer_address[1],
        "state": session.state,
        "age": age,
        "idle": min(age, int(session.idle)),  # which is a second or two too long
        "requests": session.requests if session.state != "handshake" else 0,
        "received": session.received,
        "sent": session.sent,
        "own": is_own,
    }
    tls = session.tls
    if tls is not None:
        told["version"], told["cipher"], told["resumed"] = tls.version, tls.cipher, tls.resumed
        if tls.peer_certificate is not None:
            told["names"] = _peer_names(tls)
    return told


def _peer_names(tls):
    try:
        return [name[:LONGEST] for name in tls.peer_names[:MOST_NAMES]]
    except MicrohttpsError:  # the TLS library believes it, and yet it is not what we can read
        return []


def _memory():
    if system.SIZE:  # a computer
        return {"resident": system.resident_memory()}
    return {"used": gc.mem_alloc(), "free": gc.mem_free()}


def software(server):
    """The TLS library and the interpreter with their versions, as far as they tell."""
    if system.SIZE:  # a computer
        engine = server.settings.engine
        return {"tls": getattr(engine, "VERSION", engine.NAME), "interpreter": "Python " + sys.version.split()[0]}
    return {"tls": "Mbed TLS", "interpreter": sys.version.split("; ")[-1].split(" on ")[0]}  # the only one there is
