"""`server.asgi` asked message by message, as the ASGI specification has them: what servers seldom do, done here."""

import asyncio
import gc

import pytest

from harness.interpreters import find_or_fail
from microhttps import PeerError, Response, Server, Unsupported
from scenarios.bodies import Pieces

SCOPE = {"type": "http", "asgi": {"version": "3.0", "spec_version": "2.3"}, "http_version": "1.1", "method": "GET",
         "scheme": "https", "path": "/", "raw_path": b"/", "query_string": b"", "root_path": "",
         "headers": [(b"host", b"localhost")], "client": ("192.0.2.1", 5000), "server": ("localhost", 443)}
GONE = {"type": "http.disconnect"}


class Asgi:
    """A server that gives these messages, then nothing; it keeps what it is sent."""

    def __init__(self, messages):
        self.messages = list(messages)
        self.sent = []
        self.more = asyncio.Event()

    async def receive(self):
        while not self.messages:
            self.more.clear()
            await self.more.wait()
        return self.messages.pop(0)

    async def send(self, message):
        self.sent.append(message)

    def give(self, message):
        self.messages.append(message)
        self.more.set()


def scope_of(path="/", method="GET", fields=(), **changes):
    headers = [(b"host", b"localhost"), *fields]
    return {**SCOPE, "method": method, "path": path, "raw_path": path.encode(), "headers": headers, **changes}


def part(data, more=False):
    return {"type": "http.request", "body": data, "more_body": more}


def ask(server, scope, *messages):
    """(status, fields, body, whether the answer is whole) of one request."""

    async def main():
        asgi = Asgi(messages or [part(b"")])
        await asyncio.wait_for(server.asgi(scope, asgi.receive, asgi.send), 10)
        return answer_of(asgi.sent)

    return asyncio.run(main())


def answer_of(sent):
    assert sent[0]["type"] == "http.response.start"
    assert all(message["type"] == "http.response.body" for message in sent[1:])
    is_whole = len(sent) > 1 and not sent[-1]["more_body"]
    assert all(message["more_body"] for message in sent[1:-1])
    return sent[0]["status"], dict(sent[0]["headers"]), b"".join(message["body"] for message in sent[1:]), is_whole


@pytest.fixture
def server():
    server = Server(transport="insecure", on_event=lambda name, facts: None)

    @server.get("/")
    def page(request):
        return "page"

    @server.get("/seen/<what>")
    def seen(request):
        tls = request.session.tls
        return {"target": request.head.target, "what": request.params["what"], "from": request.session.peer_address,
                "tls": tls and [tls.version, tls.cipher, tls.peer_names], "state": request.session.state}

    @server.post("/read")
    async def read(request):
        return await request.read()

    @server.post("/plain")
    def plain(request):
        return request.content

    @server.get("/close")
    def close(request):
        request.session.close()

    return server


def test_a_small_answer_is_two_messages_without_the_fields_of_the_connection(server):
    server.date_line = b"Date: now\r\n"  # it listens by itself besides
    status, fields, body, is_whole = ask(server, scope_of())
    assert (status, body, is_whole) == (200, b"page", True)
    assert fields == {b"content-type": b"text/plain; charset=utf-8", b"content-length": b"4"}


def test_head_and_answers_without_a_body_end_with_an_empty_message(server):
    assert ask(server, scope_of(method="HEAD"))[1:] == (
        {b"content-type": b"text/plain; charset=utf-8", b"content-length": b"4"}, b"", True)
    assert ask(server, scope_of(method="OPTIONS")) == (204, {b"allow": b"GET, HEAD, OPTIONS"}, b"", True)


def test_the_target_is_the_path_as_it_was_sent_below_where_the_application_is_mounted(server):
    for root, raw in (("", b"/seen/a%2Fb"), ("/api", b"/api/seen/a%2Fb"), ("/api", b"/seen/a%2Fb")):
        scope = scope_of(raw.decode(), raw_path=raw, root_path=root, query_string=b"x=1&y")
        assert b'"target": "/seen/a%2Fb?x=1&y", "what": "a/b"' in ask(server, scope)[2]


def test_a_server_that_gives_no_raw_path_is_served(server):
    assert b'"what": "\\u00fc b"' in ask(server, scope_of("/seen/ü b", raw_path=None))[2]


def test_tls_is_what_the_extension_tells_and_nothing_is_made_up(server, certificates):
    assert b'"tls": [null, null, []]' in ask(server, scope_of("/seen/x"))[2]
    assert b'"tls": null' in ask(server, scope_of("/seen/x", scheme="http"))[2]
    chain = [(certificates / "good.crt").read_text()]
    tls = {"tls_version": 0x0304, "cipher_suite": 0x1301, "client_cert_chain": chain}
    body = ask(server, scope_of("/seen/x", extensions={"tls": tls}))[2]
    assert b'"tls": ["TLSv1.3", "0x1301", ["localhost", ' in body


def test_a_client_without_an_address_has_an_empty_one(server):
    assert b'"from": ["", 0]' in ask(server, scope_of("/seen/x", client=None))[2]


def test_the_settings_limits_hold_as_everywhere():
    server = Server(transport="insecure", max_uri_length=20, max_header_length=100, max_headers=3, max_body_length=5,
                    on_event=lambda name, facts: None)
    server.post("/")(lambda request: request.content)
    assert ask(server, scope_of("/" + "x" * 20))[0] == 414
    assert ask(server, scope_of(fields=[(b"x", b"y" * 100)]))[0] == 431
    assert ask(server, scope_of(fields=[(b"x", b"y")] * 3))[0] == 431
    status, fields, _, _ = ask(server, scope_of(method="POST", fields=[(b"content-length", b"6")]))
    assert (status, fields[b"connection"]) == (413, b"close")
    chunked = scope_of(method="POST", fields=[(b"transfer-encoding", b"chunked")])
    assert ask(server, chunked, part(b"12345"))[2] == b"12345"
    assert ask(server, chunked, part(b"123", True), part(b"456", True))[0] == 413
    assert ask(server, scope_of(fields=[(b"expect", b"miracles")]))[0] == 417


@pytest.mark.parametrize("path", ["/read", "/plain"])
def test_a_body_of_unknown_length_is_found_in_http_2(server, path):
    h2 = scope_of(path, "POST", http_version="2")
    assert ask(server, h2, part(b"ab", True), part(b"cd", True), part(b""))[2] == b"abcd"
    assert ask(server, h2, part(b"abcd"))[2] == b"abcd"
    assert ask(server, h2, part(b""))[2] == b""
    without_host = {**h2, "headers": []}
    assert ask(server, without_host, part(b"", True), part(b"abcd"), part(b""))[2] == b"abcd"


def test_a_client_that_goes_within_its_body_is_an_error_of_the_read():
    seen = []
    server = Server(transport="insecure", on_event=lambda name, facts: seen.append((name, facts["error"].code)))

    @server.post("/")
    async def read(request):
        try:
            return await request.read()
        except PeerError as error:
            seen.append(error.code)
            raise

    async def main(fields):
        asgi = Asgi([part(b"abc", True), GONE])
        await asyncio.wait_for(server.asgi(scope_of(method="POST", fields=fields), asgi.receive, asgi.send), 10)
        return asgi.sent

    for fields in ([(b"content-length", b"6")], [(b"transfer-encoding", b"chunked")]):
        assert asyncio.run(main(fields)) == []
        assert seen == ["body_cut_short", ("connection_lost", "body_cut_short")]
        seen.clear()


def test_a_body_that_ends_before_its_announced_length_is_no_body(server):
    scope = scope_of("/read", "POST", [(b"content-length", b"6")])
    assert ask(server, scope, part(b"abc"))[0] == 400


def test_a_silent_client_is_told_408_after_recv_timeout():
    server = Server(transport="insecure", recv_timeout=0.1)
    server.post("/")(lambda request: request.content)
    scope = scope_of(method="POST", fields=[(b"content-length", b"6")])
    assert ask(server, scope, part(b"abc", True))[0] == 408


def test_a_server_that_takes_nothing_ends_the_answer_after_send_timeout():
    seen = []
    server = Server(transport="insecure", send_timeout=0.1, min_rate=0,
                    on_event=lambda name, facts: seen.append((name, facts.get("error") and facts["error"].code)))
    server.get("/")(lambda request: Response(b"x" for _ in range(3)))

    async def main():
        asgi = Asgi([part(b"")])

        async def send(message):
            await asyncio.sleep(30 if message["type"] == "http.response.body" else 0)

        await asyncio.wait_for(server.asgi(scope_of(), asgi.receive, send), 10)

    asyncio.run(main())
    assert ("connection_lost", "deadline") in seen


def test_an_error_of_send_is_a_client_that_has_gone():
    seen = []
    server = Server(transport="insecure",
                    on_event=lambda name, facts: seen.append((name, facts.get("error") and facts["error"].code)))
    server.get("/")(lambda request: "page")

    async def send(message):
        raise OSError("so says ASGI 2.4")

    asyncio.run(server.asgi(scope_of(), Asgi([part(b"")]).receive, send))
    assert seen[-1] == ("connection_lost", "reset")


class Source(Pieces):
    """Pieces, then silence; it notes that it was closed."""

    is_closed = False

    async def __anext__(self):
        if not self._pieces:
            await asyncio.sleep(3600)
        return await super().__anext__()

    async def aclose(self):
        self.is_closed = True


def test_a_client_that_goes_while_an_answer_is_streamed_ends_it_and_its_source_is_closed():
    source = Source([b"one ", b"two"])
    server = Server(transport="insecure", on_event=lambda name, facts: None)
    server.get("/")(lambda request: Response(source))

    async def main():
        asgi = Asgi([part(b"")])
        task = asyncio.ensure_future(server.asgi(scope_of(), asgi.receive, asgi.send))
        while len(asgi.sent) < 3:
            await asyncio.sleep(0.001)
        assert not task.done()
        asgi.give(GONE)
        await asyncio.wait_for(task, 5)
        assert [other for other in asyncio.all_tasks() if other is not asyncio.current_task()] == []
        return answer_of(asgi.sent)

    status, _, body, is_whole = asyncio.run(main())
    assert (status, body, is_whole) == (200, b"one two", False)
    assert source.is_closed


def test_when_the_server_cancels_a_request_it_is_cancelled_and_its_source_is_closed():
    source = Source([b"one"])
    server = Server(transport="insecure", on_event=lambda name, facts: None)
    server.get("/")(lambda request: Response(source))

    async def main():
        asgi = Asgi([part(b"")])
        task = asyncio.ensure_future(server.asgi(scope_of(), asgi.receive, asgi.send))
        while len(asgi.sent) < 2:
            await asyncio.sleep(0.001)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await asyncio.sleep(0)
        assert [other for other in asyncio.all_tasks() if other is not asyncio.current_task()] == []

    asyncio.run(main())
    assert source.is_closed


def test_a_source_that_fails_leaves_an_answer_that_is_not_whole():
    def failing():
        yield b"one"
        raise ValueError("on purpose")

    seen = []
    server = Server(transport="insecure", on_event=lambda name, facts: seen.append(name))
    server.get("/")(lambda request: Response(failing()))
    assert ask(server, scope_of())[2:] == (b"one", False)
    assert "fault" in seen


def test_an_answer_may_be_made_of_the_request_as_it_comes(server):
    @server.patch("/back")
    async def back(request):
        return Response(request.body)

    scope = scope_of("/back", "PATCH", [(b"transfer-encoding", b"chunked")])
    assert ask(server, scope, part(b"one ", True), part(b"two"))[2:] == (b"one two", True)


@pytest.mark.parametrize(("method", "path"), [("GET", "/"), ("GET", "/seen/x"), ("POST", "/read"), ("GET", "/nowhere")])
def test_a_request_that_is_over_needs_no_collector(server, method, path):
    fields = [(b"content-length", b"3")] if method == "POST" else []

    async def main():
        async def ask():
            asgi = Asgi([part(b"abc" if fields else b"")])
            await server.asgi(scope_of(path, method, fields), asgi.receive, asgi.send)

        await ask()
        gc.collect()
        gc.disable()
        try:
            for _ in range(20):
                await ask()
            return gc.collect()
        finally:
            gc.enable()

    assert asyncio.run(main()) < 20


def test_closing_the_session_before_the_answer_is_unsupported(server):
    assert ask(server, scope_of("/close"))[0] == 500


def test_every_request_has_a_context_of_its_own():
    server = Server(transport="insecure")

    @server.get("/")
    def count(request):
        context = request.session.context
        context["count"] = context.get("count", 0) + 1
        return str(context["count"])

    assert [ask(server, scope_of())[2] for _ in range(2)] == [b"1", b"1"]


def test_lifespan_begins_and_ends():
    server = Server(transport="insecure")
    done = []

    @server.background
    async def beside():
        try:
            await asyncio.sleep(60)
        finally:
            done.append("background ended")

    async def main():
        asgi = Asgi([{"type": "lifespan.startup"}])
        task = asyncio.ensure_future(server.asgi({"type": "lifespan"}, asgi.receive, asgi.send))
        await asyncio.sleep(0)
        server.call_soon(done.append, 1)
        await asyncio.sleep(0.01)
        asgi.give({"type": "lifespan.shutdown"})
        await asyncio.wait_for(task, 5)
        return done, asgi.sent

    done, sent = asyncio.run(main())
    assert done == [1, "background ended"]
    assert [message["type"] for message in sent] == ["lifespan.startup.complete", "lifespan.shutdown.complete"]


def test_a_server_under_asgi_is_not_stopped_by_itself():
    server = Server(transport="insecure")

    async def main():
        asgi = Asgi([{"type": "lifespan.startup"}])
        task = asyncio.ensure_future(server.asgi({"type": "lifespan"}, asgi.receive, asgi.send))
        await asyncio.sleep(0)
        with pytest.raises(Unsupported):
            await server.stop()
        task.cancel()

    asyncio.run(main())


def test_an_unknown_scope_is_refused(server):
    with pytest.raises(Unsupported):
        ask(server, {"type": "mail"})


def test_micropython_has_no_asgi(programs):
    script = programs.new_file("asks.py")
    script.write_text("from microhttps import Server, Unsupported\ntry:\n    Server(transport='insecure').asgi\n"
                      "except Unsupported as error:\n    print(error.code, error)\n")
    program = programs.run(find_or_fail("micropython"), script)
    assert program.line() == "unsupported an ASGI application needs CPython"
