// The assistant: the clock of this very device goes along when clocks are compared; a report is printed.
"use strict";

document.querySelector("[data-clock]")?.addEventListener("submit", (event) => {
  event.target.elements.theirs.value = Date.now();
});
document.querySelector("[data-print]")?.addEventListener("click", () => print());
