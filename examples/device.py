"""A lamp with three LEDs and a few sensors, all of them imaginary: the demonstration of microhttps.

The same file runs on a computer and on a board:

    microhttps serve examples/device.py       a certificate is made for you
    python examples/device.py                 with device.crt and device.key (PEM or DER) in this folder
    micropython examples/device.py            the same, on MicroPython

    curl --cacert ca.crt https://localhost:8443/status
    curl --cacert ca.crt https://localhost:8443/led/red -d on

What the server is doing is shown at /server, to who has the password that is said at the start, another one each time.
"""

import gc
import sys
import time

from microhttps import Identity, Request, Response, Server
from microhttps.status import Status

STARTED = time.time()
NOTHING_FROM_ELSEWHERE = (
    "Content-Security-Policy",
    "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; connect-src 'self'; img-src data:",
)

leds = {"red": False, "green": True, "blue": False}
server = Server(port=8443)
watched = Status(server, users={"admin": None}, can_close=True)  # None: a password is made, and `serve` says it
server.mount("/server", watched)


@server.get("/")
def page(request: Request) -> Response:
    return Response(PAGE, content_type="text/html; charset=utf-8", headers=(NOTHING_FROM_ELSEWHERE,))


@server.get("/status")
def status(request: Request) -> dict[str, object]:
    return {
        "leds": leds,
        "temperature": temperature(),
        "uptime": int(time.time() - STARTED),
        "memory": free_memory(),
        "python": sys.implementation.name + " " + ".".join(str(part) for part in sys.implementation.version[:3]),
    }


@server.get("/led/<name>")
def read_led(request: Request) -> dict[str, object] | tuple[dict[str, object], int]:
    name = request.params["name"]
    if name not in leds:
        return {"error": "no such led", "leds": sorted(leds)}, 404
    return {"led": name, "on": leds[name]}


@server.post("/led/<name>")
def set_led(request: Request) -> dict[str, object] | tuple[dict[str, object], int]:
    """The body is `on` or `off`; anything else changes nothing."""
    name = request.params["name"]
    if name not in leds:
        return {"error": "no such led", "leds": sorted(leds)}, 404
    if request.content not in (b"on", b"off"):
        return {"error": "send on or off"}, 400
    leds[name] = request.content == b"on"
    return {"led": name, "on": leds[name]}


def temperature() -> float:
    """A room warmed by what shines in it, in degrees Celsius; it wanders a little within each minute."""
    wandering = abs(int(time.time()) % 60 - 30) / 10
    return round(19.5 + wandering + sum(leds.values()) * 0.7, 1)


def free_memory() -> int | None:
    """Bytes free on the heap of a board; None on a computer, where nobody counts."""
    return gc.mem_free() if hasattr(gc, "mem_free") else None


PAGE = b"""<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Lamp</title>
<link rel="icon" href="data:,">
<style>
:root { --back: #f4f1ea; --card: #fffdf8; --ink: #26231d; --soft: #6b6559; --line: #ddd6c8 }
@media (prefers-color-scheme: dark) {
  :root { --back: #16150f; --card: #211f18; --ink: #f1ecdf; --soft: #a9a292; --line: #3b372c } }
* { box-sizing: border-box }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; background: var(--back); color: var(--ink);
  font: 1rem/1.5 system-ui, sans-serif }
main { width: min(26rem, 100% - 2rem); margin: 1rem; padding: 1.75rem; background: var(--card);
  border: 1px solid var(--line); border-radius: 1.25rem }
h1 { margin: 0; font-size: 1.5rem } p { margin: 0 0 1.25rem; color: var(--soft) }
#leds { display: flex; gap: .75rem }
button { flex: 1; padding: .9rem 0 .7rem; font: inherit; color: inherit; background: none; cursor: pointer;
  border: 1px solid var(--line); border-radius: .9rem }
button:focus-visible { outline: 3px solid #4c8dff; outline-offset: 2px }
button::before { content: ""; display: block; width: 1.5rem; height: 1.5rem; margin: 0 auto .4rem; border-radius: 50%;
  border: 2px solid var(--led) }
button[aria-pressed=true]::before { background: var(--led); box-shadow: 0 0 1rem var(--led) }
dl { display: grid; grid-template-columns: 1fr auto; gap: .4rem 1rem; margin: 1.5rem 0 0 }
dt, a { color: var(--soft) } dd { margin: 0; font-variant-numeric: tabular-nums; text-align: right }
</style>
<main>
<h1>Lamp</h1>
<p id="note" role="status">Asking the lamp&hellip;</p>
<div id="leds" role="group" aria-label="LEDs"></div>
<dl><dt>Temperature<dd id="temperature">&ndash;<dt>Running for<dd id="uptime">&ndash;
<dt>Free memory<dd id="memory">&ndash;<dt>Python<dd id="python">&ndash;
<dt>This server<dd><a href="/server">what it is doing</a></dl>
</main>
<script>
const $ = id => document.getElementById(id), colors = { red: "#e5484d", green: "#30a46c", blue: "#3b82f6" }
function show(now) {
  for (const name of Object.keys(colors)) {
    let button = $("led-" + name)
    if (!button) {
      button = document.createElement("button")
      button.id = "led-" + name
      button.textContent = name
      button.style.setProperty("--led", colors[name])
      button.onclick = async () => {
        const body = button.getAttribute("aria-pressed") == "true" ? "off" : "on"
        try { await fetch("/led/" + name, { method: "POST", body }) } catch { }
        refresh()
      }
      $("leds").append(button)
    }
    button.setAttribute("aria-pressed", now.leds[name])
  }
  const hours = Math.floor(now.uptime / 3600), minutes = Math.floor(now.uptime / 60) % 60
  $("temperature").textContent = now.temperature.toFixed(1) + " \\u00b0C"
  $("uptime").textContent = (hours ? hours + " h " : "") + (minutes ? minutes + " min " : "") + now.uptime % 60 + " s"
  $("memory").textContent = now.memory == null ? "plenty" : Math.round(now.memory / 1024) + " KB"
  $("python").textContent = now.python
}
async function refresh() {
  let note = "Connected over " + location.protocol.slice(0, -1).toUpperCase() + "."
  try { show(await (await fetch("/status")).json()) } catch { note = "The lamp does not answer." }
  if ($("note").textContent != note) $("note").textContent = note
}
refresh()
setInterval(refresh, 2000)
</script>
</html>
"""

if __name__ == "__main__":
    server.identity = Identity("device.crt", "device.key")
    print("what the server is doing: /server, name admin, password", watched.made["admin"])
    server.run()
