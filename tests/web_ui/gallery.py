"""Draw every screen in a real browser, in both orientations and languages.

    python -m tests.web_ui.gallery FOLDER [NAME...] [--theme children] [--dark] [--text 200] [--bench]

Pictures are for looking at, not for comparing. Needs Chromium at /usr/bin/chromium.
"""

import argparse
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from playwright.sync_api import Browser

from kiosk.station.view import Look
from tests.browsers import chromium_running
from tests.web_ui.fake_bench import FakeBench
from tests.web_ui.serving import FACTS, Desk, served
from web_ui.design.samples import mixed_session, screens

SHAPES = {"portrait": (1080, 1920), "landscape": (1920, 1080)}


def pictures(browser: Browser, names: list[str], theme: str, look: Look) -> Iterator[tuple[str, bytes]]:
    """Name and PNG of every screen wanted, by shape and language."""
    desk = Desk(facts=replace(FACTS, theme=theme))
    with served(desk.app()) as address:
        for shape, (width, height) in SHAPES.items():
            page = browser.new_page(viewport={"width": width, "height": height}, reduced_motion="reduce")
            page.goto(address)
            for lang in ("uk", "en"):
                for name, view in screens():
                    title = f"{name}.{shape}.{lang}"
                    if names and not any(title.startswith(wanted) for wanted in names):
                        continue
                    frame = replace(view.frame, language=lang)
                    desk.board.show(replace(view, frame=frame if look == Look() else replace(frame, look=look)))
                    version = desk.board.latest()[0]
                    page.wait_for_function("v => document.body.dataset.version === String(v)", arg=version)
                    yield title, page.screenshot()
            page.close()


def bench_pictures(browser: Browser) -> Iterator[tuple[str, bytes]]:
    """The bench with a card down and a stack on the pad, on a large and on a small desk screen."""
    bench = FakeBench()
    desk = Desk(bench=bench)
    desk.board.show(mixed_session())
    bench.insert_card("olenka")
    bench.lay(("b000", "b002", "b003", "b006"))
    bench.lock("b003")
    bench.unplug("paper")
    with served(desk.app()) as address:
        for name, (width, height) in {"bench": (1600, 950), "bench-small": (1280, 720)}.items():
            page = browser.new_page(viewport={"width": width, "height": height}, reduced_motion="reduce")
            for lang in ("uk", "en"):
                page.goto(f"{address}/bench/?lang={lang}")
                page.wait_for_selector(".pad .lying")
                page.frame_locator("iframe >> nth=0").locator("#rows").wait_for()
                yield f"{name}.{lang}", page.screenshot()
            page.close()


def main() -> None:
    wanted = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    wanted.add_argument("folder", type=Path)
    wanted.add_argument("names", nargs="*", help="beginnings of names; none for all")
    wanted.add_argument("--theme", default="adult")
    wanted.add_argument("--text", type=int, default=100)
    for habit in ("contrast", "dark", "reach"):
        wanted.add_argument(f"--{habit}", action="store_true")
    wanted.add_argument("--bench", action="store_true", help="the bench, too")
    said = wanted.parse_args()
    look = Look(said.text, said.contrast, said.dark, said.reach)
    said.folder.mkdir(parents=True, exist_ok=True)
    with chromium_running() as browser:
        for title, png in pictures(browser, said.names, said.theme, look):
            (said.folder / f"{title}.png").write_bytes(png)
        for title, png in bench_pictures(browser) if said.bench else ():
            (said.folder / f"{title}.png").write_bytes(png)


if __name__ == "__main__":
    main()
