// Keeps the stations fresh while somebody looks, and asks once more before what cannot be taken back.
"use strict";
const stations = document.getElementById("stations");
if (stations) {
  setInterval(async () => {
    if (document.hidden) return;
    try {
      const answer = await fetch(stations.dataset.now, { headers: { Accept: "text/html" } });
      if (answer.ok && !answer.redirected) stations.innerHTML = await answer.text();
    } catch { /* the network is away for a moment: the next look will tell */ }
  }, 5000);
}
document.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-sure]");
  if (button && !window.confirm(button.dataset.sure)) event.preventDefault();
});
