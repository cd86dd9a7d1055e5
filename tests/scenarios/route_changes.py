"""Routes come and go while the server answers: added, replaced, removed, mounted, on the connection that is open."""

from microhttps import MicrohttpsError
from microhttps.groups import Group


def make_server(play):
    server = play.server()
    lamps = Group()
    rooms = Group()
    lamps.mount("/rooms", rooms)

    def told(text):
        return lambda request: text

    def code_of(call, *arguments):
        try:
            call(*arguments)
        except MicrohttpsError as error:
            return error.code
        return "done"

    def shouting(handler):
        return lambda request: handler(request).upper()

    @server.get("/")
    def first(request):
        return "first"

    @lamps.get("/<name>")
    def lamp(request):
        return "lamp " + request.params["name"]

    steps = {
        "add": lambda: server.get("/new")(told("new")),
        "add-post": lambda: server.post("/new")(told("posted")),
        "add-again": lambda: server.get("/new")(told("newer")),
        "replace": lambda: server.replace("/new")(told("newer")),
        "replace-nothing": lambda: server.replace("/nothing")(told("never")),
        "remove-get": lambda: server.remove("/new", ("GET",)),
        "remove-get-again": lambda: server.remove("/new", ("GET",)),
        "remove": lambda: server.remove("/new"),
        "remove-again": lambda: server.remove("/new"),
        "pattern": lambda: server.get("/new/<int:number>/?")(told("number")),
        "remove-other-pattern": lambda: server.remove("/new/<number>"),
        "remove-pattern": lambda: server.remove("/new/<int:number>/?"),
        "error": lambda: server.error(404)(lambda request: "gone astray"),
        "remove-error": lambda: server.remove(404),
        "remove-error-again": lambda: server.remove(404),
        "bad-error": lambda: server.error(200)(told("never")),
        "mount": lambda: server.mount("/lamps", lamps, shouting),
        "mount-again": lambda: server.mount("/lamps", lamps),
        "grow": lambda: rooms.post("/<name>/count")(told("seven")),
        "small-letters": lambda: server.route("/bad", ["GET", "post"])(told("never")),
        "no-list": lambda: server.route("/bad", "POST")(told("never")),
        "none": lambda: server.route("/bad", [])(told("never")),
        "list": lambda: server.route("/good", ["M-SEARCH", "GET"])(told("good")),
        "any": lambda: server.any("/any")(lambda request: request.method),
    }

    @server.post("/step/<name>")
    def step(request):
        return code_of(steps[request.params["name"]])

    return server


async def client(play):
    ours = play.client()

    async def look(*paths):
        for path in paths:
            method, path = path.split(" ")
            answer = await ours.request(method, play.url(path))
            play.say(" ", method, path, answer.status, answer.text().strip(), answer.headers.get("allow", ""))

    async def step(name, *paths):
        play.say(name, (await ours.post(play.url("/step/" + name))).text())
        await look(*paths)

    await look("GET /", "GET /new")
    await step("add", "GET /new", "HEAD /new", "POST /new")
    await step("add-post", "POST /new", "OPTIONS /new")
    await step("add-again", "GET /new")
    await step("replace", "GET /new")
    await step("replace-nothing", "GET /nothing")
    await step("remove-get", "GET /new", "POST /new")
    await step("remove-get-again")
    await step("remove", "POST /new")
    await step("remove-again")
    await step("pattern", "GET /new/7", "GET /new/7/", "GET /new/x")
    await step("remove-other-pattern", "GET /new/7")
    await step("remove-pattern", "GET /new/7", "GET /new/7/")
    await step("error", "GET /new/7")
    await step("remove-error", "GET /new/7")
    await step("remove-error-again")
    await step("bad-error")
    await step("mount", "GET /lamps/red", "GET /red", "POST /lamps/rooms/hall/count")
    await step("mount-again")
    await step("grow", "POST /lamps/rooms/hall/count")
    await step("small-letters", "GET /bad")
    await step("no-list", "GET /bad")
    await step("none")
    await step("list", "GET /good")
    await step("any", "PATCH /any", "OPTIONS /any", "HEAD /any")
    first = await ours.get(play.url("/"))
    second = await ours.get(play.url("/"))
    play.say("one connection", first.session is second.session)
    await ours.close()


EXPECTED = """
  GET / 200 first
  GET /new 404 404 Not Found
add done
  GET /new 200 new
  HEAD /new 200
  POST /new 405 405 Method Not Allowed GET, HEAD, OPTIONS
add-post done
  POST /new 200 posted
  OPTIONS /new 204  GET, HEAD, OPTIONS, POST
add-again bad_route
  GET /new 200 new
replace done
  GET /new 200 newer
replace-nothing no_such_route
  GET /nothing 404 404 Not Found
remove-get done
  GET /new 405 405 Method Not Allowed OPTIONS, POST
  POST /new 200 posted
remove-get-again no_such_route
remove done
  POST /new 404 404 Not Found
remove-again no_such_route
pattern done
  GET /new/7 200 number
  GET /new/7/ 200 number
  GET /new/x 404 404 Not Found
remove-other-pattern no_such_route
  GET /new/7 200 number
remove-pattern done
  GET /new/7 404 404 Not Found
  GET /new/7/ 404 404 Not Found
error done
  GET /new/7 404 gone astray
remove-error done
  GET /new/7 404 404 Not Found
remove-error-again no_such_route
bad-error bad_error_handler
mount done
  GET /lamps/red 200 LAMP RED
  GET /red 404 404 Not Found
  POST /lamps/rooms/hall/count 404 404 Not Found
mount-again bad_route
grow done
  POST /lamps/rooms/hall/count 200 SEVEN
small-letters bad_route
  GET /bad 404 404 Not Found
no-list bad_route
  GET /bad 404 404 Not Found
none bad_route
list done
  GET /good 200 good
any done
  PATCH /any 200 PATCH
  OPTIONS /any 200 OPTIONS
  HEAD /any 200
one connection True
"""
