// The browser side of the console: keys for a password where there is no keyboard. Pages with more have files of their own.
"use strict";

document.addEventListener("click", (event) => {
  const key = event.target.closest("[data-key]");
  if (!key) return;
  const field = document.getElementById(key.closest("[data-keys]").dataset.keys);
  field.value = key.dataset.key === "erase" ? field.value.slice(0, -1) : field.value + key.dataset.key;
});
