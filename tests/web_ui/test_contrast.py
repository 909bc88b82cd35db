"""Whoever sees little can read every word: the contrast of every text on its ground, computed from the tokens."""

import re
from itertools import product

import pytest

from web_ui.design import DESIGN, SCHEMES, THEMES

TOKENS = (DESIGN / "tokens.css").read_text(encoding="utf-8")
BLOCKS = re.findall(
    r"^([^{}/@]+)\{([^{}]*)\}", re.sub(r"/\*.*?\*/|@font-face \{[^}]*\}", "", TOKENS, flags=re.DOTALL), re.MULTILINE
)
PAIRS = [
    (float(least), *pair.split("/"))
    for least, pairs in re.findall(r"@pairs ([\d.]+): ([^@*]+)", TOKENS)
    for pair in pairs.split()
]


def tokens_of(theme: str, scheme: str) -> dict[str, str]:
    """The tokens an element of this theme and scheme has, by the rules of the cascade this file keeps to."""
    found: dict[str, str] = {}
    for selectors, body in sorted(BLOCKS, key=lambda block: block[0].count("[data-theme")):
        for selector in selectors.split(","):
            asked = dict(re.findall(r'\[data-(theme|scheme)="([a-z-]+)"\]', selector))
            if all({"theme": theme, "scheme": scheme}[name] == value for name, value in asked.items()):
                found |= dict(re.findall(r"--([a-z0-9-]+): ([^;]+);", body))
    return found


def luminance(colour: str) -> float:
    """Relative luminance of #rrggbb, as WCAG 2.2 defines it."""
    channels = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def test_the_measure_of_contrast_is_the_one_of_wcag():
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)


@pytest.mark.parametrize(("theme", "scheme"), [*product(THEMES, SCHEMES)])
def test_every_text_can_be_read_on_its_ground(theme, scheme):
    tokens = tokens_of(theme, scheme)

    weak = {
        f"{text} on {ground}": round(contrast(tokens[text], tokens[ground]), 2)
        for least, text, ground in PAIRS
        if contrast(tokens[text], tokens[ground]) < least
    }

    assert weak == {}


@pytest.mark.parametrize(("theme", "scheme"), [*product(THEMES, ("contrast", "contrast-dark"))])
def test_high_contrast_means_seven_to_one_for_every_text(theme, scheme):
    tokens = tokens_of(theme, scheme)

    assert [p for p in PAIRS if p[0] > 3 and contrast(tokens[p[1]], tokens[p[2]]) < 7] == []


def test_every_theme_has_every_colour_of_the_others():
    names = {(theme, scheme): set(tokens_of(theme, scheme)) for theme, scheme in product(THEMES, SCHEMES)}

    assert len({frozenset(found) for found in names.values()}) == 1


def test_the_style_sheets_use_no_token_that_is_not_declared():
    components = (DESIGN / "components.css").read_text(encoding="utf-8")
    declared = {*tokens_of("adult", "light"), *re.findall(r"--([a-z0-9-]+):", components)}

    for sheet in (DESIGN.parent / "touchscreen" / "static").glob("*.css"):
        text = sheet.read_text(encoding="utf-8")
        own = set(re.findall(r"--([a-z0-9-]+):", text))
        assert set(re.findall(r"var\(--([a-z0-9-]+)", text + components)) - own - declared == set(), sheet.name
