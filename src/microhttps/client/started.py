"""A request for callers who think in events, as `mg_connect_http` is: it is started, and a function is told. Layer 9.

    connect* [headers chunk*] (reply | error) close

`connect` comes for each connection that it takes (a redirect may lead to another), exactly one of `reply` and `error`
comes, and one `close` is always the last. A chunk that the function has taken, which it says by returning True, is not
kept for the reply: so a body may be larger than memory.
"""

from ..errors import MicrohttpsError, OutOfMemory, PeerError, UsageError
from ..port import system


class Started:
    """A request under way: `cancel()`, `await wait()`, `is_over`."""

    def __init__(self, client, asked, on_event, answer_class):
        self.is_over = False
        self._client = client
        self._asked = asked
        self._on_event = on_event
        self._answer_class = answer_class
        self._session = None
        self._is_telling = False
        self._is_cancelled = False
        self._signal = None
        asked.on_link = self._take_link
        self._task = system.spawn(self._run())

    def cancel(self):
        """End it: the function is told an error ("cancelled") and the close. Nothing when it is over already."""
        if self.is_over:
            return
        self._is_cancelled = True
        if not self._is_telling:  # else the task, which called the function, sees it when that returns
            self._task.cancel()
            self._end("error", UsageError("cancelled"))

    async def wait(self):
        """Wait until it is over; one task may."""
        if not self.is_over:
            self._signal = system.Signal()
            await self._signal.wait()

    async def _run(self):
        try:
            await system.sleep(0)  # nothing is told before `start` has returned
            answer = await self._limited()
        except MicrohttpsError as error:
            self._end("error", error)
        except MemoryError:
            system.collect()
            self._end("error", OutOfMemory("out_of_memory"))
        except system.CancelledError:
            self._end("error", UsageError("cancelled"))
            raise
        except _HandlerFailed as error:
            self._report(error.args[0])
            self._end("error", UsageError("handler_failed", cause=error.args[0]))
        except Exception as error:  # the task ends here: of the iterator that gives the body, which is the caller's too
            self._report(error)
            self._end("error", UsageError("handler_failed", cause=error))
        else:
            self._end("reply", answer)

    async def _limited(self):
        seconds = self._client.settings.total_timeout
        if seconds:
            return await system.within(seconds, self._perform(), "total_timeout")
        return await self._perform()

    async def _perform(self):
        link, head, body, url = await self._client.perform(self._asked)
        try:
            answer = self._answer_class(head, b"", link.session, url)
            self._tell("headers", answer)
            kept = await self._chunks(body)
        except BaseException:
            self._client.pool.drop(link)
            raise
        link.settle(head, body)
        self._client.pool.release(link)
        answer.body = b"".join(kept)
        return answer

    async def _chunks(self, body):
        """Tell each; those that were not taken."""
        kept = []
        room = self._client.settings.max_content_length
        chunk = await body.next_chunk()
        while chunk:
            if not self._tell("chunk", chunk):
                room -= len(chunk)
                if room < 0:
                    raise PeerError("body_too_large", status=413, limit=self._client.settings.max_content_length,
                                    setting="max_content_length")
                kept.append(chunk)
            chunk = await body.next_chunk()
        return kept

    def _take_link(self, link):
        if link.session is not self._session:
            self._session = link.session
            self._tell("connect", link.session)

    def _tell(self, name, value):
        self._is_telling = True
        try:
            answer = self._on_event(name, value)
            if system.is_coroutine(answer):
                answer.close()
                raise UsageError("async_handler")
        except Exception as error:
            raise _HandlerFailed(error)
        finally:
            self._is_telling = False
        if self._is_cancelled:
            raise UsageError("cancelled")
        return answer

    def _end(self, name, value):
        if self.is_over:
            return
        self.is_over = True
        for event, what in ((name, value), ("close", None)):
            try:
                self._tell(event, what)
            except UsageError:
                pass  # cancelled, which it is
            except _HandlerFailed as error:
                self._report(error.args[0])
        if self._signal is not None:
            self._signal.set()

    def _report(self, error):
        system.report(error, "the function that is told the events of a request has raised an exception")


class _HandlerFailed(Exception):
    """What the function raised, so that it is not taken for what happened to the request."""
