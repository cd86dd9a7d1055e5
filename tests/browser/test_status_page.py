"""The page of microhttps.status in Chromium, as the one who looks after a server sees it, on both interpreters.

Screenshots are kept in artefacts/tests for people to look at.
"""

import contextlib
import ssl

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from cryptography.x509.oid import ExtendedKeyUsageOID

from harness.certificates import Made, make, write
from harness.programs import until
from harness.wire import open_raw, open_tls, read_until_end, trusting
from status.application import PASSWORD
from status.watching import start_watched

from .devtools import PATIENCE, Page

GET = b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"
ROWS = "[...document.querySelectorAll('#sessions tr')].map(row => row.dataset.key)"
# How well text stands out from what is behind it (WCAG 2.2, 1.4.3): the worst ratio, and where it is.
CONTRAST = """(() => {
  const canvas = document.createElement("canvas").getContext("2d", {willReadFrequently: true});
  const rgba = colour => { canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = colour; canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data] };
  const light = ([r, g, b]) => [r, g, b].map(part => part / 255).map(part => part <= .04045 ? part / 12.92
    : ((part + .055) / 1.055) ** 2.4).reduce((sum, part, at) => sum + part * [.2126, .7152, .0722][at], 0);
  const behind = node => { for (; node; node = node.parentElement) {
    const found = rgba(getComputedStyle(node).backgroundColor); if (found[3] == 255) return found } };
  let worst = [99, ""], walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const node = walker.currentNode.parentElement;
    if (!walker.currentNode.textContent.trim() || !node.offsetParent || /SCRIPT|STYLE/.test(node.tagName)) continue;
    const pair = [light(rgba(getComputedStyle(node).color)), light(behind(node))].sort((one, other) => other - one);
    const ratio = (pair[0] + .05) / (pair[1] + .05);
    if (ratio < worst[0]) worst = [ratio, node.outerHTML.slice(0, 80)];
  }
  return worst })()"""


@pytest.fixture
def browser(chromium, programs, tmp_path):
    """A page of a Chromium that believes the authority."""
    command, variables = chromium()
    programs.start([*command, "--remote-debugging-port=0", "about:blank"], name="chromium", environment=variables,
                   may_complain=True)
    page = Page(tmp_path / "home-trusting" / "profile")
    page.hear_complaints()
    yield page
    page.close()


@pytest.fixture
def watch(programs, interpreter, certificates, port):
    """Starts a watched server on each interpreter in turn."""
    return lambda **options: start_watched(programs, interpreter, certificates, port, **options)


@pytest.fixture
def look(watch, browser):
    """Opens the page of a server with these options: (page, server)."""

    def start(**options):
        server = watch(**options)
        name = "" if options.get("guard") else "admin:" + PASSWORD.replace(" ", "%20") + "@"
        assert browser.open(f"https://{name}localhost:{server.port}/status") == ""
        until(lambda: browser.run("document.querySelector('#note').className") == "live", PATIENCE)
        return browser, server

    return start


def text_of(page, selector):
    return page.run(f"document.querySelector('{selector}').textContent")


def shows(page, script, value):
    """Wait until an expression has this value in the page."""

    def is_so():
        return page.run(script) == value

    is_so.__doc__ = f"{script} is {value!r}, it is {page.run(script)!r}"
    until(is_so, PATIENCE)


def fail_some_handshakes(server, certificates):
    with open_raw(server.port) as raw:
        raw.sendall(GET)
        read_until_end(raw)
    with contextlib.suppress(ssl.SSLError):
        open_tls(server.port, certificates, ssl.create_default_context()).close()


def test_it_follows_connections_that_come_and_go_and_complains_of_nothing(look, certificates):
    page, server = look()
    assert text_of(page, "#name") == "localhost" and page.run("document.title") == "localhost – status"
    with open_tls(server.port, certificates) as tls:
        for _ in range(3):
            tls.sendall(GET)
            tls.recv(1000)
        key = "127.0.0.1:%d" % tls.getsockname()[1]
        shows(page, f"{ROWS}.includes('{key}')", True)
        shows(page, f"document.querySelector('tr[data-key=\"{key}\"]').children[5].textContent", "3")
        shows(page, "document.querySelector('#answers').textContent", "2xx 43xx 04xx 15xx 0")  # the page is one
    shows(page, f"{ROWS}.includes('{key}')", False)
    fail_some_handshakes(server, certificates)
    shows(page, "document.querySelectorAll('#failures > li').length", 2)
    assert "redirect_port=80 leads those who come by plain HTTP to the secure port." in text_of(page, "#failures")
    assert text_of(page, "#hands").startswith("failed2")
    # The first question goes without a password, and the browser notes the answer; there is nothing else.
    assert [said for said in page.complaints if "401" not in said] == []
    assert page.run("performance.getEntriesByType('resource').every(each => each.name.endsWith('/status/now'))") is True


def test_a_client_that_comes_back_with_its_session_is_marked(look, certificates, interpreter):
    """MicroPython's TLS resumes none."""
    page, server = look()
    context = trusting(certificates)
    with open_tls(server.port, certificates, context) as first:
        first.sendall(GET)
        first.recv(1000)  # and the ticket, which comes before it
        raw = open_raw(server.port)
        with context.wrap_socket(raw, server_hostname="localhost", session=first.session) as second:
            second.sendall(GET)
            second.recv(1000)
            assert second.session_reused is not interpreter.is_micropython
            for tls in (first, second):
                row = f"document.querySelector('tr[data-key=\"127.0.0.1:{tls.getsockname()[1]}\"]')"
                marked = f"[...{row}?.querySelectorAll('.tag:not([hidden])') ?? []].map(tag => tag.textContent).join()"
                shows(page, f"{row} != null", True)
                assert page.run(marked) == ("resumed" if tls.session_reused else "")


def test_it_says_that_a_server_has_gone_and_that_it_is_there_again(look, watch):
    page, server = look()
    server.program.reap()
    shows(page, "document.querySelector('#note').textContent", "No answer")
    watch()
    shows(page, "document.querySelector('#note').textContent", "Live")


def test_its_policy_lets_nothing_else_run_or_load(look):
    page, _ = look(guard="public")
    page.run("""(() => { const more = document.createElement("script"); more.textContent = "window.smuggled = 1";
        document.body.append(more);
        document.body.insertAdjacentHTML("beforeend", "<img src='https://localhost/x'>"); })()""")
    assert page.run("String(window.smuggled)") == "undefined"
    shows(page, "1", 1)
    assert len([said for said in page.complaints if "Content Security Policy" in said]) == 2


@pytest.mark.parametrize("named", ["names", "common name"])
def test_what_a_client_calls_itself_is_text_and_no_more(named, look, certificates, tmp_path):
    """A name in a certificate is chosen by whoever asked for it."""
    ca = Made(x509.load_pem_x509_certificate((certificates / "ca.crt").read_bytes()),
              load_pem_private_key((certificates / "ca.key").read_bytes(), None))
    evil = "<img/src=x/onerror=document.title='owned'>"
    common_name, names = ("odd", (evil,)) if named == "names" else ("\u202e<script>document.title='owned'</script>", ())
    write(tmp_path, "evil", make(common_name, names, ca, usage=ExtendedKeyUsageOID.CLIENT_AUTH))
    page, server = look(clients="optional", guard="public")
    context = trusting(certificates)
    context.load_cert_chain(tmp_path / "evil.crt", tmp_path / "evil.key")
    with open_tls(server.port, certificates, context) as tls:
        tls.sendall(GET)
        tls.recv(1000)
        shows(page, f"document.querySelector('#sessions').textContent.includes({(names or (common_name,))[0]!r})", True)
        assert page.run("document.title") == "localhost – status"
        assert page.run("document.querySelectorAll('#sessions img, #sessions script').length") == 0


def test_a_connection_is_closed_by_its_button(look, certificates):
    page, server = look(can_close=True)
    with open_tls(server.port, certificates) as tls:
        tls.sendall(GET)
        tls.recv(1000)
        key = "127.0.0.1:%d" % tls.getsockname()[1]
        shows(page, f"{ROWS}.includes('{key}')", True)
        page.run(f"document.querySelector('[aria-label=\"Close {key}\"]').click()")
        assert read_until_end(tls)[0] == b""
        shows(page, f"{ROWS}.includes('{key}')", False)


def test_it_can_be_used_by_keyboard_and_keeps_the_focus(look, certificates):
    page, server = look(can_close=True)
    fail_some_handshakes(server, certificates)
    shows(page, "document.querySelectorAll('#failures > li').length", 2)
    reached = []
    while reached[-2:] != ["Why, and what to do"] * 2:  # a browser may have several connections
        page.press("Tab")
        name, outline = page.run("(now => [now.getAttribute('aria-label') || now.textContent,"
                                 " getComputedStyle(now).outlineStyle])(document.activeElement)")
        reached.append(name)
        assert outline == "solid", "the focus can be seen"
        assert len(reached) < 12, reached
    assert reached[0] == "Pause" and all(name.startswith("Close 127.0.0.1:") for name in reached[1:-2])
    page.press("Enter")
    shows(page, "document.activeElement.parentElement.open", True)
    page.run("window.polls = 0; performance.setResourceTimingBufferSize(1000);"
             "new PerformanceObserver(list => { polls += list.getEntries().length }).observe({type: 'resource'})")
    until(lambda: page.run("polls") >= 2, PATIENCE)
    assert page.run("document.activeElement.parentElement.open") is True, "what was opened stays so"
    page.run("document.querySelector('#pause').focus()")
    page.press(" ")
    shows(page, "document.querySelector('#note').textContent", "Paused")


def test_a_screen_reader_is_told_of_changes_of_state_and_not_of_figures(look, certificates):
    page, server = look()
    page.run("window.said = 0; window.polls = 0; new MutationObserver(() => { said += 1 }).observe("
             "document.querySelector('[role=status]'), {subtree: true, childList: true, characterData: true});"
             "new PerformanceObserver(list => { polls += list.getEntries().length }).observe({type: 'resource'})")
    until(lambda: page.run("polls") >= 3, PATIENCE)
    assert page.run("said") == 0
    assert page.run("document.querySelectorAll('[aria-live], [role=status], [role=alert]').length") == 1
    tree = page.tell("Accessibility.getFullAXTree")["nodes"]
    roles = [node["role"]["value"] for node in tree if not node.get("ignored")]
    assert {"heading", "main", "banner", "table", "columnheader", "row", "cell", "image"} <= set(roles)
    named = [node for node in tree if not node.get("ignored") and node["role"]["value"] in ("button", "image", "table")]
    assert all(node.get("name", {}).get("value") for node in named)


@pytest.mark.parametrize("colours", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 800, 1200])
def test_it_fits_every_screen_and_can_be_read(width, colours, look, certificates, artefacts, interpreter):
    page, server = look(can_close=True, clients="optional")
    page.emulate(width, 800, is_phone=width < 500, prefers_color_scheme=colours)
    fail_some_handshakes(server, certificates)
    context = trusting(certificates)
    context.load_cert_chain(certificates / "client-chain.crt", certificates / "client-chain.key")
    with open_tls(server.port, certificates, context) as tls:
        for _ in range(20):
            tls.sendall(GET)
            tls.recv(1000)
        shows(page, "document.querySelector('#sessions').textContent.includes('alice.example')", True)
        page.run("document.querySelector('summary').click()")
        assert page.run("document.documentElement.scrollWidth") <= width, "nothing is wider than the screen"
        ratio, where = page.run(CONTRAST)
        assert ratio >= 4.5, where
        if width < 500:
            assert page.run("[...document.querySelectorAll('button, summary')].every(one => one.offsetHeight >= 44)")
        (artefacts / f"status-{interpreter}-{width}-{colours}.png").write_bytes(page.whole_picture())


def test_nothing_moves_for_who_wants_it_still(look):
    page, _ = look()
    page.emulate(900, 800, prefers_reduced_motion="reduce")
    shows(page, "document.getAnimations().length", 0)
    page.emulate(900, 800)
    shows(page, "document.getAnimations().length > 0", True)
