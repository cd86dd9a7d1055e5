"""A server that says all that its `on_event` hears, and with `sessions` among the options its `on_session` instead.

Both interpreters.
"""

from microhttps import Response


def make_server(play):
    def on_event(name, facts):
        said = [facts[fact] for fact in ("method", "target", "status") if fact in facts]
        play.say(name, facts["address"][0], *said)

    of_sessions = play.options.get("sessions")
    server = play.server(on_event=None if of_sessions else on_event)

    @server.get("/endless")
    def endless(request):
        def pieces():
            while True:
                yield b"x" * 1000

        return Response(pieces())

    if of_sessions:
        @server.on_session
        def on_session(session, state, error):
            play.say(state, error.code if error else None)

    return server
