"""An eye at the station's page in a real Chromium: says when a screen was painted. For measuring; needs Playwright."""

import time
from typing import Self

from playwright.sync_api import sync_playwright

FLAGS = ("--no-sandbox", "--disable-dev-shm-usage", "--hide-scrollbars")
WATCH = """
window.painted = [];
addEventListener("DOMContentLoaded", () => {
  const note = () => requestAnimationFrame(() => window.painted.push(
    [Number(document.body.dataset.version || 0), performance.timeOrigin + performance.now()]));
  new MutationObserver(note).observe(document.body, { attributes: true, attributeFilter: ["data-version"] });
});
"""
ARRIVED = "version => window.painted.some(([number]) => number >= version)"
WHEN = "version => window.painted.find(([number]) => number >= version)[1]"


class BrowserEye:
    """A headless browser on the station's page. Use as a context manager."""

    def __init__(self, url: str, chromium: str) -> None:
        self._url = url
        self._chromium = chromium

    def __enter__(self) -> Self:
        self._playwright = sync_playwright().start()
        self._browser = self._playwright.chromium.launch(executable_path=self._chromium, args=list(FLAGS))
        self._page = self._browser.new_page(viewport={"width": 1080, "height": 1920})
        self._page.add_init_script(WATCH)
        self._page.goto(self._url)
        self._page.wait_for_function("document.body.dataset.version !== undefined")
        return self

    def __exit__(self, *_: object) -> None:
        self._browser.close()
        self._playwright.stop()

    def seen_at(self, version: int) -> float:
        """Say when a screen of at least *version* was painted, on the clock of time.perf_counter."""
        self._page.wait_for_function(ARRIVED, arg=version)
        epoch_ms: float = self._page.evaluate(WHEN, version)
        return epoch_ms / 1000 - (time.time() - time.perf_counter())
