"""What a server tells its application of connections and requests; loaded when somebody listens. Layer 9."""

from ..errors import MicrohttpsError


def tell(server, name, connection, facts):
    """Call `on_session` for the session's states, and `on_event` for everything; what they raise is reported."""
    try:
        _tell(server, name, connection, facts)
    except Exception as error:
        server.report(error, "the application failed to hear of " + name)


def _tell(server, name, connection, facts):
    if name.startswith("session_") and server.callback is not None:
        error = facts.get("error")
        lost_by = getattr(connection, "lost_by", None)
        if isinstance(lost_by, MicrohttpsError):  # a handler's own fault, and the end of its task, are told elsewhere
            error = lost_by
        session = connection.session
        _ = session.tls  # which it keeps: behind the close nobody could say any more what it was
        server.callback(session, name[8:], error)
    if server.on_event is None:
        return
    if connection is not None:
        facts["address"] = connection.peer_address
    answer = facts.pop("answer", None)
    if answer is not None:
        request = facts.pop("request")
        facts["method"], facts["target"], facts["status"] = request.method, request.head.target, int(answer[9:12])
    server.on_event(name, facts)
