"""Serves the file and the folder beside it, wherever it was started: serving.py PORT. Both interpreters."""

import sys

from microhttps import Response, Server

server = Server(transport="insecure", host="127.0.0.1", port=int(sys.argv[1]))
server.static("/folder", ".", beside=__file__)


@server.get("/")
def page(request):
    return Response.file("page.txt", beside=__file__)


server.run()
