// The news of the house on the welcome screen: fetched now and then, turned calmly, and stood still on wish.
"use strict";

const NEWS_MS = 60_000, AGAIN_MS = 5_000, TURN_MS = 9_000;
const calm = matchMedia("(prefers-reduced-motion: reduce)");
let turnedAt = 0, paused = false;

const house = () => document.querySelector("[data-own=house]");
const slides = () => [...document.querySelectorAll(".house .slide")];

// After every screen drawn: a house that has just come is empty.
function showHouse() {
  const room = house();
  const since = performance.now() - (room?.asked ?? -Infinity);
  if (room && since > (room.childElementCount ? NEWS_MS : AGAIN_MS)) fetchNews(room);
}

async function fetchNews(room) {
  room.asked = performance.now();
  try {
    const answer = await fetch(`/house?lang=${encodeURIComponent(room.dataset.lang)}`);
    if (!answer.ok || !room.isConnected) return;
    const html = await answer.text();
    if (room.news === html) return;
    const shown = slides().findIndex((slide) => !slide.hidden);
    room.innerHTML = room.news = html;
    present(Math.max(0, shown));
  } catch { /* the next time will do */ }
}

function present(number) {
  const all = slides();
  if (!all.length) return;
  turnedAt = performance.now();
  all.forEach((slide, n) => { slide.hidden = n !== number % all.length; });
  const turning = house().querySelector(".turning"), pause = turning.querySelector("[data-turn=pause]");
  turning.hidden = all.length < 2;
  pause.hidden = calm.matches;
  pause.textContent = paused ? pause.dataset.go : pause.dataset.pause;
}

function turn() {
  present(slides().findIndex((slide) => !slide.hidden) + 1);
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-turn]");
  if (!button) return;
  if (button.dataset.turn === "next") return turn();
  paused = !paused;
  present(Math.max(0, slides().findIndex((slide) => !slide.hidden)));
});
setInterval(() => {
  showHouse();
  if (!paused && !calm.matches && house() && performance.now() - turnedAt > TURN_MS) turn();
}, 500);
