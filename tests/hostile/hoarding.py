"""A server whose visitors may keep most of the heap for as long as they stay. Both interpreters."""

import gc

CHAINS = 64


def make_server(play):
    server = play.server()

    @server.get("/")
    def page(request):
        return "page"

    @server.get("/hoard/<int:left>")
    def hoard(request):
        """Keep all but so many bytes, which lie in one piece."""
        context = request.session.context
        # Many chains, because a list would have to grow in one piece, and because MicroPython's collector takes a stale
        # word on the stack for a pointer: it may hold one of them, and shall not hold all.
        for number in range(CHAINS):
            context[number] = None
        spare = bytearray(request.params["left"])
        gc.collect()
        number = 0
        for size in (8000, 1000, 64, 1):
            try:
                while True:
                    number = (number + 1) % CHAINS
                    context[number] = [context[number], bytearray(size)]
            except MemoryError:
                pass
        spare = None
        gc.collect()
        return spare or "hoarded"

    return server
