"""A server that says all that its `on_event` hears. Both interpreters."""


def make_server(play):
    def on_event(name, facts):
        said = [facts[fact] for fact in ("method", "target", "status") if fact in facts]
        play.say(name, facts["address"][0], *said)

    return play.server(on_event=on_event)
