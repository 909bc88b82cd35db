"""Draw every screen in a real browser, in both orientations and languages.

    python -m tests.web_ui.gallery FOLDER [NAME...]

Pictures are for looking at, not for comparing. Needs Chromium at /usr/bin/chromium.
"""

import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from tests.web_ui.sample_views import screens
from tests.web_ui.serving import Desk, served

CHROMIUM = "/usr/bin/chromium"
FLAGS = [
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--hide-scrollbars",
    "--force-color-profile=srgb",
    "--font-render-hinting=none",
    "--disable-lcd-text",
]
SHAPES = {"portrait": (1080, 1920), "landscape": (1920, 1080)}


def pictures(browser: Browser, names: list[str]) -> Iterator[tuple[str, bytes]]:
    """Name and PNG of every screen wanted, by shape and language."""
    desk = Desk()
    with served(desk.app()) as address:
        for shape, (width, height) in SHAPES.items():
            page = browser.new_page(viewport={"width": width, "height": height}, reduced_motion="reduce")
            page.goto(address)
            for lang in ("uk", "en"):
                for name, view in screens():
                    title = f"{name}.{shape}.{lang}"
                    if names and not any(title.startswith(wanted) for wanted in names):
                        continue
                    desk.board.show(replace(view, frame=replace(view.frame, language=lang)))
                    version = desk.board.latest()[0]
                    page.wait_for_function("v => document.body.dataset.version === String(v)", arg=version)
                    yield title, page.screenshot()
            page.close()


def main(folder: str, *names: str) -> None:
    target = Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        for title, png in pictures(browser, list(names)):
            (target / f"{title}.png").write_bytes(png)
        browser.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
