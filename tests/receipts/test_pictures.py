"""Every kind of slip as a picture at both widths and in every language, as it was looked at and found good.

A picture that differs is written beside the golden one's name under --basetemp; look at it, and if it is better than
the golden one, put it there: `python -m tests.receipts.test_pictures` writes them all anew.
"""

from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image, ImageChops

from drivers.printers.slip_picture import DOTS, picture_of
from kiosk.bootstrap.receipts import template_of
from kiosk.devices import LineStyle, Slip
from kiosk.receipts.samples import SAMPLES
from kiosk.settings import load_settings
from web_ui.texts import Texts

GOLDEN = Path(__file__).parents[1] / "golden" / "receipts"
CONFIG = Path(__file__).parents[2] / "config"
TEXTS = Texts.load()
CASES = [(kind, width, lang) for kind in SAMPLES for width in DOTS for lang in TEXTS.languages]
BRANCH = {"child": "children-2", "parents": "children-2"}


def slip_of(kind: str, lang: str) -> Slip:
    settings = load_settings(CONFIG, BRANCH.get(kind, "music"), None)
    slip = SAMPLES[kind](lang, settings.branch.name, TEXTS, template_of(settings))
    # the hours of a branch change with the seasons, and are no matter of how a slip is drawn
    return replace(slip, lines=tuple(line for line in slip.lines if "–1" not in line.text and "–2" not in line.text))


def drawn(kind: str, width: int, lang: str) -> Image.Image:
    return picture_of(slip_of(kind, lang), width)


@pytest.mark.parametrize(("kind", "width", "lang"), CASES)
def test_a_slip_looks_as_it_was_found_good(kind: str, width: int, lang: str, tmp_path: Path) -> None:
    golden = Image.open(GOLDEN / f"{kind}-{width}-{lang}.png").convert("1")
    now = drawn(kind, width, lang)
    now.save(tmp_path / f"{kind}-{width}-{lang}.png")

    assert now.size == golden.size
    assert ImageChops.difference(now.convert("L"), golden.convert("L")).getbbox() is None


@pytest.mark.parametrize(("kind", "width", "lang"), CASES)
def test_no_line_of_a_slip_leaves_the_paper(kind: str, width: int, lang: str) -> None:
    picture = drawn(kind, width, lang).convert("L")
    margin = (picture.width - DOTS[width]) // 2
    ink = ImageChops.invert(picture).getbbox()

    assert ink is not None
    assert ink[0] >= margin - 4
    assert ink[2] <= picture.width - margin


def test_a_slip_has_a_code_where_the_template_says_so() -> None:
    assert [line.style for line in slip_of("borrowed", "uk").lines].count(LineStyle.CODE) == 1


if __name__ == "__main__":
    for each in CASES:
        drawn(*each).save(GOLDEN / "{}-{}-{}.png".format(*each), optimize=True)
