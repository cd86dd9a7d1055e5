"""A part of `play.py`: a server that says of each connection that it opened."""


def make_server(play):
    server = play.server()

    @server.on_session
    def on_session(session, state, error):
        play.say(state)

    @server.get("/")
    def page(request):
        return "small"

    @server.get("/large")
    def large(request):
        return b"x" * 100_000

    return server
