// The station starts anew: knock until it answers, then go on.
"use strict";

const onward = document.querySelector("[data-onward]").dataset.onward;
const knock = async () => {
  try {
    if ((await fetch("/console/sign-in", { cache: "no-store" })).ok) return location.assign(onward);
  } catch { /* not yet */ }
  setTimeout(knock, 1000);
};
setTimeout(knock, 3000);
