"""Debian's Chromium for tests, and pages whose console must stay silent."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, Page, sync_playwright

CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--hide-scrollbars",
    "--force-color-profile=srgb",
    "--font-render-hinting=none",
    "--disable-lcd-text",
]


@contextmanager
def chromium_running() -> Iterator[Browser]:
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield browser
        browser.close()


@contextmanager
def silent_page(chromium: Browser, width: int, height: int, **options: Any) -> Iterator[Page]:
    """Open a page of its own. Whatever its console complains of fails the test; a server that has gone is no fault."""
    context = chromium.new_context(
        viewport={"width": width, "height": height}, locale="uk-UA", timezone_id="Europe/Kyiv", **options
    )
    complaints: list[str] = []
    context.on("weberror", lambda error: complaints.append(str(error.error)))
    context.on("console", lambda said: complaints.append(said.text) if said.type == "error" else None)
    yield context.new_page()
    context.close()
    assert [one for one in complaints if "net::ERR_" not in one] == []
