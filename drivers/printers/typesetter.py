"""Sets a slip in ESC/POS bytes: text where the printer's code page has every letter, a picture where it has not.

Printers differ in their Cyrillic code pages, and the commonest one, cp866, lacks і, І and ґ. So a letter is never
replaced by another: a line that does not fit the code page is painted. No port: bytes come out, nothing is sent.
"""

import re
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from PIL import Image

from drivers.printers.escpos_library import CAPABILITIES, Dummy, Encoder, get_profile
from drivers.printers.line_pictures import REGULAR, STRONG, LinePainter
from kiosk.devices import LineStyle, Slip, SlipLine
from kiosk.receipts import printable, wrapped

_CANCEL_KANJI: Final = b"\x1c."
"""FS . - many cheap printers wake up taking two bytes above 0x7F for one Chinese character."""
AUTO: Final = "auto"
BY_LETTERS: Final = ("CP1251", "CP1125", "CP855", "CP866")
"""Cyrillic code pages, those with the most Ukrainian letters first."""
_EVERY_PRINTERS_PAGE: Final = MappingProxyType({"CP437": 0})
_REAL_TIME_COMMANDS: Final = re.compile(rb"\x10(?=[\x04\x05\x14])")


@dataclass(frozen=True, slots=True)
class _TextStyle:
    bold: bool = False
    size: int = 1
    font: str = "a"


_STYLES: Final = MappingProxyType(
    {
        LineStyle.NORMAL: _TextStyle(),
        LineStyle.STRONG: _TextStyle(bold=True),
        LineStyle.LARGE: _TextStyle(bold=True, size=2),
        LineStyle.QUIET: _TextStyle(font="b"),
        LineStyle.CODE: _TextStyle(),  # never set in letters
    }
)


class Typesetter:
    """Sets slips for one model of printer.

    *profile* names the model in python-escpos' list of printers: its width and the numbers of its code pages.
    *code_page* such as `cp1251`, with its *number* in this printer where the list is wrong; None paints it all, and
    `auto` takes the model's page with the most Ukrainian letters, or paints where it has none.
    Raises ValueError for what the list or the printer does not have.
    """

    def __init__(
        self, profile: str, code_page: str | None = None, number: int | None = None, font: Path | None = None
    ) -> None:
        model = _known_profile(profile)
        self._model = profile
        self._profile = get_profile(profile)
        self._columns = {name: int(face["columns"]) for name, face in zip("ab", model["fonts"].values(), strict=False)}
        self._painter = LinePainter(int(model["media"]["width"]["pixels"]), font or REGULAR, font or STRONG)
        wanted = self._richest_page() if code_page == AUTO else code_page
        self._code_page = wanted.upper() if wanted else None
        self._encoder = Encoder(self._pages(number) if self._code_page else _EVERY_PRINTERS_PAGE)

    def set_slip(self, slip: Slip) -> bytes:
        """Set *slip* from reset to cut: it prints the same whatever was printed before."""
        sheet = Dummy(profile=self._model, magic_encode_args={"encoder": self._encoder})
        sheet.hw("INIT")
        _send_plain(sheet, _CANCEL_KANJI)
        for line in slip.lines:
            if self._fits(line):
                self._write(sheet, line)
            else:
                self._paint(sheet, line)
        sheet.cut()
        return bytes(sheet.output)

    def set_cut(self) -> bytes:
        """Feed and cut, where this model can: what hangs out belongs to an earlier slip."""
        sheet = Dummy(profile=self._model, magic_encode_args={"encoder": self._encoder})
        sheet.hw("INIT")
        sheet.cut()
        return bytes(sheet.output)

    def _write(self, sheet: Dummy, line: SlipLine) -> None:
        style = _STYLES[line.style]
        sheet.set(
            align="center" if line.centred else "left",
            bold=style.bold,
            font=style.font,
            custom_size=True,
            width=style.size,
            height=style.size,
        )
        for part in wrapped(line.text, self._columns[style.font] // style.size):
            sheet.textln(part)

    def _paint(self, sheet: Dummy, line: SlipLine) -> None:
        sheet.set(align="left")  # the picture has its own margin
        for picture in self._painter.paint(line):
            sheet.image(without_commands(picture))

    def _fits(self, line: SlipLine) -> bool:
        """Say whether the code page has every letter of *line*. An empty line is a line feed in any of them."""
        if line.style is LineStyle.CODE:
            return False
        letters = printable(line.text)
        if self._code_page is None:
            return not letters.strip()
        return all(self._encoder.can_encode(self._code_page, letter) for letter in letters)

    def _richest_page(self) -> str | None:
        """Find the model's page with the most Ukrainian letters, by python-escpos' list."""
        return next((page for page in BY_LETTERS if page in self._profile.get_code_pages()), None)

    def _pages(self, number: int | None) -> dict[str, int]:
        """Name the one page python-escpos may choose, so that it never mixes pages of a printer that lacks them."""
        assert self._code_page is not None
        if self._code_page not in CAPABILITIES["encodings"]:
            raise ValueError(
                f"code page {self._code_page} is not known; the Cyrillic ones are CP1251, CP1125, CP866, CP855"
            )
        pages = self._profile.get_code_pages()
        if number is None and self._code_page not in pages:
            raise ValueError(
                f"printer profile {self._profile.profile_data['name']!r} has no page {self._code_page}: set"
                " `code_page_number` (the printer's self test prints the numbers) or leave `code_page` out"
            )
        return {self._code_page: int(pages[self._code_page]) if number is None else number}


def without_commands(picture: Image.Image) -> Image.Image:
    """Return *picture* with one dot more wherever its bytes would be a real-time command to the printer.

    A printer obeys DLE EOT, DLE ENQ and DLE DC4 even inside a picture: it would answer unasked, or drop its
    buffer (Epson, ESC/POS Command Reference: "DLE EOT", notes).
    """
    ink = bytes(byte ^ 0xFF for byte in picture.tobytes())
    harmless = _REAL_TIME_COMMANDS.sub(b"\x18", ink)
    return Image.frombytes("1", picture.size, bytes(byte ^ 0xFF for byte in harmless))


def _known_profile(name: str) -> dict[str, Any]:
    profiles: dict[str, dict[str, Any]] = CAPABILITIES["profiles"]
    usable = sorted(known for known, model in profiles.items() if _is_drawable(model))
    if name not in usable:
        raise ValueError(f"printer profile {name!r} is not known or has no width; there are: {', '.join(usable)}")
    return profiles[name]


def _is_drawable(model: dict[str, Any]) -> bool:
    return isinstance(model["media"]["width"].get("pixels"), int) and bool(model["features"]["bitImageRaster"])


def _send_plain(sheet: Dummy, command: bytes) -> None:
    sheet._raw(command)  # noqa: SLF001 - the library's documented way to send what it has no method for
