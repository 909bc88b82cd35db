// The catalogue over a screen: letters from the glass or from keys, titles as one types. What is typed stays here
// while screens stream past, and is forgotten when the catalogue closes.
"use strict";

const QUIET_MS = 160, STAY_MS = 8_000;
const asked = { q: "", here: false, kids: false, tongue: "", page: 0 };
let room = null, quiet, asking, saidAt = 0, list = "", listTop = 0;

const words = () => document.getElementById("find-words");
const found = () => document.getElementById("found");
const leaving = () => Boolean(document.getElementById("leaving"));

// After every screen drawn: a catalogue that has just come is set up; one that went is forgotten.
function showFinding() {
  const now = document.querySelector("[data-own=find]");
  if (now === room) return;
  const again = room && now; // another language
  room = now;
  if (!room) { if (!leaving()) forget(); return; }
  if (!again && !asked.q) asked.kids = document.getElementById("screen").dataset.theme === "children";
  for (const choice of room.querySelectorAll("[data-choose]")) choice.setAttribute("aria-pressed", asked[choice.dataset.choose]);
  words().value = asked.q;
  words().focus({ preventScroll: true });
  look();
}

function forget() {
  Object.assign(asked, { q: "", here: false, kids: false, tongue: "", page: 0 });
  list = "";
}

function address() {
  const said = new URLSearchParams({ q: asked.q, lang: room.dataset.lang, page: asked.page, tongue: asked.tongue });
  for (const choice of ["here", "kids"]) if (asked[choice]) said.set(choice, "1");
  return `/find?${said}`;
}

async function look() {
  asking?.abort();
  asking = new AbortController();
  const more = asked.page > 0;
  try {
    const answer = await fetch(address(), { signal: asking.signal });
    if (!answer.ok || !room) return;
    const html = await answer.text();
    if (more) {
      const next = found().querySelector(".finding__more");
      next.insertAdjacentHTML("beforebegin", html);
      next.remove();
      found().querySelectorAll(".hits")[asked.page]?.querySelector("button")?.focus({ preventScroll: true });
    } else {
      found().innerHTML = html;
      found().scrollTop = 0;
      document.getElementById("found-heard").textContent = found().querySelector("[data-count]")?.dataset.count ?? "";
    }
    list = "";
  } catch (error) {
    if (error.name !== "AbortError") setTimeout(() => room && look(), 1500);
  }
}

function typed() {
  asked.q = words().value;
  asked.page = 0;
  stay();
  clearTimeout(quiet);
  quiet = setTimeout(look, QUIET_MS);
}

// Whoever types is here: the station is told now and then.
function stay() {
  if (performance.now() - saidAt < STAY_MS) return;
  saidAt = performance.now();
  const here = document.createElement("button");
  here.dataset.touch = "find";
  touch(here);
}

async function open(title) {
  const visiting = document.getElementById("screen").dataset.kind === "session" ? "1" : "0";
  const said = new URLSearchParams({ lang: room.dataset.lang, visiting });
  const answer = await fetch(`/find/${encodeURIComponent(title)}?${said}`).catch(() => null);
  if (!answer?.ok || !room) return;
  if (!list) [list, listTop] = [found().innerHTML, found().scrollTop];
  found().innerHTML = await answer.text();
  found().scrollTop = 0;
  found().focus({ preventScroll: true });
}

function back() {
  found().innerHTML = list;
  found().scrollTop = listTop;
  list = "";
  words().focus({ preventScroll: true });
}

function edit(what) {
  const field = words();
  if (what === "layout") {
    const layouts = [...room.querySelectorAll("[data-layout]")];
    const now = layouts.findIndex((one) => !one.hidden);
    layouts.forEach((one, n) => { one.hidden = n !== (now + 1) % layouts.length; });
    return;
  }
  const { selectionStart: at, selectionEnd: end } = field;
  if (what === "clear") put("", 0, field.value.length);
  else put("", at === end ? Math.max(0, at - 1) : at, end);
}

// What a letter on the glass does to the field; the caret stands behind it.
function put(letter, from = words().selectionStart, end = words().selectionEnd) {
  const field = words();
  field.focus({ preventScroll: true });
  field.value = field.value.slice(0, from) + letter + field.value.slice(end);
  field.setSelectionRange(from + letter.length, from + letter.length);
  typed();
}

function choose(button) {
  const on = button.getAttribute("aria-pressed") !== "true";
  button.setAttribute("aria-pressed", on);
  asked[button.dataset.choose] = on;
}

document.addEventListener("click", (event) => {
  const button = room && event.target.closest("[data-own=find] button");
  if (!button) return;
  stay();
  const { letter, edit: what, choose: choice, tongue, words: meant, page, title, results } = button.dataset;
  if (letter) put(letter);
  else if (what) edit(what);
  else if (title) open(title);
  else if (results) back();
  else if (page) { asked.page = Number(page); look(); }
  else if (choice || tongue || meant) {
    asked.page = 0;
    if (choice) choose(button);
    if (tongue) asked.tongue = asked.tongue === tongue ? "" : tongue;
    if (meant) words().value = asked.q = meant;
    look();
  }
});
document.addEventListener("input", (event) => { if (event.target.id === "find-words") typed(); });
document.addEventListener("pointerdown", (event) => {
  if (event.target.closest?.(".letters")) event.preventDefault(); // the caret stays where it is
});
document.addEventListener("keydown", (event) => {
  if (!room || event.ctrlKey || event.altKey || event.metaKey) return;
  if (event.key === "Escape" && document.activeElement === words()) document.getElementById("touch-find-close").click();
});
