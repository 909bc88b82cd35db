// The bench: shows what lies on the table and at the stations, and moves it when a hand does. All that is shown comes
// from the stream. A click moves things to the station chosen (`here`); what is dragged goes where it is dropped.
import { makeDraggable } from "./drag.js";
import { clearWire, showWire, setPaused } from "./wire.js";

const words = JSON.parse(document.body.dataset.words);
const say = (key, values = {}) => words[`bench.${key}`].replace(/\{(\w+)\}/g, (_, name) => values[name]);
const token = document.querySelector("meta[name=touch-token]").content;
const $ = (id) => document.getElementById(id);
const lang = document.documentElement.lang;
const TAP_MS = 1200, GROWN_UP = 16; // ms a card is held; the age from which a book is for grown-ups
const today = new Date().toDateString();

let table = { cards: [], books: [], devices: [], receipts: [], ledgers: [] };
let filter = "all", wanted = "", heardAt = performance.now();
const stations = [...document.querySelectorAll("[data-station]")];
const theirs = $("centre").dataset.system; // the library system that decides, if it is not the network's own
let here = stations[0].dataset.station, scanning = false;

const act = (name, ...ids) => actAt(here, name, ...ids);

async function actAt(at, name, ...ids) {
  if (at !== here) choose(at);
  try {
    const answer = await fetch(`/bench/api/${name}`, {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-Littera-Token": token },
      body: JSON.stringify({ ids, at }),
    });
    if (answer.status === 403) location.reload();
    complain(answer.ok ? "" : say("refused", { why: await answer.text() }));
  } catch {
    complain(say("silent"));
  }
}

function complain(text) {
  $("trouble").textContent = text;
  $("trouble").hidden = !text;
}

function element(tag, { text, kind, icon, on, ...attributes } = {}, ...children) {
  const made = document.createElement(tag);
  if (kind) made.className = kind;
  for (const [name, value] of Object.entries(attributes)) if (value !== undefined) made.setAttribute(name, value);
  if (icon) made.append(drawing(icon));
  if (text) made.append(text);
  if (on) made.addEventListener("click", on);
  made.append(...children);
  return made;
}

function drawing(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(svg.namespaceURI, "use");
  use.setAttribute("href", `#icon-${name}`);
  svg.append(use);
  return svg;
}

const spineOf = (id) => [...id].reduce((sum, letter) => (sum * 31 + letter.codePointAt(0)) % 997, 7) % 8;
const gateIcon = { armed: "shield-check", cleared: "shield-off", unknown: "shield-question-mark" };

// Rows are replaced only when what they show has changed: a thing being dragged or focused stays the same element.
function fill(box, things, build, empty = "") {
  const old = new Map([...box.children].map((child) => [child.dataset.key, child]));
  const next = things.map((thing) => {
    const shown = JSON.stringify(thing), key = String(thing.id ?? thing.number);
    const kept = old.get(key);
    if (kept?.dataset.shown === shown) return kept;
    const made = build(thing);
    made.dataset.key = key;
    made.dataset.shown = shown;
    return made;
  });
  if (!next.length && empty) next.push(element(box.tagName === "UL" ? "li" : "p", { text: empty, kind: "none" }));
  if (next.length !== box.children.length || next.some((child, at) => child !== box.children[at])) box.replaceChildren(...next);
}

function card(one) {
  const made = element("button", { type: "button", kind: `card${one.odd ? " card--odd" : ""}`, "data-card": one.id, "aria-pressed": String(Boolean(one.slot)) },
    ...(one.name ? [element("strong", { text: one.name })] : []), element("span", { text: one.says[lang] }));
  makeDraggable(made, {
    click: () => (scanning ? act("scan", one.id) : one.slot ? act("remove-card", one.id) : tap(one.id)),
    drop: (zone, at) => (zone === "card" ? moveCard(one, at) : one.slot && act("remove-card", one.id)),
  });
  return made;
}

async function moveCard(one, at) {
  if (one.at === at) return;
  if (one.slot) await act("remove-card", one.id);
  actAt(at, "insert-card", one.id);
}

async function tap(id) {
  await act("insert-card", id);
  setTimeout(() => act("remove-card", id), TAP_MS);
}

const nameOf = (book) => (book.odd ? say(`odd.${book.odd}`) : book.part ? `${book.title} (${book.part})` : book.title);
const markOf = (book) => (book.part ? book.part : book.age_from >= GROWN_UP ? `${book.age_from}+` : "");
const aboutOf = (book) => [nameOf(book), book.author, book.age_from >= GROWN_UP && say("from-age", { age: book.age_from }), book.on_loan && say("on-loan")].filter(Boolean).join("\n");

function standing(book) {
  const made = element("button", { type: "button", kind: `spine spine--${spineOf(book.id)}${book.odd ? " spine--odd" : ""}`, "data-book": book.id, title: aboutOf(book) },
    element("span", { text: book.odd ? nameOf(book) : book.title, kind: "spine__title" }));
  if (markOf(book)) made.prepend(element("span", { kind: "spine__mark", text: markOf(book) }));
  if (book.on_loan) made.append(element("span", { kind: "spine__loan", text: say("on-loan") }));
  makeDraggable(made, { click: () => act(scanning ? "scan" : "lay", book.id), drop: (zone, at) => zone === "pad" && actAt(at, "lay", book.id) });
  return element("li", {}, made);
}

function lying(book) {
  const made = element("li", { kind: "lying" });
  const spine = element("button", { type: "button", kind: `spine spine--flat spine--${spineOf(book.id)}`, title: aboutOf(book), "data-book": book.id }, element("span", { text: nameOf(book), kind: "spine__title" }));
  makeDraggable(spine, { click: () => act(scanning ? "scan" : "lift", book.id), drop: (zone, at) => (zone !== "pad" ? act("lift", book.id) : at !== book.at && actAt(at, "lay", book.id)) });
  const gate = element("span", { kind: `gate gate--${book.gate}`, title: say(`gate-${book.gate}`), icon: gateIcon[book.gate], text: say(`gate-${book.gate}`) });
  const tricks = element("span", { kind: "tricks" },
    element("button", { type: "button", kind: "quiet", icon: book.locked ? "lock" : "lock-open", title: say(book.locked ? "unlock" : "lock"), "aria-label": say(book.locked ? "unlock" : "lock"), "aria-pressed": String(book.locked), on: () => act(book.locked ? "unlock" : "lock", book.id) }),
    element("button", { type: "button", kind: "quiet", icon: "hand", title: say(book.snatching ? "snatching" : "snatch"), "aria-label": say("snatch"), "aria-pressed": String(book.snatching), on: () => act("snatch", book.id) }));
  made.append(spine, gate, tricks);
  return made;
}

function plug(device) {
  const on = device.plugged, name = say(`device.${device.id}`), state = say(on ? "plugged" : "unplugged");
  return element("button", { type: "button", kind: `plug plug--${device.id}${on ? "" : " plug--out"}`, icon: on ? "plug" : "unplug", title: `${name}: ${state}`, "aria-pressed": String(on), "data-plug": device.id, on: () => actAt(device.at, on ? "unplug" : "plug", device.id) },
    element("strong", { text: name }), element("span", { text: state }));
}

const strip = (receipt) => element("article", { kind: "strip" },
  ...receipt.lines.map((line) => element("p", { text: line.text || "\u00a0", kind: `strip__line strip__line--${line.style}${line.centred ? " strip__line--centred" : ""}` })));

const clock = (at) => new Intl.DateTimeFormat(lang, new Date(at).toDateString() === today ? { timeStyle: "medium" } : { day: "numeric", month: "short" }).format(new Date(at));
const day = (due) => new Intl.DateTimeFormat(lang, { day: "numeric", month: "long" }).format(new Date(`${due}T12:00`));
const factOf = (fact) => element("li", {}, element("time", { text: clock(fact.at), datetime: fact.at }), element("b", { text: say(`fact.${fact.kind}`) }),
  element("span", { text: fact.due ? say("fact-due", { about: fact.about, due: day(fact.due) }) : fact.about }));

const facts = (title, list, count = list.length) => element("section", { kind: "facts" }, element("h3", { text: `${say(title)}: ${count || say("none")}` }),
  element("ul", {}, ...list.map(factOf)));

const filters = {
  all: () => true,
  children: (book) => book.for_children && !book.on_loan,
  adult: (book) => book.age_from >= GROWN_UP && !book.on_loan,
  loan: (book) => book.on_loan,
  odd: (book) => Boolean(book.odd || book.part),
};
const shown = (book) => !book.on_pad && `${nameOf(book)} ${book.author}`.toLowerCase().includes(wanted) && filters[filter](book);

function show() {
  fill($("cards"), table.cards.filter((one) => !one.slot), card);
  fill($("shelf"), table.books.filter(shown), standing, say("none"));
  fill($("receipts"), table.receipts.filter((one) => one.at === here), strip, say("receipts-empty"));
  stations.forEach(showStation);
  for (const ledger of table.ledgers) {
    if (ledger.id === "centre") $("centre").replaceChildren(...(theirs ? [facts("done", ledger.journal)] : [facts("debts", ledger.debts)]), facts("loans", ledger.loans, ledger.on_loan));
    if (ledger.id === here) $("ledger").replaceChildren(facts("debts", ledger.debts), facts("loans", ledger.loans, ledger.on_loan), facts("journal", ledger.journal));
  }
}

function showStation(station) {
  const id = station.dataset.station, part = (name) => station.querySelector(name), there = (one) => one.at === id;
  fill(part(".slot"), table.cards.filter(there), card, `${say("card-reader")}: ${say("card-reader-empty")}`);
  fill(part(".pad"), table.books.filter(there), lying, say("pad-empty"));
  fill(part(".plugs"), table.devices.filter(there), plug);
  part(".lift-all").disabled = !table.books.some(there);
  station.classList.toggle("station--here", id === here);
  const ledger = table.ledgers.find((one) => one.id === id);
  if (!ledger) return;
  const line = ledger.queue ? say(theirs ? "queue-system" : "queue", { n: ledger.queue }) : say(ledger.hears ? "in-touch" : "cut-off");
  part("[data-line]").textContent = line;
  part("[data-line]").className = `line${ledger.hears ? "" : " line--cut"}${ledger.queue ? " line--waits" : ""}`;
}

function choose(id) {
  if (id !== here) clearWire($("wire"));
  here = id;
  press(document.querySelectorAll("[data-here]"), document.querySelector(`[data-here="${id}"]`));
  show();
}

function fit() {
  const rim = 8; // px around the screen, for its frame
  for (const stand of document.querySelectorAll(".stand")) {
    const frame = stand.firstElementChild;
    const scale = Math.min((stand.clientWidth - 2 * rim) / frame.width, (stand.clientHeight - 2 * rim) / frame.height);
    frame.style.transform = `translate(${(stand.clientWidth - frame.width * scale) / 2}px, ${rim}px) scale(${scale})`;
  }
}

function press(buttons, pressed) {
  for (const one of buttons) one.setAttribute("aria-pressed", String(one === pressed));
}

for (const station of stations) {
  station.addEventListener("pointerdown", () => choose(station.dataset.station));
  station.querySelector("[data-here]").addEventListener("click", () => choose(station.dataset.station));
  station.querySelector(".lift-all").addEventListener("click", () => actAt(station.dataset.station, "lift-all"));
}
for (const button of document.querySelectorAll("[data-tab]")) button.addEventListener("click", () => {
  for (const tab of ["ledger", "receipts", "wire"]) $(tab).hidden = tab !== button.dataset.tab;
  $("pause").hidden = button.dataset.tab !== "wire";
  press(document.querySelectorAll("[data-tab]"), button);
});
for (const button of document.querySelectorAll("[data-filter]")) button.addEventListener("click", () => {
  filter = button.dataset.filter;
  press(document.querySelectorAll("[data-filter]"), button);
  show();
});
$("find").addEventListener("input", (event) => { wanted = event.target.value.trim().toLowerCase(); show(); });
$("scan-mode").addEventListener("click", (event) => {
  scanning = !scanning;
  event.currentTarget.setAttribute("aria-pressed", String(scanning));
});
$("lay-shown").addEventListener("click", () => act("lay", ...table.books.filter(shown).map((book) => book.id)));
$("pause").addEventListener("click", (event) => {
  const paused = event.currentTarget.getAttribute("aria-pressed") !== "true";
  event.currentTarget.setAttribute("aria-pressed", String(paused));
  event.currentTarget.textContent = say(paused ? "wire-go" : "wire-pause");
  setPaused(paused);
});
for (const stand of document.querySelectorAll(".stand")) new ResizeObserver(fit).observe(stand);

function hear(news) {
  const changed = new Map((news.books ?? []).map((book) => [book.id, book]));
  table = { ...table, ...news, books: table.books.map((book) => changed.get(book.id) ?? book) };
}

const stream = new EventSource("/bench/events");
const alive = () => { heardAt = performance.now(); };
stream.addEventListener("table", (message) => { alive(); complain(""); table = JSON.parse(message.data); show(); });
stream.addEventListener("news", (message) => { alive(); hear(JSON.parse(message.data)); show(); });
stream.addEventListener("wire", (message) => { alive(); showWire($("wire"), JSON.parse(message.data).filter((line) => !line.at || line.at === here)); });
stream.addEventListener("beat", alive);
setInterval(() => { if (performance.now() - heardAt > 7000) complain(say("silent")); }, 1000);
fit();
