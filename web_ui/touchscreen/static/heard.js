// What is heard: a sound for what is new on this screen, and its phrase where a person asked to be spoken to.
// Which screen has which is decided by the station. Where the browser may not play, nothing happens.
"use strict";

const players = {};
let sounded = heardNow(), phrase = "", speaking;

function heardNow() {
  const { visit, sounds = "" } = document.getElementById("screen").dataset;
  return { visit, what: sounds.split(" ").filter(Boolean) };
}

function heard() {
  const { dataset, lang } = document.getElementById("screen");
  const now = heardNow(), known = now.visit === sounded.visit ? sounded.what : [];
  const fresh = now.what.find((one) => !known.includes(one)); // they stand in the order of their weight
  sounded = now;
  if (fresh && dataset.loud === "true") play(`/static/sounds/${fresh.split(":")[0]}.wav`, dataset.volume);
  const wanted = dataset.spoken === "true" && dataset.phrase ? `${lang}/${dataset.phrase}` : "";
  if (wanted === phrase) return;
  phrase = wanted;
  hush();
  if (wanted) say(wanted, lang, dataset.volume);
}

function play(address, volume) {
  const player = (players[address] ??= new Audio(address));
  player.volume = volume / 100;
  player.currentTime = 0;
  return player.play().catch(() => {});
}

function hush() {
  speaking?.pause();
  globalThis.speechSynthesis?.cancel();
}

// The browser's own voice speaks what has no file: it reads the caption.
function say(name, lang, volume) {
  speaking = new Audio(`/static/spoken/${name}.ogg`);
  speaking.volume = volume / 100;
  speaking.onerror = () => {
    const words = document.getElementById("caption")?.textContent.trim();
    if (!words || !globalThis.speechSynthesis || phrase !== name) return;
    const said = new SpeechSynthesisUtterance(words);
    said.lang = lang;
    said.volume = volume / 100;
    speechSynthesis.speak(said);
  };
  speaking.play().catch(() => {});
}
