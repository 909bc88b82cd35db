// What makes the pages lovelier; every one of them works without this.
"use strict";

const WARN_SECONDS = 60;

// A condition ticked narrows the search at once.
for (const form of document.querySelectorAll("form[data-at-once]")) {
  form.querySelector("[data-go]").hidden = true;
  form.addEventListener("change", () => form.requestSubmit());
  form.addEventListener("formdata", ({ formData }) => {
    for (const [name, value] of [...formData]) if (!value && name !== "q") formData.delete(name);
  });
}

// Conditions are open beside the results where there is room.
const room = window.matchMedia("(min-width: 60.01rem)");
const narrowing = document.querySelector(".narrowing");
if (narrowing && !room.matches) narrowing.open = false;

// A second click on a button that is already working does nothing.
for (const form of document.querySelectorAll("form[method=post]")) {
  form.addEventListener("submit", () => {
    for (const button of form.querySelectorAll("button")) button.setAttribute("aria-busy", "true");
  });
}
window.addEventListener("pageshow", () => {
  for (const button of document.querySelectorAll("[aria-busy]")) button.removeAttribute("aria-busy");
});

// The slash goes to the search, as people know it from elsewhere.
document.addEventListener("keydown", (event) => {
  const field = document.querySelector("#q");
  const typing = /^(INPUT|SELECT|TEXTAREA)$/.test(document.activeElement.tagName);
  if (event.key !== "/" || typing || event.ctrlKey || event.metaKey || event.altKey || !field) return;
  event.preventDefault();
  field.select();
});

// Nobody's account stays on a screen that others use: asked a minute before, gone after.
const idle = Number(document.body.dataset.idle || 0);
if (idle) {
  const dialog = document.querySelector("#idle");
  let warn, leave;
  const wait = () => {
    clearTimeout(warn);
    clearTimeout(leave);
    warn = setTimeout(() => dialog.showModal(), (idle - WARN_SECONDS) * 1000);
    leave = setTimeout(() => location.replace(document.body.dataset.ended), idle * 1000);
  };
  dialog.addEventListener("close", async () => {
    wait();
    const answer = await fetch(document.body.dataset.here, { redirect: "manual" }).catch(() => null);
    if (!answer || answer.status !== 204) location.replace(document.body.dataset.ended);
  });
  wait();
}
