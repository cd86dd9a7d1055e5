"""A server whose visitors may keep most of the heap for as long as they stay. Both interpreters."""

import gc


def make_server(play):
    server = play.server()

    @server.get("/")
    def page(request):
        return "page"

    @server.get("/hoard/<int:left>")
    def hoard(request):
        """Keep all but so many bytes, which lie in one piece."""
        context = request.session.context
        context["kept"] = None
        spare = bytearray(request.params["left"])
        gc.collect()
        chain = None  # because a list would have to grow in one piece
        for size in (8000, 1000, 64, 1):
            try:
                while True:
                    chain = [chain, bytearray(size)]
            except MemoryError:
                pass
        context["kept"] = chain
        spare = None
        gc.collect()
        return spare or "hoarded"

    return server
