"use strict";
const $ = id => document.getElementById(id);
// With the origin, for a page that was opened as https://name:password@host/ may ask for nothing relative to that.
const base = location.origin + location.pathname.replace(/\/$/, "");
const words = JSON.parse($("words").textContent);
const STATES = {handshake: "warn", idle: "good", request: "act", websocket: "act", closing: "", closed: ""};
const COLUMNS = ["Client", "State", "TLS", "For", "Idle", "Requests", "In / out"];
const PLACES = {handshake: "Handshake", newcomer: "Newcomer", request: "Request", answer: "Answer"};
const TITLES = {mbedtls: "Mbed TLS", bearssl: "BearSSL"};
const EVERY = 2000, SLOWEST = 10000;
let timer, busy = false, paused = false, wait = EVERY, seen = 0, first = true;

const number = value => value.toLocaleString("en");
const place = each => each.address.includes(":") ? "[" + each.address + "]:" + each.port : each.address + ":" + each.port;

function span(seconds) {
  if (seconds < 60) return seconds + " s";
  if (seconds < 3600) return Math.floor(seconds / 60) + " min";
  if (seconds < 86400) return Math.floor(seconds / 3600) + " h " + Math.floor(seconds / 60) % 60 + " min";
  const days = Math.floor(seconds / 86400);
  return days + (days == 1 ? " day" : " days");
}

function bytes(count) {
  let unit = 0;
  while (count >= 1000 && unit < 4) { count /= 1024; unit += 1; }
  return [unit && count < 10 ? count.toFixed(1) : String(Math.round(count)), ["B", "KB", "MB", "GB", "TB"][unit]];
}

// Whatever came from a peer becomes text and nothing else, and its direction ends with it.
function put(node, text) { if (node.textContent !== String(text)) node.textContent = text; }

function make(tag, name, ...inside) {
  const node = document.createElement(tag);
  if (name) node.className = name;
  node.append(...inside);
  return node;
}

function pairs(list, entries) {
  entries.forEach(([name, value], at) => {
    if (!list.children[2 * at]) list.append(make("dt"), make("dd"));
    put(list.children[2 * at], name);
    put(list.children[2 * at + 1], value);
  });
}

// The children of a list, one for each entry, in order; those that stay are the same nodes, and so keep the focus.
function keep(list, entries, key, begin, change) {
  const known = new Map([...list.children].map(node => [node.dataset.key, node]));
  entries.forEach((entry, at) => {
    const name = key(entry);
    let node = known.get(name);
    known.delete(name);
    if (!node) {
      node = begin(entry);
      node.dataset.key = name;
    }
    change(node, entry);
    if (list.children[at] !== node) list.insertBefore(node, list.children[at] || null);
  });
  for (const node of known.values()) node.remove();
}

function drawLine(seconds) {
  const values = Array(Math.max(0, 60 - seconds.length)).fill(0).concat(seconds);
  const most = Math.max(...values), top = Math.max(most, 4);
  const points = values.map((value, at) => at + " " + (23 - 22 * value / top).toFixed(2));
  document.querySelector("#line .over").setAttribute("d", "M" + points.join("L"));
  document.querySelector("#line .under").setAttribute("d", "M0 24L" + points.join("L") + "L59 24Z");
  const last = seconds.slice(-5), rate = last.length ? last.reduce((sum, one) => sum + one, 0) / last.length : 0;
  const shown = rate < 10 ? String(Math.round(10 * rate) / 10) : number(Math.round(rate));
  put($("rate"), shown);
  put($("peak"), "at most " + number(most));
  $("line").setAttribute("aria-label", "Requests a second in the last minute: now " + shown + ", at most " + most);
}

function showAnswers(requests) {
  const kinds = Object.entries(requests.answers).sort().filter(([kind, count]) => kind != "1xx" || count);
  const colours = {"1xx": "act", "2xx": "good", "3xx": "act", "4xx": "warn", "5xx": "bad"};
  keep($("answers"), kinds, ([kind]) => kind, ([kind]) => make("li", "", make("i", "dot " + colours[kind]), make("span")),
    (node, [kind, count]) => {
      put(node.lastChild, kind + " " + number(count));
      node.firstChild.className = "dot " + (count ? colours[kind] : "");
    });
}

function showPool(pool, sessions) {
  put($("open"), pool.open === null ? "?" : number(pool.open));
  put($("of"), number(pool.of) + " places");
  const pips = pool.of <= 16 ? Array.from({length: pool.of}, (_, at) => sessions[at] ? STATES[sessions[at].state] : "") : [];
  while ($("pips").children.length > Math.max(pips.length, 1)) $("pips").lastChild.remove();
  if (pips.length) {
    while ($("pips").children.length < pips.length) $("pips").append(make("i"));
    pips.forEach((kind, at) => { $("pips").children[at].className = kind; });
  } else {
    if (!$("pips").firstChild) $("pips").append(make("div", "bar", make("i")));
    $("pips").firstChild.firstChild.style.width = 100 * (pool.open || 0) / pool.of + "%";
  }
  pairs($("pool"), [["refused", number(pool.refused)], ["gave way", number(pool.purged)], ["waiting", pool.waiting ? "yes" : "none"]]);
}

function showHandshakes(handshakes) {
  const all = handshakes.done + handshakes.failed, share = all ? handshakes.failed / all : 0;
  put($("done"), number(handshakes.done));
  $("handbar").className = handshakes.done ? "bar good" : "bar";
  $("failedbar").style.width = 100 * share + "%";
  pairs($("hands"), [["failed", number(handshakes.failed)], ["of all", (100 * share).toFixed(share && share < .1 ? 1 : 0) + " %"]]);
}

function showMemory(memory) {
  const [value, unit] = bytes(memory.resident ?? memory.used);
  put($("memory"), value);
  const [all, ofAll] = bytes(memory.used + memory.free);
  put($("unit"), "resident" in memory ? unit + " for the process" : (unit == ofAll ? "" : unit + " ") + "of " + all + " " + ofAll);
  $("membox").hidden = "resident" in memory;
  if ("resident" in memory) return;
  $("membar").style.width = 100 * memory.used / (memory.used + memory.free) + "%";
  pairs($("heap"), [["free", bytes(memory.free).join(" ")]]);
}

function row(session) {
  const node = make("tr", first ? "" : "new");
  node.setAttribute("role", "row");
  for (const name of COLUMNS.concat(canClose ? [""] : [])) {
    const cell = node.appendChild(make("td"));
    cell.setAttribute("role", "cell");
    cell.dataset.label = name;
  }
  const [client, state, tls] = node.children;
  client.append(make("bdi", "", place(session)), make("span", "tag", "this page"), make("small", "", make("bdi")));
  state.className = "state";
  state.append(make("i", "dot"), make("span"));
  tls.append(make("span"), make("span", "tag", "resumed"), make("small"));
  if (canClose) node.lastChild.append(closer(session));
  return node;
}

function closer(session) {
  const button = make("button", "", "Close");
  button.type = "button";
  button.setAttribute("aria-label", "Close " + place(session));
  button.onclick = async () => {
    const path = "/close/" + encodeURIComponent(session.address) + "/" + session.port;
    try { await fetch(base + path, {method: "POST"}); } catch { }
    poll();
  };
  return button;
}

function showSession(node, session) {
  const [client, state, tls, age, idle, requests, amount] = node.children;
  client.children[1].hidden = !session.own;
  const names = session.names ? (session.names.join(", ") || "a certificate without a name") : "";
  client.children[2].hidden = !names;
  put(client.children[2].firstChild, names);
  state.firstChild.className = "dot " + STATES[session.state];
  put(state.lastChild, session.state);
  put(tls.firstChild, session.version || (session.state == "handshake" ? "…" : "none"));
  tls.children[1].hidden = !session.resumed;
  put(tls.lastChild, session.cipher || "");
  put(age, span(session.age));
  put(idle, session.state == "idle" ? span(session.idle) : "–");
  put(requests, number(session.requests));
  put(amount, bytes(session.received).join(" ") + " / " + bytes(session.sent).join(" "));
}

let canClose = false;
function showSessions(now) {
  canClose = now.can_close;
  document.querySelector("table").classList.toggle("fixed", !canClose);
  if (!$("columns").firstChild) {
    for (const name of COLUMNS) {
      const head = make("th", "", name);
      head.setAttribute("role", "columnheader");
      head.scope = "col";
      $("columns").append(head);
    }
    if (canClose) {
      const head = $("columns").appendChild(make("td"));
      head.setAttribute("role", "cell");
    }
  }
  const sessions = [...now.sessions].sort((one, other) => other.age - one.age || one.port - other.port);
  keep($("sessions"), sessions, place, row, showSession);
  const left = (now.pool.open || 0) - sessions.length;
  put($("more"), left > 0 ? "And " + number(left) + " more, used less recently." : "");
}

function sentences(failure) {
  const code = failure.code.replace(/_/g, " ");
  return words[failure.code + " " + failure.detail] || words[failure.code] || (failure.at == "request"
    ? ["A client sent what is no good request: " + code + ".",
      "Scanners send such things, and programs that take HTTP lightly.",
      "Nothing is to be done, unless the client is yours: docs/errors.md has this code."]
    : [code[0].toUpperCase() + code.slice(1) + ".", "", ""]);
}

function showFailures(failures) {
  $("fine").hidden = failures.length > 0;
  keep($("failures"), failures, each => [each.at, each.code, each.detail].join(" "), failure => {
    const [what, cause, next] = sentences(failure);
    const body = make("div", "", make("p", "", what), make("small"));
    if (cause) body.append(make("details", "", make("summary", "", "Why, and what to do"), make("p", "", cause), make("p", "", next)));
    return make("li", "", make("span", "count"), body);
  }, (node, failure) => {
    put(node.firstChild, number(failure.count) + "×");
    const from = failure.address ? " from " + failure.address : "";
    put(node.lastChild.children[1], (PLACES[failure.at] || "Other") + ", last " + span(failure.ago) + " ago" + from);
  });
}

function showCertificates(certificates) {
  $("certs").hidden = !certificates.length;
  keep($("certificates"), certificates, each => String(each.for), () =>
    make("li", "", make("b"), make("div", "bar", make("i")), make("p", "left"), make("p", "soft")),
  (node, each) => {
    const [names, bar, left, issuer] = node.children;
    if (each.error) {
      put(names, each.for || "The certificate");
      put(left, "cannot be read: " + each.error);
      return;
    }
    put(names, each.names.join(", ") + (each.more ? " and " + each.more + " more" : ""));
    const days = each.days_left, soon = days !== null && days < 14;
    bar.hidden = days === null;
    bar.firstChild.style.width = Math.max(0, Math.min(100, days / 0.9)) + "%";
    bar.firstChild.className = days < 0 ? "bad" : soon ? "warn" : "good";
    left.className = "left" + (days !== null && days < 0 ? " over-date" : soon ? " soon" : "");
    const until = new Date(each.not_after * 1000).toISOString().slice(0, 10);
    put(left, days === null ? "until " + until + ", if the clock were set"
      : days < 0 ? "ended on " + until : days + (days == 1 ? " day" : " days") + " left, until " + until);
    put(issuer, (each.for ? "For " + each.for + ", by " : "By ") + (each.issuer || "an authority without a name"));
  });
}

function show(now) {
  const name = now.certificates.length && now.certificates[0].names ? now.certificates[0].names[0] : location.hostname;
  put($("name"), name);
  if (document.title != name + " – status") document.title = name + " – status";
  put($("about"), ["up " + span(now.uptime), number(now.requests.total) + " requests", now.software.interpreter,
    TITLES[now.software.tls] || now.software.tls].join(" · "));
  drawLine(now.requests.seconds);
  showAnswers(now.requests);
  showPool(now.pool, now.sessions);
  showHandshakes(now.handshakes);
  showMemory(now.memory);
  showSessions(now);
  showFailures(now.failures);
  showCertificates(now.certificates);
  $("main").hidden = false;
  first = false;
}

function say(kind, text) {
  $("note").className = kind;
  put($("note").lastChild, text);
  $("main").classList.toggle("stale", kind == "lost");
}

async function poll() {
  clearTimeout(timer);
  if (paused || document.hidden || busy) return;
  busy = true;
  try {
    const answer = await fetch(base + "/now", {cache: "no-store", signal: AbortSignal.timeout(8000)});
    if (!answer.ok) throw Error(answer.status == 401 ? "Please log in again: load the page anew" : "The server answers " + answer.status);
    show(await answer.json());
    wait = EVERY;
    if (!paused) say("live", "Live");
  } catch (error) {
    wait = Math.min(SLOWEST, 2 * wait);
    say("lost", error.constructor === Error ? error.message : "No answer");
  }
  busy = false;
  if (!paused) timer = setTimeout(poll, wait);
}

$("pause").onclick = () => {
  paused = !paused;
  put($("pause"), paused ? "Go on" : "Pause");
  if (paused) { clearTimeout(timer); say("wait", "Paused"); } else poll();
};
document.addEventListener("visibilitychange", poll);
poll();
