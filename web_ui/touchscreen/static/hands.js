// What a screen needs of the browser beyond being shown: keys and keypads, a dialog that keeps the focus, lists that
// can be scrolled by key, and the colours of the screen for what lies around it. It sends nothing.
"use strict";

const theScreen = () => document.getElementById("screen");
const dialog = () => document.querySelector("#screen > [aria-modal=true]");
const ARROWS = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };
let calledFrom = "";

// After every screen drawn.
function dressed() {
  for (const name of ["theme", "scheme"]) document.documentElement.dataset[name] = theScreen().dataset[name];
  for (const place of document.querySelectorAll(".show, .list, .dialog, #trouble")) {
    if (place.scrollHeight > place.clientHeight + 1) place.tabIndex = 0;
    else place.removeAttribute("tabindex");
  }
}

// A dialog that has come takes the focus; when it goes, the focus is where it was.
function focusDialog(before) {
  const now = dialog();
  if (now && !before) {
    calledFrom = document.activeElement?.id ?? "";
    (now.querySelector(".button--main") ?? now.querySelector("button")).focus();
  } else if (!now && before) {
    (document.getElementById(calledFrom) ?? theScreen()).focus({ preventScroll: true });
  }
  return Boolean(now) !== Boolean(before);
}

function reachable() {
  const all = (dialog() ?? theScreen()).querySelectorAll("button:not(:disabled), a[href], input, [tabindex='0']");
  return [...all].filter((el) => el.getClientRects().length);
}

// The nearest thing that way: what stands straight ahead comes before what stands aside.
function towards(from, [x, y]) {
  const at = middle(from);
  let best, least = Infinity;
  for (const el of reachable()) {
    if (el === from || el.matches(".list, .show, .dialog, #trouble")) continue;
    const to = middle(el), ahead = (to.x - at.x) * x + (to.y - at.y) * y;
    const aside = Math.abs((to.x - at.x) * y) + Math.abs((to.y - at.y) * x);
    if (ahead > 4 && ahead + 2 * aside < least) [best, least] = [el, ahead + 2 * aside];
  }
  return best;
}

function middle(el) {
  const box = el === theScreen() ? { left: innerWidth / 2, right: innerWidth / 2, top: 0, bottom: 0 } : el.getBoundingClientRect();
  return { x: (box.left + box.right) / 2, y: (box.top + box.bottom) / 2 };
}

// Tab and Shift+Tab go round within a dialog; elsewhere the browser knows the way.
function keepWithin(event) {
  const within = reachable(), here = within.indexOf(document.activeElement);
  const next = event.shiftKey ? (here <= 0 ? within.length - 1 : here - 1) : (here + 1) % within.length;
  within[next]?.focus();
  event.preventDefault();
}

function key(event) {
  if (event.ctrlKey || event.altKey || event.metaKey || event.repeat) return;
  const active = document.activeElement, typing = active?.matches("input, textarea");
  if (event.key === "Tab" && dialog()) return keepWithin(event);
  const arrow = ARROWS[event.key];
  if (arrow && !typing) {
    const next = towards(active === document.body ? theScreen() : active, arrow);
    if (next) { next.focus(); event.preventDefault(); }
    return;
  }
  const within = dialog() ?? theScreen();
  if (event.key === "Enter" && (active === document.body || active === theScreen())) {
    within.querySelector(".button--main:not(:disabled)")?.click();
  } else if (!typing) {
    const wanted = event.key === "Delete" ? "Backspace" : event.key;
    within.querySelector(`[data-key="${CSS.escape(wanted)}"]:not(:disabled)`)?.click();
  }
}

document.addEventListener("keydown", key);
addEventListener("resize", () => dressed());
document.fonts.ready.then(() => dressed());
dressed();
