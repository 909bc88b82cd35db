// The browser side of the station: shows the screen the server draws, sends back what fingers mean.
// It decides nothing. Every message is the whole truth, so there is nothing to repair after a lost one.
"use strict";

const SILENCE_MS = 7000; // the stream beats every 2 s
const GHOST_MS = 350; // a finger still on its way to the last screen must not touch this one
const token = document.querySelector("meta[name=touch-token]").content;
const veil = document.getElementById("veil");
const ends = new WeakMap();
let stream, heardAt, changedAt = 0;
let sending = Promise.resolve(); // touches go one after the other: digits of a PIN must not overtake each other

const screen_ = () => document.getElementById("screen");

function paint(html) {
  const before = screen_().dataset.kind, asked = dialog();
  Idiomorph.morph(screen_(), html, { morphStyle: "outerHTML", callbacks: { beforeNodeMorphed: (old) => !old.dataset?.own } });
  document.documentElement.lang = screen_().lang;
  startCountdowns();
  dressed();
  showHouse();
  showFinding();
  heard();
  if (screen_().dataset.kind !== before) {
    changedAt = performance.now();
    screen_().focus({ preventScroll: true });
  }
  if (focusDialog(asked)) changedAt = performance.now();
}

function startCountdowns() {
  for (const el of document.querySelectorAll("[data-left]")) ends.set(el, performance.now() + 1000 * el.dataset.left);
}

function countDown() {
  for (const el of document.querySelectorAll("[data-left]")) {
    const left = String(Math.max(0, Math.ceil((ends.get(el) - performance.now()) / 1000)));
    if (el.textContent !== left) el.textContent = left;
  }
}

function touch(button) {
  const { touch, value = "" } = button.dataset;
  const sent = { touch, value, visit: Number(screen_().dataset.visit) };
  button.classList.add("touched");
  setTimeout(() => button.classList.remove("touched"), 250);
  sending = sending.then(() => send(sent));
}

async function send(sent) {
  try {
    const answer = await fetch("/touch", {
      method: "POST",
      headers: { "Content-Type": "application/json", "X-Littera-Token": token },
      body: JSON.stringify(sent),
    });
    if (answer.status === 403) location.reload(); // a page of an earlier start
  } catch {
    showVeil(true);
  }
}

function showVeil(on) {
  if (veil.hidden === on) veil.hidden = !on;
}

function listen() {
  stream?.close();
  stream = new EventSource("/events");
  heardAt = performance.now();
  const alive = () => { heardAt = performance.now(); showVeil(false); };
  stream.onmessage = (message) => { alive(); paint(message.data); document.body.dataset.version = message.lastEventId; };
  stream.addEventListener("beat", alive);
  stream.addEventListener("boot", (message) => {
    if (message.data !== document.documentElement.dataset.boot) location.reload();
  });
  stream.onerror = () => { showVeil(true); if (stream.readyState === EventSource.CLOSED) setTimeout(listen, 1000); };
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-touch]");
  if (!button || button.disabled) return;
  if (event.detail > 0 && performance.now() - changedAt < GHOST_MS) return;
  touch(button);
});
// The technician's way in: hold the mark for five seconds. The console asks who is there.
const HOLD_MS = 5000;
let holding;
const letGo = () => clearTimeout(holding);
document.addEventListener("pointerdown", (event) => {
  letGo();
  if (event.target.closest(".brand")) holding = setTimeout(() => location.assign("/console/"), HOLD_MS);
});
for (const over of ["pointerup", "pointercancel"]) document.addEventListener(over, letGo);
document.addEventListener("contextmenu", (event) => event.preventDefault());
// The watchman of the screen hears that a page is drawn, and starts the browser anew when none is.
const HERE_MS = 5000; // web_ui/shown.py waits for four of these
const sayHere = () => requestAnimationFrame(() => { if (veil.hidden) fetch("/here").catch(() => {}); });
setInterval(sayHere, HERE_MS);
sayHere();
setInterval(countDown, 200);
setInterval(() => { if (performance.now() - heardAt > SILENCE_MS) { showVeil(true); listen(); } }, 1000);
startCountdowns();
showHouse();
showFinding();
listen();
