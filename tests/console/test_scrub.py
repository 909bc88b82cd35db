"""What leaves a station for support names nobody and opens no door."""

import io
import json
import zipfile

import pytest

from kiosk.console.black_box import Contents, pack
from kiosk.console.scrub import HIDDEN, scrub

NAMES = {"Оленка", "Коваленко", "O’Brien"}


@pytest.mark.parametrize(
    ("said", "gone"),
    [
        ("card 20012345 was read", "20012345"),
        ("PIN=4711 was wrong", "4711"),
        ("pin: 4711", "4711"),
        ("password hunter2!", "hunter2"),
        ("Authorization: Bearer abc", "Bearer"),
        ("wrote to olenka.k@example.org", "olenka"),
        ("key 0f1e2d3c4b5a69788796a5b4c3d2e1f00f1e2d3c4b5a6978", "0f1e2d3c"),
        ("a visit of Оленка Коваленко ended", "Коваленко"),
        ("ОЛЕНКА taps", "ОЛЕНКА"),
        ("for O’Brien", "Brien"),
        ("uid 04A1B2C3D4E5F60718293A4B5C6D", "A1B2C3D4"),
    ],
)
def test_what_could_name_a_person_or_open_a_door_is_hidden(said: str, gone: str) -> None:
    assert gone not in scrub(said, NAMES)


@pytest.mark.parametrize(
    "said", ["pad: FEIG ID ISC.MR102 3.3.0", "visit 12 took 7 s", "столик не відповідає", "port 8080"]
)
def test_what_a_technician_needs_is_left(said: str) -> None:
    assert scrub(said, NAMES) == said


def test_a_number_keeps_its_end_so_that_two_can_be_told_apart() -> None:
    assert scrub("item 0012300037") == "item …37"


def test_a_word_that_only_begins_like_a_name_is_left() -> None:
    assert scrub("Коваленкова криниця", NAMES) == "Коваленкова криниця"


def test_everything_in_the_box_passes_the_scrubber_whoever_wrote_it() -> None:
    evil = {"name": "Коваленко", "card": "20012345", "deep": [{"mail": "a@b.example", "token": "x"}]}

    box = zipfile.ZipFile(io.BytesIO(pack(Contents({"logs.txt": "Оленка 20012345"}, {"devices.json": evil}), NAMES)))
    whole = "".join(box.read(name).decode() for name in box.namelist())

    assert "Names of patrons" in box.read("READ-ME.txt").decode()
    assert not [word for word in ("Коваленко", "Оленка", "20012345", "a@b.example") if word in whole]
    assert json.loads(box.read("devices.json"))["name"] == HIDDEN
