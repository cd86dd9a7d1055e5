"""A Chromium told what to do through its DevTools protocol: open a page, run a line of script, take a picture."""

import base64
import json
import time
import urllib.request

from websockets.sync.client import connect

from harness.programs import until

PATIENCE = 40


class Page:
    """A tab of its own in a Chromium that was started with `--remote-debugging-port=0` and this profile."""

    def __init__(self, profile):
        written = profile / "DevToolsActivePort"
        until(lambda: written.exists() and written.read_text().strip() != "", PATIENCE)
        port = written.read_text().split()[0]
        asked = urllib.request.Request(f"http://127.0.0.1:{port}/json/new?about:blank", method="PUT")
        with urllib.request.urlopen(asked, timeout=PATIENCE) as answer:
            url = json.load(answer)["webSocketDebuggerUrl"]
        self._connection = connect(url, max_size=None, open_timeout=PATIENCE)
        self._socket = self._connection.__enter__()
        self._number = 0
        self.complaints = []  # of the page and of the browser about it, once they are asked for

    def close(self):
        self._connection.__exit__(None, None, None)

    def tell(self, method, **parameters):
        """Do it, and give what came of it."""
        self._number += 1
        self._socket.send(json.dumps({"id": self._number, "method": method, "params": parameters}))
        deadline = time.monotonic() + PATIENCE
        while True:
            said = json.loads(self._socket.recv(timeout=max(0.1, deadline - time.monotonic())))
            if said.get("id") == self._number:
                assert "error" not in said, said
                return said["result"]
            self._note(said)

    def _note(self, said):
        """Keep what is an error; an event of the protocol has no number."""
        facts = said.get("params", {})
        if said.get("method") == "Log.entryAdded" and facts["entry"]["level"] == "error":
            self.complaints.append(facts["entry"]["text"])
        elif said.get("method") == "Runtime.exceptionThrown":
            self.complaints.append(facts["exceptionDetails"]["text"])

    def hear_complaints(self):
        """From now on note what the page and the browser complain of, policies and scripts."""
        for domain in ("Log", "Runtime", "Page"):
            self.tell(domain + ".enable")

    def press(self, key):
        """A key, as somebody at the keyboard does."""
        text = {"Enter": "\r", " ": " "}.get(key, "")
        code = {"Tab": 9, "Enter": 13, " ": 32}[key]
        for kind in ("keyDown", "keyUp"):
            self.tell("Input.dispatchKeyEvent", type=kind, key=key, code="Space" if key == " " else key, text=text,
                      windowsVirtualKeyCode=code)

    def emulate(self, width, height, is_phone=False, **preferences):
        """A screen of this size, and preferences such as `prefers_color_scheme="dark"`."""
        self.tell("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1,
                  mobile=is_phone)
        self.tell("Emulation.setEmulatedMedia", features=[
            {"name": name.replace("_", "-"), "value": value} for name, value in preferences.items()])

    def picture_of_screen(self, kind="png", **more):
        """What the screen shows now, as an image."""
        return base64.b64decode(self.tell("Page.captureScreenshot", format=kind, **more)["data"])

    def whole_picture(self, kind="png", **more):
        """The page from its top to its end, as an image."""
        size = self.tell("Page.getLayoutMetrics")["cssContentSize"]
        taken = self.tell("Page.captureScreenshot", format=kind, captureBeyondViewport=True,
                          clip={"x": 0, "y": 0, "width": size["width"], "height": size["height"], "scale": 1}, **more)
        return base64.b64decode(taken["data"])

    def open(self, url):
        """Go there; gives the browser's error, "" for none."""
        error = self.tell("Page.navigate", url=url).get("errorText", "")
        if not error:
            until(lambda: self.run("document.readyState") == "complete", PATIENCE)
        return error

    def run(self, script):
        """The value of an expression in the page."""
        return self.tell("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)["result"].get(
            "value")

    def picture(self, path, width=412, height=900, colours="light"):
        """As a phone of this size would show it."""
        self.tell("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=True)
        self.tell("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": colours}])
        path.write_bytes(base64.b64decode(self.tell("Page.captureScreenshot")["data"]))
