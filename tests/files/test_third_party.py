"""curl asks for parts, compressed, only if changed, resumes, keeps cookies; nginx is asked the same as we are."""

import http.client
import os
import subprocess

import pytest

from files.conftest import CHANGED_TEXT, LARGE, Answer
from harness.nginx import start_servers
from harness.programs import free_port
from harness.wire import trusting


@pytest.fixture
def curl(tool, certificates, site):
    """Runs curl; returns (exit status, stdout)."""

    def run(path, *options):
        command = [tool("curl"), "--silent", "--show-error", "--max-time", "20", "--cacert",
                   str(certificates / "ca.crt"), *map(str, options), f"https://localhost:{site.port}{path}"]
        done = subprocess.run(command, capture_output=True, timeout=30)
        return done.returncode, done.stdout

    return run


STATUS = ("--output", os.devnull, "--write-out", "%{http_code} %{size_download}")


def test_curl_takes_parts(curl):
    assert curl("/www/small.txt", "--range", "2-4") == (0, b"cde")
    assert curl("/www/small.txt", "--range", "-2") == (0, b"yz")
    assert curl("/www/small.txt", "--range", "99-", *STATUS)[1].startswith(b"416")
    assert b"Content-Range: bytes 4-5/26\r\n" in curl("/www/small.txt", "--range", "0-1,4-5")[1]


def test_curl_takes_it_compressed(curl):
    assert curl("/www/page.html", "--compressed") == (0, b"<p>page" * 500)
    assert int(curl("/www/page.html", "--compressed", *STATUS)[1].split()[1]) < 100


def test_curl_takes_what_has_changed(curl, folder, tmp_path):
    assert curl("/www/small.txt", "--time-cond", CHANGED_TEXT, *STATUS) == (0, b"304 0")
    assert curl("/www/small.txt", "--time-cond", "Thu, 01 Jan 2026 03:04:05 GMT", *STATUS) == (0, b"200 26")
    tag = tmp_path / "tag"
    assert curl("/www/small.txt", "--etag-save", tag, *STATUS) == (0, b"200 26")
    assert curl("/www/small.txt", "--etag-compare", tag, *STATUS) == (0, b"304 0")
    (folder / "small.txt").write_bytes(b"changed")
    assert curl("/www/small.txt", "--etag-compare", tag, *STATUS) == (0, b"200 7")


def test_curl_asks_for_heads_only(curl):
    status, head = curl("/www/large.bin", "--head")
    assert status == 0 and head.startswith(b"HTTP/1.1 200 OK\r\n") and b"Content-Length: 300000\r\n" in head


def test_curl_resumes_a_download(curl, tmp_path):
    part = tmp_path / "part"
    part.write_bytes(LARGE[:123_456])
    status, said = curl("/www/large.bin", "--continue-at", "-", "--output", part, "--write-out", "%{http_code}")
    assert (status, said, part.read_bytes()) == (0, b"206", LARGE)


def test_curl_saves_under_the_name_we_give(curl, tmp_path):
    assert curl("/file/small.txt?as=under%20this.txt", "-OJ", "--output-dir", tmp_path)[0] == 0
    assert (tmp_path / "under this.txt").read_bytes().startswith(b"abc")


def test_curl_follows_redirects_with_the_method_each_status_asks_for(curl):
    for status in (301, 302, 303, 307, 308):
        assert curl(f"/redirect/{status}", "--location") == (0, b"gruesse")
    followed = {301: b"200", 302: b"200", 303: b"200", 307: b"405", 308: b"405"}  # the last two POST again
    for status, final in followed.items():
        assert curl(f"/redirect/{status}", "--location", "--data", "x", *STATUS)[1].split()[0] == final
    assert curl("/redirect/300", *STATUS)[1].split()[0] == b"500"


def test_curl_keeps_the_cookies_it_is_given(curl, tmp_path):
    jar = tmp_path / "jar"
    assert curl("/cookies/set", "--cookie-jar", jar) == (0, b"set")
    assert curl("/cookies", "--cookie", jar) == (0, b"__Host-id=2 plain=1")
    kept = jar.read_text()
    assert "#HttpOnly_localhost\tFALSE\t/\tTRUE\t0\t__Host-id\t2" in kept  # session, secure
    assert curl("/cookies/drop", "--cookie", jar, "--cookie-jar", jar) == (0, b"dropped")
    assert curl("/cookies", "--cookie", jar) == (0, b"plain=1")


@pytest.fixture
def nginx(programs, certificates, folder, tmp_path):
    """Asks an nginx that serves the same folder: `ask(target, **fields)` → Answer."""
    port = free_port()
    start_servers(programs, tmp_path, f"""server {{
    types {{ text/html html; text/plain txt; text/css css; }} default_type application/octet-stream;
    if_modified_since before; absolute_redirect off;
    listen 127.0.0.1:{port} ssl; server_name localhost;
    ssl_certificate {certificates}/good.crt; ssl_certificate_key {certificates}/good.key;
    location /www/ {{ alias {folder}/; gzip_static on; }}
  }}""", port)

    def ask(target, method="GET", **headers):
        connection = http.client.HTTPSConnection("localhost", port, timeout=10, context=trusting(certificates))
        fields = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, target, headers={"Accept-Encoding": "identity", **fields})
        answer = Answer(connection.getresponse())
        connection.close()
        return answer

    return ask


# "TAG" stands for the server's own entity tag of small.txt, "WEAK" for the same, weak.
SAME = (
    ({},), ({"method": "HEAD"},), ({"If_None_Match": "TAG"},), ({"If_None_Match": "WEAK"},),
    ({"If_None_Match": '"x", TAG'},), ({"If_None_Match": "*"},), ({"If_None_Match": '"x"'},),
    ({"If_Modified_Since": CHANGED_TEXT},), ({"If_Modified_Since": "Fri, 02 Jan 2026 03:04:04 GMT"},),
    ({"If_Modified_Since": "Fri, 02 Jan 2027 03:04:05 GMT"},), ({"If_Modified_Since": "x"},),
    ({"If_None_Match": '"x"', "If_Modified_Since": CHANGED_TEXT},),
    ({"If_Match": "TAG"},), ({"If_Match": "WEAK"},), ({"If_Match": '"x"'},), ({"If_Match": "*"},),
    ({"If_Unmodified_Since": CHANGED_TEXT},), ({"If_Unmodified_Since": "Fri, 02 Jan 2026 03:04:04 GMT"},),
    ({"If_Match": '"x"', "If_None_Match": "TAG"},), ({"If_None_Match": "TAG", "Range": "bytes=0-1"},),
    ({"Range": "bytes=0-4"},), ({"Range": "bytes=-4"},), ({"Range": "bytes=4-"},), ({"Range": "bytes=25-99"},),
    ({"Range": "bytes=26-"},), ({"Range": "bytes=-99"},), ({"Range": "lines=0-1"},), ({"Range": "bytes=0-1,4-5"},),
    ({"Range": "bytes=0-,0-"},), ({"Range": "bytes=30-,40-"},), ({"Range": "bytes=0-1,40-50"},),
    ({"If_Range": "TAG", "Range": "bytes=0-1"},), ({"If_Range": '"x"', "Range": "bytes=0-1"},),
    ({"If_Range": CHANGED_TEXT, "Range": "bytes=0-1"},),
    ({"If_Range": "Fri, 02 Jan 2026 03:04:04 GMT", "Range": "bytes=0-1"},),
    ({}, "/www/"), ({}, "/www/sub"), ({}, "/www/sub/"), ({}, "/www/missing"),
    ({}, "/www/gr%c3%bc%c3%9fe.html"), ({}, "/www/small.txt/"), ({}, "/www/none"),
    ({"Range": "bytes=0-"}, "/www/none"), ({"Accept_Encoding": "gzip"}, "/www/page.html"),
    ({"Accept_Encoding": "gzip;q=0"}, "/www/page.html"),
)
# What we do otherwise, and why: (request fields, target, nginx's status, ours).
DELIBERATE = (
    # RFC 9110 section 14.2: only GET knows ranges.
    ({"method": "HEAD", "Range": "bytes=0-1"}, "/www/small.txt", 206, 200),
    # The same section: a malformed field is ignored; nginx refuses it.
    ({"Range": "bytes=a-b"}, "/www/small.txt", 416, 200),
    ({"Range": "bytes=5-4"}, "/www/small.txt", 416, 200),
    # Ranges are those of what is selected, compressed or not (section 14): a download of it can be resumed, too.
    ({"Accept_Encoding": "gzip", "Range": "bytes=0-1"}, "/www/page.html", 200, 206),
    # What begins with a dot is private: .git, .env, .htpasswd.
    ({}, "/www/.git/config", 200, 404),
    # Nothing is listed, and whether there is such a folder is nobody's affair.
    ({}, "/www/empty%20folder/", 403, 404),
    # A path is a name, not a way: nobody's browser sends these.
    ({}, "/www/sub/../small.txt", 200, 404),
    ({}, "/www//small.txt", 200, 404),
)


def asked_of(ask, fields, target):
    tag = ask("/www/small.txt").headers["etag"]
    filled = {name: value.replace("TAG", tag).replace("WEAK", "W/" + tag) for name, value in fields.items()}
    return ask(target, **filled)


def test_we_answer_as_nginx_does(site, nginx):
    for fields, *target in SAME:
        target = target[0] if target else "/www/small.txt"
        ours, theirs = asked_of(site.ask, fields, target), asked_of(nginx, fields, target)
        case = (fields, target)
        assert ours.status == theirs.status, case
        for name in ("content-range", "content-encoding", "last-modified", "content-length"):
            if ours.status in (200, 206, 304) and "multipart" not in ours.headers.get("content-type", ""):
                assert ours.headers.get(name) == theirs.headers.get(name), (case, name)
        if ours.status in (200, 206) and "multipart" not in ours.headers["content-type"]:
            assert ours.body == theirs.body, case


def test_we_differ_from_nginx_where_we_mean_to(site, nginx):
    for fields, target, their_status, our_status in DELIBERATE:
        assert asked_of(nginx, fields, target).status == their_status, (fields, target)
        assert asked_of(site.ask, fields, target).status == our_status, (fields, target)
