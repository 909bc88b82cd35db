"""The catalogue says everything in both languages, and nothing it never says."""

import re
from pathlib import Path
from string import Formatter

import pytest

from kiosk.central.circulation.records import Shelf
from kiosk.circulation.model import Refusal
from tests.web_ui_catalogue.city import TEXTS
from web_ui.catalogue.wish import CONDITIONS

ROOT = Path(__file__).parents[2] / "web_ui" / "catalogue"
AT_STATIONS_ONLY = {
    Refusal.NO_PIN,
    Refusal.FOREIGN_TAG,
    Refusal.BLANK_TAG,
    Refusal.DAMAGED_TAG,
    Refusal.PATRON_CARD_ON_PAD,
    Refusal.PARTS_MISSING,
    Refusal.LEFT_BEHIND,
    Refusal.TAG_STUCK,
    Refusal.LIBRARY_SILENT,
    Refusal.LIBRARY_REFUSES,
    Refusal.CARD_NOT_PROVEN,
    Refusal.CARD_TO_REPLACE,
    Refusal.CLAIM_LIMIT,
    Refusal.SEVERAL_UNREAD,
    Refusal.TAG_UNSEEN,
    Refusal.BARCODE_ISBN,
    Refusal.BARCODE_STRANGE,
}
MATERIALS = ("book", "periodical", "score", "map", "film", "audio", "music", "picture", "electronic", "game")
"""What imported records may be."""
TROUBLES = ("nothing-here", "not-understood", "too-many", "resting")
FAMILIES = {
    *(f"why.{why}" for why in Refusal if why not in AT_STATIONS_ONLY),
    *(f"shelf.{shelf}" for shelf in Shelf),
    *(f"facet.{facet}" for facet in ("available", *CONDITIONS)),
    *(f"material.{material}" for material in MATERIALS),
    *(f"trouble.{trouble}{part}" for trouble in TROUBLES for part in ("", ".do")),
}
"""Keys that are put together at run time."""


def placeholders(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name is not None}


def quoted() -> set[str]:
    files = [path for end in ("py", "html", "xml") for path in ROOT.rglob(f"*.{end}")]
    source = "\n".join(path.read_text(encoding="utf-8") for path in files)
    return set(re.findall(r"""["']([a-z][a-z0-9-]*(?:\.[a-z0-9-]+)*)["']""", source))


def test_both_languages_have_the_same_keys_and_the_same_plural_keys():
    uk, en = TEXTS.keys("uk"), TEXTS.keys("en")

    assert set(uk) == set(en)
    assert {key for key in uk if len(uk[key]) > 1} == {key for key in en if len(en[key]) > 1}


@pytest.mark.parametrize("key", sorted(TEXTS.keys("uk")))
def test_every_form_of_a_text_uses_the_same_values(key):
    forms = [*TEXTS.keys("uk")[key], *TEXTS.keys("en")[key]]

    assert len({frozenset(placeholders(form)) for form in forms}) == 1
    assert all(form and form == form.strip() for form in forms)


def test_every_word_of_the_trade_has_words():
    assert set(TEXTS.keys("uk")) >= FAMILIES


def test_no_text_is_kept_that_nothing_says():
    assert set(TEXTS.keys("uk")) - FAMILIES - quoted() - {"money", "language.name"} == set()
