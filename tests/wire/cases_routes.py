"""Routes: (row, what it is, patterns in the order given, method, target, expected verdict); a pattern may begin with
its method. The rows of the table in docs/routes.md are here one by one."""

from wire.verdicts import refused, taken

KIND = "routes"

BAD = refused("bad_route", None)
NOTHING = taken(status=404, route=None)


def by(route, **params):
    return taken(route=route, params=[[name, params[name]] for name in sorted(params)], status=200)


def rest(route, text):
    return taken(route=route, params=[["*", text]], status=200)


def get(what, pattern, target, expected):
    return ("A8", what, (pattern,), "GET", target, expected)


# template: what it takes, what it does not
TABLE = {
    "/led": (("/led", "/led?on"), ("/led/", "/Led", "/le", "/ledx", "/")),
    "/led/": (("/led/",), ("/led", "/led/x")),
    "/": (("/", "/?x"), ("/x", "//")),
    "/led/?": (("/led", "/led/"), ("/led/x", "/le", "/ledx", "/")),
    "/leds?": (("/led", "/leds"), ("/ledss", "/le", "/leds/", "/ledx")),
    "/led/*": (("/led/", "/led/x", "/led/x/y", "/led//"), ("/led", "/ledx", "/", "/le")),
    "/led*": (("/led", "/ledx", "/led/", "/led/x/y"), ("/le", "/", "/Led", "/x/led")),
    "/*": (("/", "/x", "/x/y", "//"), ()),
    "/led/?*": (("/led", "/led/", "/led/x", "/led/x/y"), ("/ledx", "/le", "/")),
    "/led/*?": (("/led", "/led/", "/led/x"), ("/ledx", "/le")),
    "/leds?*": (("/led", "/leds", "/leds/x", "/ledsx"), ("/ledx", "/led/", "/le")),
    "/a/<name>/?": (("/a/b", "/a/b/"), ("/a", "/a/", "/a/b/c")),
    "/<name>/*": (("/a/", "/a/b/c"), ("/a", "/")),
    "/a/<int:n>/?*": (("/a/1", "/a/1/", "/a/1/x/y"), ("/a/x", "/a/1x")),
}

CASES = [
    ("A8", template + " and " + target, (template,), "GET", target,
     taken(status=200) if takes else NOTHING)
    for template in sorted(TABLE) for takes in (True, False) for target in TABLE[template][0 if takes else 1]
]
CASES += [
    # What is not a pattern of ours.
    get("no slash", "led", "/led", BAD),
    get("an empty path", "", "/", BAD),
    get("a star alone", "*", "/", BAD),
    get("a question mark alone", "?", "/", BAD),
    get("a slash that may be missing", "/?", "/", BAD),
    get("a slash that may be missing, and all", "/?*", "/", BAD),
    get("a star in the middle", "/a/*/b", "/a/x/b", BAD),
    get("a star and more", "/a*b", "/ab", BAD),
    get("two stars", "/a**", "/ab", BAD),
    get("a question mark in the middle", "/a?b", "/ab", BAD),
    get("two question marks", "/ab??", "/ab", BAD),
    get("an optional star", "/a*?*", "/ab", BAD),
    get("an optional parameter", "/a/<name>?", "/a", BAD),
    get("part of a segment", "/a<name>", "/ab", BAD),
    get("no name", "/<>", "/a", BAD),
    get("another kind", "/<float:x>", "/1.5", BAD),
    get("a path before the end", "/<path:x>/b", "/a/b", BAD),
    get("a name twice", "/<x>/<x>", "/a/b", BAD),
    get("a name and a star of it", "/<x>*", "/a", BAD),
    # Parameters.
    get("a segment", "/led/<name>", "/led/red", by("/led/<name>", name="red")),
    get("an empty segment", "/led/<name>", "/led/", NOTHING),
    get("a number", "/led/<int:n>", "/led/012", by("/led/<int:n>", n=12)),
    get("a negative number", "/led/<int:n>", "/led/-1", NOTHING),
    get("an absurd number", "/led/<int:n>", "/led/" + "9" * 19, NOTHING),
    get("digits that are none", "/led/<int:n>", "/led/%C2%B2", NOTHING),
    get("other digits", "/led/<int:n>", "/led/%D9%A1", NOTHING),
    get("the rest", "/f/<path:p>", "/f/a/b.txt", by("/f/<path:p>", p="a/b.txt")),
    get("no rest", "/f/<path:p>", "/f/", by("/f/<path:p>", p="")),
    get("what a star takes", "/f/*", "/f/a/b", rest("/f/*", "a/b")),
    get("what a star in a segment takes", "/f/a*", "/f/ab/c", rest("/f/a*", "b/c")),
    get("decoded behind the split", "/<a>/<b>", "/x%2Fy/%C3%A9", by("/<a>/<b>", a="x/y", b="é")),
    get("decoded before a star", "/%41*", "/Ab", NOTHING),
    get("a coded letter", "/ab*", "/%61bc", rest("/ab*", "c")),
    get("a coded exact path", "/led", "/l%65d", taken(route="/led")),
    get("bad coding", "/<a>", "/%zz", refused("bad_percent_coding")),
    # Which of several.
    ("A8", "exact before a pattern", ("/<a>", "/led"), "GET", "/led", taken(route="/led")),
    ("A8", "a coded exact path before a pattern", ("/<a>", "/led"), "GET", "/l%65d", taken(route="/led")),
    ("A8", "the first pattern", ("/<a>", "/<int:n>"), "GET", "/7", taken(route="/<a>")),
    ("A8", "the first pattern that matches", ("/<int:n>", "/<a>"), "GET", "/x", taken(route="/<a>")),
    ("A8", "the first with the method", ("GET /<a>", "POST /<int:n>"), "POST", "/7", by("/<int:n>", n=7)),
    ("A8", "a pattern behind an exact path of another method", ("GET /led", "PUT /<a>"), "PUT", "/led",
     by("/<a>", a="led")),
    ("A8", "HEAD from GET", ("GET /<a>",), "HEAD", "/led", by("/<a>", a="led")),
    ("A8", "a HEAD of its own", ("GET /led", "HEAD /<a>"), "HEAD", "/led", taken(route="/led")),
    ("A8", "none with the method", ("GET /led", "PUT /<a>"), "POST", "/led",
     taken(status=405, params=[["Allow", "GET, HEAD, OPTIONS, PUT"]])),
    ("A8", "OPTIONS of all that match", ("GET /led", "PUT /<a>"), "OPTIONS", "/led",
     taken(status=204, params=[["Allow", "GET, HEAD, OPTIONS, PUT"]])),
    ("A8", "OPTIONS of its own", ("OPTIONS /led",), "OPTIONS", "/led", taken(status=200, route="/led")),
    ("A8", "OPTIONS of the server", ("/led",), "OPTIONS", "*", taken(status=204)),
    ("A8", "OPTIONS of nothing", ("/led",), "OPTIONS", "/x", taken(status=404)),
    ("A8", "an unknown method", ("/led",), "BREW", "/led", taken(status=501)),
    ("A8", "a method of one's own", ("BREW /led",), "BREW", "/led", taken(status=200)),
    ("A8", "TRACE", ("/led",), "TRACE", "/led", taken(status=405)),
    ("A8", "TRACE of nothing", ("/led",), "TRACE", "/x", taken(status=405)),
    ("A8", "a route twice", ("/led", "/led"), "GET", "/led", BAD),
    ("A8", "a pattern twice", ("/<a>", "/<a>"), "GET", "/led", BAD),
    ("A8", "a route that an optional end has", ("/led/", "/led/?"), "GET", "/led", BAD),
]
