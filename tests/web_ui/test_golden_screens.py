"""Every screen looks as it did when somebody last looked. After a change: `python -m tests.web_ui.golden_screens`."""

from pathlib import Path

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import Browser

from tests.web_ui.gallery import SHAPES
from tests.web_ui.golden_screens import GOLDEN, differs, pictures, side_by_side, wanted
from tests.web_ui.serving import Desk
from web_ui.design.samples import screens

RESULTS = Path(__file__).parents[2] / "test-results" / "screens"


@pytest.mark.browser
def test_every_screen_looks_as_it_did_when_somebody_last_looked(chromium: Browser) -> None:
    changed = []
    for name, drawn in pictures(chromium):
        kept = GOLDEN / f"{name}.png"
        if not kept.is_file() or differs(drawn, Image.open(kept)):
            RESULTS.mkdir(parents=True, exist_ok=True)
            drawn.save(RESULTS / f"{name}.png")
            if kept.is_file():
                side_by_side(drawn, Image.open(kept)).save(RESULTS / f"{name}.was-is-difference.png")
            changed.append(name)

    assert changed == [], "their pictures are in test-results/screens"


def test_a_picture_is_kept_of_every_screen_and_of_nothing_else() -> None:
    names = {f"{name}.{shape}.png" for name, _ in wanted() for shape in SHAPES}

    assert {path.name for path in GOLDEN.glob("*.png")} == names


def test_a_button_that_moved_is_seen_and_a_smoothed_edge_is_not() -> None:
    before = Image.new("RGB", (180, 320), "white")
    ImageDraw.Draw(before).rectangle((10, 290, 170, 304), fill="#1f4fc4")
    moved, smoothed = Image.new("RGB", (180, 320), "white"), before.copy()
    ImageDraw.Draw(moved).rectangle((10, 280, 170, 294), fill="#1f4fc4")
    ImageDraw.Draw(smoothed).line((10, 290, 170, 290), fill="#8fa7e1")

    assert differs(moved, before)
    assert not differs(smoothed, before)


def test_the_living_page_shows_every_screen_and_every_look() -> None:
    client = Desk().app().test_client()

    page = client.get("/design/?theme=music&scheme=dark").get_data(as_text=True)

    assert 'data-theme="music" data-scheme="dark"' in page
    assert all(f'id="{name}"' in page for name, _ in screens())
    assert client.get("/design/screen/nowhere").status_code == 404
