"""What came from elsewhere is what its authors shipped, and its licence lies beside it."""

import hashlib
import re
import tomllib
from pathlib import Path

import pytest

from web_ui.design import DESIGN, icon_sprite

WEB_UI = DESIGN.parent
PACKAGES = tomllib.loads((DESIGN / "VENDORED.toml").read_text(encoding="utf-8"))["package"]


@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package["name"])
def test_every_vendored_file_is_unchanged(package):
    folder = DESIGN / package["folder"]

    shipped = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}

    assert shipped == package["sha256"]


@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package["name"])
def test_every_vendored_package_brings_its_licence_and_version(package):
    assert re.fullmatch(r"\d+\.\d+\.\d+", package["version"])
    assert (DESIGN / package["folder"] / "LICENSE").stat().st_size > 400


def used_icons() -> set[str]:
    found: set[str] = set()
    for path in [p for end in ("html", "py", "js") for p in WEB_UI.rglob(f"*.{end}") if "idiomorph" not in p.name]:
        found |= set(re.findall(r"""["']([a-z]+(?:-[a-z0-9]+)*)["']""", path.read_text(encoding="utf-8")))
    return found


def test_only_icons_in_use_are_kept():
    icons = {path.stem for path in (DESIGN / "icons").glob("*.svg")}

    assert icons - used_icons() == set()


def test_every_icon_a_screen_draws_is_in_the_sprite():
    drawn: set[str] = set()
    for path in WEB_UI.rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        calls = " ".join(re.findall(r"icon\(([^)]*)\)", text)) + " ".join(re.findall(r'picture=("[a-z0-9-]+")', text))
        drawn |= set(re.findall(r'"([a-z0-9-]+)"', calls))
    sprite = icon_sprite()

    missing = {name for name in drawn if f'id="icon-{name}"' not in sprite}

    assert missing <= {"ready", "armed", "spoken"}  # words in conditions, no icons


def test_the_fonts_hold_every_ukrainian_letter():
    ranges = [
        (int(a, 16), int(b or a, 16))
        for a, b in re.findall(r"U\+([0-9A-F]+)(?:-([0-9A-F]+))?", (DESIGN / "tokens.css").read_text())
    ]

    for letter in "АБВГҐДЕЄЖЗИІЇЙКЛМНОПРСТУФХЦЧШЩЬЮЯабвгґдеєжзиіїйклмнопрстуфхцчшщьюя’ʼ«»№₴":
        assert any(low <= ord(letter) <= high for low, high in ranges), letter


def test_the_style_sheets_ask_nobody_else_for_anything():
    for path in [*WEB_UI.rglob("*.css"), *(p for p in WEB_UI.rglob("*.html"))]:
        assert not re.search(r"(?:https?:)?//(?!www\.w3\.org)[a-z]", path.read_text(encoding="utf-8")), Path(path).name
