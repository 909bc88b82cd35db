// While a version is being put to work the station goes away for a while: asks quietly, and shows the page anew when it is through.
const watched = document.querySelector("[data-under-way]");
async function ask() {
  try {
    const answer = await fetch(location.href, { headers: { Accept: "text/html" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (answer.ok && !page.querySelector("[data-under-way]")) return location.reload();
  } catch { /* it is starting anew */ }
  setTimeout(ask, 3000);
}
if (watched) setTimeout(ask, 3000);
