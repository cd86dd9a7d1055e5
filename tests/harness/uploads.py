"""A server that takes forms and uploads, and tells what it got. Runs on both interpreters."""

import os

from harness.play import ignore


def make_server(play):
    settings = {"max_body_length": 64 * 1024 * 1024, "max_content_length": 64 * 1024}
    server = play.server(on_event=ignore, **settings)
    folder = play.options["folder"]

    @server.post("/form")
    async def form(request):
        found = await request.form()
        files = [[name, part.filename, part.content_type, len(part.content)] for name, part in found.files.items()]
        return {"fields": found, "all": [found.get_all(name) for name in sorted(found)], "files": files}

    @server.post("/upload")
    async def upload(request):
        """Every file into the folder, each under the name of its field."""
        saved = {}
        async for part in request.parts():
            if part.filename:
                saved[part.name] = [part.filename, await part.save(folder + "/" + part.name)]
        return saved

    @server.put("/files/<name>")
    async def put(request):
        total = 0
        with open(folder + "/" + request.params["name"], "wb") as file:
            async for chunk in request.body:
                total += file.write(chunk)
        return {"bytes": total}

    @server.post("/json")
    async def json(request):
        return {"got": await request.json()}

    @server.get("/there")
    def there(request):
        return sorted(os.listdir(folder))

    @server.get("/")
    def page(request):
        return PAGE, 200, {"Content-Type": "text/html; charset=utf-8"}

    return server


PAGE = """<!doctype html><title>Upload</title>
<form method="post" action="/upload" enctype="multipart/form-data">
<input type="file" name="file"><input name="note"><button>Send</button></form>
"""
