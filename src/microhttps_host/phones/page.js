"use strict";
const button = document.getElementById("test"), result = document.getElementById("result");
const secure = "https://" + location.hostname + ":" + document.querySelector("main").dataset.port;
// An iPad says that it is a Mac; no Mac is touched with several fingers.
if (/Macintosh/.test(navigator.userAgent) && navigator.maxTouchPoints > 1) document.getElementById("ios").open = true;

async function ask(url, mode) {
  const control = new AbortController(), timer = setTimeout(() => control.abort(), 8000);
  try {
    return await fetch(url, {mode, cache: "no-store", credentials: "omit", signal: control.signal});
  } finally { clearTimeout(timer); }
}

function say(kind, text) { result.className = kind; result.textContent = text; }

async function explain() {
  let status;
  try { status = await (await ask("/ca/status", "same-origin")).json(); }
  catch { return "The server does not answer any more. Is it still running?"; }
  const host = location.hostname.replace(/[\[\]]/g, "");
  if (!status.names.includes(host))
    return "This cannot be said here: the certificate is not for " + host + ". Open this page as " + status.url;
  return "No: this browser does not trust the server's certificate yet. Install it as shown below, and ask again; "
    + "some browsers must be started anew.";
}

button.addEventListener("click", async () => {
  button.disabled = true;
  say("", "Asking over HTTPS …");
  const url = secure + "/.well-known/microhttps";
  try {
    // Where the application guards all its answers, this one is refused to us, and the other way tells just as much.
    try { await ask(url, "cors"); } catch { await ask(url, "no-cors"); }
    say("yes", "Yes: this browser trusts this server. Use " + secure + "/ from now on.");
  } catch { say("no", await explain()); }
  button.disabled = false;
});
