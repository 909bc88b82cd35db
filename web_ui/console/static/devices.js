// The page of devices: asks for their condition now and then, and shows the bytes on the wires while somebody wants it.
"use strict";

const MOST_LINES = 300;
const devices = document.getElementById("devices"), wire = document.getElementById("wire");
const button = document.getElementById("wire-switch");
let stream;

setInterval(async () => {
  if (document.hidden || devices.querySelector("details[open]")) return;
  try {
    const answer = await fetch(devices.dataset.source);
    if (answer.ok) devices.innerHTML = await answer.text(); // drawn and escaped by the station
  } catch { /* it restarts: the next round will find it */ }
}, 2000);

button.addEventListener("click", () => {
  const on = !stream;
  if (on) {
    stream = new EventSource(button.dataset.source);
    stream.onmessage = (message) => JSON.parse(message.data).forEach(show);
  } else {
    stream.close();
    stream = undefined;
  }
  button.setAttribute("aria-pressed", on);
  button.textContent = on ? button.dataset.off : button.dataset.on;
});

function show([device, outgoing, text]) {
  const line = document.createElement("p");
  line.className = outgoing ? "wire__out" : "wire__in";
  line.textContent = `${device} ${outgoing ? "→" : "←"} ${text}`;
  wire.append(line);
  while (wire.childElementCount > MOST_LINES) wire.firstElementChild.remove();
  wire.scrollTop = wire.scrollHeight;
}
