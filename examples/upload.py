"""A page with a form that sends a file, which goes into a folder in the memory of one chunk.

    microhttps serve examples/upload.py             a certificate is made for you
    python examples/upload.py                       with device.crt and device.key in this folder
    micropython examples/upload.py                  the same, on MicroPython
    microhttps push examples/upload.py --for lamp.local

    curl --cacert ca.crt https://localhost:8443/upload -F file=@README.md -F note=hello

It answers how much has come; its page shows the names of what is there. Whoever is in the network may send. To ask for
a password, put one line under each `@server.get` and `@server.post`: `@BasicAuth({"ann": "…"})`, from
microhttps.auth_basic.
"""

import os

from microhttps import Identity, Request, Server

FOLDER = "uploads"
PAGE = """<!doctype html>
<meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Upload</title>
<h1>Upload</h1>
<form method="post" action="/upload" enctype="multipart/form-data">
<input type="file" name="file" required> <input name="note" placeholder="a note"> <button>Send</button>
</form>
<ul>%s</ul>
"""

server = Server(port=8443, max_body_length=64 * 1024 * 1024)


@server.get("/")
def page(request: Request) -> tuple[str, int, dict[str, str]]:
    """The form, and what was sent so far."""
    names = "".join("<li>" + escape(name) for name in sorted(names_in(FOLDER)))
    return PAGE % names, 200, {"Content-Type": "text/html; charset=utf-8"}


@server.post("/upload")
async def upload(request: Request) -> str:
    """Every file of the form into the folder; a second one of its name takes its place."""
    if not names_in(".", FOLDER):
        os.mkdir(FOLDER)
    answer = ""
    async for part in request.parts():
        if part.filename:
            answer += "%s: %d bytes\n" % (part.filename, await part.save(FOLDER + "/" + part.filename))
        elif part.filename is None:
            answer += "%s: %s\n" % (part.name, await part.text(1000))
    return answer


def names_in(folder: str, name: str | None = None) -> list[str]:
    """The names of the files in a folder that is perhaps not there; or of them this one."""
    try:
        return [found for found in os.listdir(folder) if name in (None, found)]
    except OSError:
        return []


def escape(text: str) -> str:
    """Text as HTML shows it."""
    for character, coded in (("&", "&amp;"), ("<", "&lt;"), ('"', "&quot;")):
        text = text.replace(character, coded)
    return text


def main() -> None:
    """Serve until Ctrl-C."""
    server.identity = Identity("device.crt", "device.key")
    server.run()


if __name__ == "__main__":
    main()
