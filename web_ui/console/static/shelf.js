// A shelf being tagged: a copy scanned with the station's own scanner is written at once, as if its number had been typed.
"use strict";

const KNOCK_MS = 300;
const form = document.querySelector("[data-scanned]");
const last = Number(sessionStorage.getItem("shelf-scanned") ?? form?.dataset.scanned);

async function listen() {
  try {
    const answer = await fetch(form.dataset.source);
    const scan = answer.ok ? await answer.json() : { number: last };
    if (scan.number !== last) {
      sessionStorage.setItem("shelf-scanned", scan.number);
      if (scan.item) {
        document.getElementById("item").value = scan.item; // `form.elements.item` is a function of every form
        return form.requestSubmit();
      }
    }
  } catch { /* it restarts: the next round will find it */ }
  setTimeout(listen, KNOCK_MS);
}
if (form) {
  sessionStorage.setItem("shelf-scanned", last);
  listen();
}
