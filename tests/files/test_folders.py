"""What a served folder shows, under which names and types; and that no path, however written, leads out of it."""

import gzip
import os
import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from files.conftest import CHANGED_TEXT
from microhttps import PeerError, UsageError
from microhttps.messages.static_files import StaticFolder

# target: (status, body)
SHOWN = {
    "/www/": (200, b"<h1>top"),
    "/www/index.html": (200, b"<h1>top"),
    "/www/sub/": (200, b"<h1>sub"),
    "/www/sub/deep/x.css": (200, b"x {}"),
    "/www/gr%C3%BC%c3%9fe.html": (200, b"gruesse"),
    "/www/a%20b+c.txt?x=../y": (200, b"blank"),
    "/%77ww/%73mall.txt": (200, b"abcdefghijklmnopqrstuvwxyz"),
    "/www/missing": (404, b"nothing here\n"),
    "/www/small.txt/": (404, b"nothing here\n"),
    "/www/small.txt/x": (404, b"nothing here\n"),
    "/www/sub/deep/": (404, b"nothing here\n"),  # no index, and no listing
    "/www/empty%20folder/": (404, b"nothing here\n"),
    "/file/small.txt": (200, b"abcdefghijklmnopqrstuvwxyz"),
    "/file/sub": (404, b"nothing here\n"),
    "/file/missing": (404, b"nothing here\n"),
    "/guarded/small.txt": (403, b"no"),
    "/guarded/small.txt?key=k": (200, b"abcdefghijklmnopqrstuvwxyz"),
}

# Attack P17 and its relatives: all these are refused (400 or 404), and none tells a secret.
ESCAPES = (
    "..", "../secret.txt", "../www-secret/secret.txt", "./small.txt", "sub/../small.txt", "sub/../../secret.txt",
    "%2e%2e/secret.txt", "%2E%2E%2Fsecret.txt", "..%2fsecret.txt", "..%2Fsecret.txt", "..%5csecret.txt",
    "..%5Csecret.txt", "sub%2f..%2f..%2fsecret.txt", "sub%2fdeep%2fx.css", "%2e/small.txt", ".%2e/secret.txt",
    "....//secret.txt", "..;/secret.txt", "..%00/secret.txt", "small.txt%00", "small.txt%00.html", "%00",
    "%c0%ae%c0%ae/secret.txt", "%c0%af..%c0%afsecret.txt", "%e0%80%ae%e0%80%ae/secret.txt", "%252e%252e/secret.txt",
    "%252e%252e%252fsecret.txt", "%uff0e%uff0e/secret.txt", "%ff%fe", "/etc/passwd", "//etc/passwd",
    "%2fetc%2fpasswd", "/%2fetc/passwd", "C:/Windows/win.ini", "c%3a%5cwindows%5cwin.ini", "C:small.txt",
    "small.txt::$DATA", "small.txt:stream", "%5c%5chost%5cshare", "\\..\\secret.txt", "..\\secret.txt",
    "sub\\..\\..\\secret.txt", "small.txt.", "small.txt%20", "small.txt...", ".hidden", "%2ehidden", ".git/config",
    "sub/.git", ".", "...", "", "a//small.txt", "/small.txt", "sub//index.html", "%0d%0aX:y", "%7f", "%1b[0m",
    "~root", "HIDDEN~1", "hidden%7e1", "%", "%4", "%zz", "small.txt/.", "small.txt/..", "sub/./index.html",
    "..%c1%9csecret.txt", "x" * 300, "a/" * 400,
)


def test_each_name_gives_its_file_or_404(site):
    for target, (status, body) in SHOWN.items():
        answer = site.ask(target)
        assert (answer.status, answer.body) == (status, body), target


def test_a_folder_without_its_slash_is_sent_there(site):
    for target, location in (("/www", "./www/"), ("/www/sub", "./sub/"), ("/www/sub?a=b", "./sub/?a=b"),
                             ("/www/empty%20folder", "./empty%20folder/")):
        answer = site.ask(target)
        assert (answer.status, answer.headers["location"]) == (301, location)


def test_types_follow_the_name(site):
    types = {"index.html": "text/html; charset=utf-8", "sub/deep/x.css": "text/css; charset=utf-8",
             "odd.UNKNOWN": "application/octet-stream", "large.bin": "application/octet-stream",
             "none": "application/octet-stream", "x.tar": "application/x-tar", "page.html.gz": "application/gzip"}
    for name, media_type in types.items():
        assert site.ask("/www/" + name).headers["content-type"] == media_type


def test_an_answer_of_the_applications_own_status_is_not_conditional(site):
    answer = site.ask("/teapot", Range="bytes=0-1", If_None_Match="*")
    assert (answer.status, len(answer.body)) == (418, 26)
    assert answer.headers["content-type"] == "text/x-own" and answer.headers["x-own"] == "1"
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize("prefix", ["/www/", "/file/"])
def test_no_path_leads_out_of_the_folder(prefix, site, interpreter):
    """`/file/` is how an application would do it by hand: it gets what it names, and never a directory or a crash."""
    for escape in ESCAPES:
        if prefix == "/file/" and not is_harmless(escape):
            continue
        answer = site.ask(prefix + escape)
        assert b"SECRET" not in answer.body and b"root:" not in answer.body, escape
        if prefix == "/www/" and escape:
            assert answer.status in (400, 404), escape


def is_harmless(escape):
    """Whether a program that opens whatever name it is given stays in its folder with this one."""
    return ".." not in escape.lower().replace("%2e", ".") and "hidden" not in escape.lower() and ".git" not in escape


def test_a_link_that_leaves_the_folder_is_refused_where_links_can_be_seen(site, folder, interpreter):
    """On CPython: on a board there are no links, and its `os` could not show them."""
    (folder / "out.txt").symlink_to(folder.parent / "secret.txt")
    (folder / "out").symlink_to(folder.parent)
    (folder / "small.txt.gz").symlink_to(folder.parent / "secret.txt")
    (folder / "in.txt").symlink_to(folder / "x.tar")
    assert site.ask("/www/in.txt").body == b"tar"
    if not interpreter.is_micropython:
        for target in ("out.txt", "out/secret.txt", "out/www-secret/secret.txt", "out", "out/", "small.txt"):
            assert site.ask("/www/" + target).status == 404, target
        (folder / "loop").symlink_to(folder / "loop")
        assert site.ask("/www/loop").status == 404


def test_a_folder_that_is_itself_a_link_is_served(programs, interpreter, certificates, port, folder):
    """So that a new release can be put in place at once."""
    from files.conftest import Site
    from harness.playing import start_server

    link = folder.parent / "current"
    link.symlink_to(folder)
    site = Site(start_server(programs, interpreter, "files.parts", port, certificates, folder=str(link)), port,
                certificates)
    assert site.ask("/www/small.txt").status == 200
    site.close()


names = st.one_of(st.sampled_from(["..", ".", "", "%2e%2e", "%2f", "%5c", "sub", "small.txt", "deep", "%00", "..%2f",
                                   "secret.txt", "www-secret", "%2e", ".git", "out", "C:", "\\..", "%c0%ae", "..."]),
                  st.text(alphabet="./\\%2eEfFcC05:abs~ ", max_size=12), st.text(max_size=8))


@settings(max_examples=400, deadline=None)
@given(parts=st.lists(names, max_size=6), has_query=st.booleans())
@example(parts=["sub", "..", "..", "secret.txt"], has_query=False)
def test_whatever_the_path_it_stays_in_the_folder(tmp_path_factory, parts, has_query):
    root = tmp_path_factory.getbasetemp() / "kept"
    (root / "www" / "sub" / "deep").mkdir(parents=True, exist_ok=True)
    if not (root / "www" / "out").is_symlink():
        (root / "www" / "out").symlink_to(root)
    handler = StaticFolder("/www", str(root / "www"), "index.html", {})
    try:
        path = handler.path_of("/".join(["/www", *parts]))
    except PeerError:
        return
    if path is not None:
        assert os.path.realpath(path).startswith(str((root / "www").resolve()))
        assert not any(part.startswith(".") for part in path[len(str(root)):].split("/"))
        assert "\0" not in path and "\\" not in path


def test_compressed_neighbours_are_sent_to_who_takes_them(site):
    plain = b"<p>page" * 500
    for accepted, is_taken in (("gzip", True), ("deflate, gzip;q=0.5", True), ("br, *", True), ("GZIP", True),
                               ("x-gzip", True), ("gzip;q=0", False), ("gzip; q=0.000, *", False), ("*;q=0", False),
                               ("identity", False), ("", False), ("br", False), ("gzip;q=1.0;x=y", True)):
        answer = site.ask("/www/page.html", Accept_Encoding=accepted)
        assert answer.status == 200 and answer.headers["vary"] == "Accept-Encoding", accepted
        assert answer.headers["content-type"] == "text/html; charset=utf-8"
        assert (answer.headers.get("content-encoding") == "gzip") == is_taken, accepted
        assert (gzip.decompress(answer.body) if is_taken else answer.body) == plain
    tags = [site.ask("/www/page.html", Accept_Encoding=coding).headers["etag"] for coding in ("gzip", "identity")]
    assert tags[0] != tags[1]
    for tag, coding, status in ((tags[0], "gzip", 304), (tags[1], "gzip", 200), (tags[1], "identity", 304)):
        answer = site.ask("/www/page.html", Accept_Encoding=coding, If_None_Match=tag)
        assert (answer.status, answer.headers["vary"]) == (status, "Accept-Encoding")
        assert "content-encoding" not in answer.headers or status == 200
    part = site.ask("/www/page.html", Accept_Encoding="gzip", Range="bytes=0-1")
    assert (part.status, part.body, part.headers["content-encoding"]) == (206, b"\x1f\x8b", "gzip")


def test_a_compressed_neighbour_that_is_older_or_not_wanted_is_not_sent(site):
    assert site.ask("/www/old.txt", Accept_Encoding="gzip").body == b"new"
    answer = site.ask("/plain/page.html", Accept_Encoding="gzip")
    assert "content-encoding" not in answer.headers and "vary" not in answer.headers


def test_what_there_is_only_compressed_is_not_acceptable_to_who_says_that_he_takes_no_gzip(site):
    """Who says nothing takes everything (RFC 9110 section 12.5.3)."""
    answer = site.ask("/www/only.js", Accept_Encoding="gzip")
    assert (gzip.decompress(answer.body), answer.headers["content-type"]) == (b"only", "text/javascript; charset=utf-8")
    for accepted in ("identity", "br, gzip;q=0", "*;q=0.000", ""):
        assert site.ask("/www/only.js", Accept_Encoding=accepted).status == 406, accepted
    assert gzip.decompress(site.ask("/www/only.js", Accept_Encoding=None).body) == b"only"
    assert "content-encoding" not in site.ask("/www/page.html", Accept_Encoding=None).headers


def changed_now(path, seconds_ago=0.0):
    """Write the file; its time has whole seconds, or if it is of some seconds ago, fractions."""
    path.write_bytes(b"fresh")
    seconds = time.time() - seconds_ago
    moment = int(seconds * 1000) * 1_000_000 + 7 if seconds_ago else int(seconds) * 1_000_000_000
    os.utime(path, ns=(moment, moment))


def ask_fresh(site, path, seconds_ago=0.0):
    """[the answer, to its tag, to a range if it has this tag, to a range if it has this date], all within a second."""
    while True:
        started = time.time()
        changed_now(path, seconds_ago)
        first = site.ask("/www/fresh.txt")
        tag, date = first.headers["etag"], first.headers["last-modified"]
        answers = [first, site.ask("/www/fresh.txt", If_None_Match=tag)]
        answers += [site.ask("/www/fresh.txt", If_Range=validator, Range="bytes=0-0") for validator in (tag, date)]
        if time.time() - started < 0.9:
            return answers


def test_a_file_of_this_very_second_has_a_weak_tag(site, folder):
    """Whoever resumes by it could join two files: the time does not tell one second's changes apart."""
    answers = ask_fresh(site, folder / "fresh.txt")
    assert answers[0].headers["etag"].startswith('W/"')
    assert [answer.status for answer in answers] == [200, 304, 200, 200]


def test_where_files_have_fractions_of_seconds_the_tag_is_strong_at_once(site, folder, interpreter):
    """The date is not: it has whole seconds. MicroPython knows no fractions."""
    answers = ask_fresh(site, folder / "fresh.txt", 0.5)
    is_strong = not interpreter.is_micropython
    assert answers[0].headers["etag"].startswith('"' if is_strong else 'W/"')
    assert [answer.status for answer in answers] == [200, 304, 206 if is_strong else 200, 200]
    changed_now(folder / "fresh.txt", 0.4)
    other = site.ask("/www/fresh.txt", If_None_Match=answers[0].headers["etag"])
    assert other.status == 200 or not is_strong


def test_a_file_of_the_future_has_no_date(site, folder):
    """RFC 9110 section 8.8.2.1: a cache would believe it."""
    (folder / "future.txt").write_bytes(b"x")
    os.utime(folder / "future.txt", (4_000_000_000, 4_000_000_000) if os.name == "posix" else None)
    assert "last-modified" not in site.ask("/www/future.txt").headers
    os.utime(folder / "future.txt", (0, 0))  # a board whose file system keeps no time
    answer = site.ask("/www/future.txt", If_None_Match='"x"', If_Modified_Since=CHANGED_TEXT)
    assert (answer.status, answer.headers.get("etag")) == (200, None)


def test_what_may_not_be_read_is_forbidden(site, folder):
    for name in ("small.txt", "large.bin"):
        (folder / name).chmod(0)
    statuses = [site.ask("/www/" + name).status for name in ("small.txt", "large.bin")]
    assert statuses == ([403, 403] if os.geteuid() else [200, 200])  # nothing is closed to root


def test_what_is_no_file_is_not_found_and_never_waited_for(site, folder):
    os.mkfifo(folder / "pipe")
    assert site.ask("/www/pipe").status == 404
    assert site.ask("/www/sub/deep").status == 301


def test_downloads_have_a_name_that_is_safe(site):
    for name, told in (("a.txt", 'attachment; filename="a.txt"'),
                       ("a%22%3bb%5c.txt", "attachment; filename=\"a__b_.txt\"; filename*=UTF-8''a%22%3Bb%5C.txt"),
                       ("%e2%82%ac.txt", "attachment; filename=\"_.txt\"; filename*=UTF-8''%E2%82%AC.txt")):
        assert site.ask("/file/small.txt?as=" + name).headers["content-disposition"] == told
    assert site.ask("/file/small.txt?as=a%0d%0aX-Evil:%201").status == 500


def test_a_folder_that_is_not_there_is_told_at_once(tmp_path):
    from microhttps import Server

    server = Server(transport="insecure")
    with pytest.raises(UsageError) as caught:
        server.static("/x", tmp_path / "missing")
    assert caught.value.code == "no_such_folder"
    with pytest.raises(TypeError):
        server.static("/x", tmp_path, unknown=1)
    server.static("/", tmp_path)
    with pytest.raises(UsageError):
        server.static("/", tmp_path)


