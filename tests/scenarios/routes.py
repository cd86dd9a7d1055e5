"""Which handler answers: exact before pattern, the first pattern before the next, decoded after splitting.

Where the first has no handler for the method, the next that has one answers; 405 is for when none has.
"""


def make_server(play):
    server = play.server()

    def told(name):
        def handler(request):
            found = ["%s=%s" % (key, request.params[key]) for key in sorted(request.params)]
            return name + " " + " ".join(found)

        return handler

    for path in ("/", "/led", "/led/red", "/led/<name>", "/led/<name>/<int:level>", "/led/<name>/<what>",
                 "/files/<path:rest>", "/static/*"):
        server.get(path)(told(path))
    server.put("/led/<name>")(told("PUT"))
    server.patch("/led/<name>")(told("PATCH"))
    server.delete("/led/<name>")(told("DELETE"))
    server.route("/any", ("GET", "POST"))(told("any"))
    return server


async def client(play):
    ours = play.client()
    for path in ("/", "/led", "/led/red", "/led/blue", "/led/blue/12", "/led/blue/bright", "/led/blue/-3",
                 "/led/a%20b", "/led/a%2Fb", "/led/%C3%A9t%C3%A9/7", "/l%65d", "/files/a/b/c.txt", "/files/",
                 "/static/css/style.css", "/led/blue?level=9", "/nothing", "/led/", "/led/a/b/c", "/LED"):
        answer = await ours.get(play.url(path))
        play.say(answer.status, path, answer.text().strip() if answer.status == 200 else "")
    for method in ("PUT", "PATCH", "DELETE"):
        answer = await ours.request(method, play.url("/led/red"))
        play.say(answer.status, answer.text())
        answer = await ours.request(method, play.url("/led/red/5"))
        play.say(answer.status, answer.headers["Allow"])
        answer = await ours.request(method, play.url("/led/green"))
        play.say(answer.status, answer.text())
    answer = await ours.post(play.url("/any"))
    play.say(answer.status, answer.text())
    await ours.close()


EXPECTED = """
200 / /
200 /led /led
200 /led/red /led/red
200 /led/blue /led/<name> name=blue
200 /led/blue/12 /led/<name>/<int:level> level=12 name=blue
200 /led/blue/bright /led/<name>/<what> name=blue what=bright
200 /led/blue/-3 /led/<name>/<what> name=blue what=-3
200 /led/a%20b /led/<name> name=a b
200 /led/a%2Fb /led/<name> name=a/b
200 /led/%C3%A9t%C3%A9/7 /led/<name>/<int:level> level=7 name=été
200 /l%65d /led
200 /files/a/b/c.txt /files/<path:rest> rest=a/b/c.txt
200 /files/ /files/<path:rest> rest=
200 /static/css/style.css /static/* *=css/style.css
200 /led/blue?level=9 /led/<name> name=blue
404 /nothing
404 /led/
404 /led/a/b/c
404 /LED
200 PUT name=red
405 GET, HEAD, OPTIONS
200 PUT name=green
200 PATCH name=red
405 GET, HEAD, OPTIONS
200 PATCH name=green
200 DELETE name=red
405 GET, HEAD, OPTIONS
200 DELETE name=green
200 any
"""
