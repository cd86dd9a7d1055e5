"""What an application does beside its server, for as long as that serves: loaded with the first of it. Layer 9."""

from ..port import system


class Background:
    """The functions given to `Server.background`, and the tasks they are while the server runs."""

    def __init__(self, server):
        self._server = server
        self._wanted = []
        self._tasks = []

    def add(self, function, arguments):
        """As Server.background."""
        self._wanted.append((function, arguments))
        if self._server._listening is not None:
            self._begin(function, arguments)

    def begin(self):
        """The server begins to serve."""
        for function, arguments in self._wanted:
            self._begin(function, arguments)

    def _begin(self, function, arguments):
        self._tasks.append(system.spawn(self._run(function, arguments)))

    async def _run(self, function, arguments):
        try:
            await function(*arguments)
        except Exception as error:
            self._server.report(error, "work in the background failed")

    async def end(self):
        """The server has stopped: cancel what goes on, and wait for its end, at most `stop_timeout` seconds."""
        tasks = [task for task in self._tasks if _cancel(task)]
        self._tasks = []
        deadline = system.after(self._server.settings.stop_timeout)
        while any([not task.done() for task in tasks]) and not system.is_past(deadline, system.now()):
            await system.sleep(0.01)


def _cancel(task):
    """Cancel it; False for MicroPython's task that is stopping the server itself: nobody cancels himself there."""
    try:
        task.cancel()
        return True
    except RuntimeError:
        return False
