"""A server whose visitors may keep most of the heap for as long as they stay. Both interpreters."""

import gc


def make_server(play):
    server = play.server()

    @server.get("/")
    def page(request):
        return "page"

    @server.get("/hoard")
    def hoard(request):
        kept = request.session.context["kept"] = []
        gc.collect()
        while len(kept) < 500:
            try:
                kept.append(bytearray(8000))
            except MemoryError:
                break
        for _ in range(3):
            kept.pop()  # 24 KB: enough for this answer, and less than is looked for
        return "hoarded"

    return server
