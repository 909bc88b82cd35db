"""Slips as bytes and as pictures: letters, widths, commands that hide in pictures, settings that cannot be."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from drivers.printers.escpos_paper import Painted, Paper, Printed, UnknownCommandError
from drivers.printers.line_pictures import REGULAR, STRONG, LinePainter
from drivers.printers.typesetter import Typesetter, without_commands
from kiosk.devices import LineStyle, Slip, SlipLine

GOLDEN = Path(__file__).parents[1] / "golden" / "printers" / "receipt_80mm.png"
UKRAINIAN = "АБВГҐДЕЄЖЗИІЇЙКЛМНОПРСТУФХЦЧШЩЬЮЯабвгґдеєжзиіїйклмнопрстуфхцчшщьюя’ʼ№«»—–₴"

RECEIPT = Slip(
    (
        SlipLine("ЛітТера", LineStyle.LARGE, centred=True),
        SlipLine("Центральна бібліотека, станція 1", centred=True),
        SlipLine("9 березня 2026 р., 17:05", LineStyle.QUIET, centred=True),
        SlipLine(""),
        SlipLine("Видано: 2 примірники", LineStyle.STRONG),
        SlipLine("1. Ґедзь і їжак: казки Поділля про п’ятьох єнотів, що читали «Енеїду» вголос"),
        SlipLine("Повернути до 30 березня"),
        SlipLine(""),
        SlipLine("Дякуємо, що читаєте!", centred=True),
    )
)


def printed_on_paper(frame: bytes) -> tuple[Printed | Painted, ...]:
    paper = Paper()
    paper.feed(frame)
    return tuple(paper.slips[0])


def as_one_picture(lines: tuple[Printed | Painted, ...], width: int) -> Image.Image:
    """Paste what is on the paper one under the other; an empty text line is a line feed of the printer."""
    heights = [line.picture.height if isinstance(line, Painted) else 30 for line in lines]
    sheet = Image.new("1", (width, sum(heights)), 1)
    top = 0
    for line, height in zip(lines, heights, strict=True):
        if isinstance(line, Painted):
            sheet.paste(line.picture, (0, top))
        top += height
    return sheet


def test_a_painted_receipt_looks_as_it_did_when_a_person_looked_at_it() -> None:
    frame = Typesetter("TM-T20II").set_slip(RECEIPT)

    picture = as_one_picture(printed_on_paper(frame), 576)

    with Image.open(GOLDEN) as golden:
        assert picture.size == golden.size
        assert picture.tobytes() == golden.convert("1").tobytes()


@pytest.mark.parametrize("style", LineStyle)
def test_every_ukrainian_letter_has_a_shape_of_its_own_on_paper(style: LineStyle) -> None:
    painter = LinePainter(576)
    (missing,) = painter.paint(SlipLine("\ufff0", style))

    shapes = {letter: next(painter.paint(SlipLine(letter, style))) for letter in UKRAINIAN}

    look_alikes = {"’": "ʼ"}  # the same sign by two names
    distinct = {(shape.size, shape.tobytes()) for letter, shape in shapes.items() if letter not in look_alikes}
    assert len(distinct) == len(UKRAINIAN) - len(look_alikes)
    assert (missing.size, missing.tobytes()) not in distinct


@given(st.text(st.sampled_from(UKRAINIAN + "  "), max_size=200), st.sampled_from([32 * 12, 48 * 12]))
def test_no_picture_is_wider_than_the_paper(text: str, dots: int) -> None:
    pictures = list(LinePainter(dots).paint(SlipLine(text, LineStyle.LARGE, centred=True)))

    assert pictures
    assert all(picture.width <= dots and picture.width % 8 == 0 for picture in pictures)


def test_a_word_longer_than_the_paper_is_cut_and_not_lost() -> None:
    pictures = list(LinePainter(384).paint(SlipLine("а " + "щ" * 60)))

    inks = [sum(pixel == 0 for pixel in picture.get_flattened_data()) for picture in pictures]
    (one_letter,) = LinePainter(384).paint(SlipLine("щ"))
    ink_of_one = sum(pixel == 0 for pixel in one_letter.get_flattened_data())
    assert sum(inks[1:]) == 60 * ink_of_one


@given(st.lists(st.sampled_from([0x10, 0x04, 0x05, 0x14, 0x01, 0xFF]), min_size=24, max_size=24))
def test_no_picture_holds_a_command_the_printer_would_obey(ink: list[int]) -> None:
    picture = Image.frombytes("1", (24, 8), bytes(byte ^ 0xFF for byte in ink))

    harmless = bytes(byte ^ 0xFF for byte in without_commands(picture).tobytes())

    assert not re.search(rb"\x10[\x04\x05\x14]", harmless)
    assert all(after & before == before for before, after in zip(ink, harmless, strict=True))


def test_a_title_cannot_give_the_printer_commands() -> None:
    frame = Typesetter("TM-T20II", "cp1251").set_slip(Slip((SlipLine("Кобзар\x1bp\x00\x10\x14\x01"),)))

    assert printed_on_paper(frame) == (Printed("Кобзар p"),)


def test_a_large_line_holds_half_as_many_letters() -> None:
    slip = Slip((SlipLine("м" * 40, LineStyle.LARGE),))

    lines = printed_on_paper(Typesetter("TM-T20II", "cp1251").set_slip(slip))

    assert [len(line.text) for line in lines if isinstance(line, Printed)] == [24, 16]


@given(st.binary(max_size=8))
def test_the_paper_does_not_care_how_the_cable_chops(cuts: bytes) -> None:
    frame = Typesetter("TM-T20II", "cp866").set_slip(RECEIPT)
    paper, rest = Paper(), frame

    for size in cuts:
        paper.feed(rest[:size])
        rest = rest[size:]
    paper.feed(rest)

    (slip,) = paper.slips
    assert as_one_picture(tuple(slip), 576).tobytes() == as_one_picture(printed_on_paper(frame), 576).tobytes()


def test_the_simulated_paper_takes_no_command_it_does_not_know() -> None:
    with pytest.raises(UnknownCommandError, match="1b 70"):
        Paper().feed(b"\x1bp\x00")


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (("TM-T20",), "'TM-T20' is not known"),
        (("default",), "has no width"),
        (("TM-T20II", "cp9999"), "code page CP9999 is not known; the Cyrillic ones are CP1251"),
        (("ZJ-5870", "cp1251"), "has no page CP1251: set `code_page_number`"),
    ],
)
def test_a_setting_the_printer_cannot_have_is_refused_with_what_it_can(
    arguments: tuple[str, ...], complaint: str
) -> None:
    with pytest.raises(ValueError, match=re.escape(complaint)):
        Typesetter(*arguments)


def test_a_font_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    broken = tmp_path / "letters.ttf"
    broken.write_bytes(b"not a font")

    with pytest.raises(ValueError, match=r"letters\.ttf cannot be read"):
        Typesetter("TM-T20II", font=broken)


@pytest.mark.parametrize("font", [REGULAR, STRONG])
def test_the_fonts_stay_small_enough_to_ship(font: Path) -> None:
    assert font.stat().st_size < 64_000
    assert (font.parent / "LICENSE.txt").exists()
