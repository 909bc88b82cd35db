"""Lines of a slip as pictures, one dot a pixel: how letters get on paper that no code page of the printer has.

Knows Pillow and a font, and nothing of printers. Black on white, one bit.
"""

import math
from collections.abc import Iterator
from pathlib import Path
from types import MappingProxyType
from typing import Final

import segno
from PIL import Image, ImageDraw, ImageFont

from kiosk.devices import LineStyle, SlipLine
from kiosk.receipts import printable

FONTS: Final = Path(__file__).parent / "fonts"
REGULAR: Final = FONTS / "DejaVuSansCondensed.ttf"
STRONG: Final = FONTS / "DejaVuSansCondensed-Bold.ttf"
_PIXELS: Final = MappingProxyType(  # of a letter's height, at the 8 dots per mm of receipt printers
    {LineStyle.NORMAL: 25, LineStyle.STRONG: 25, LineStyle.LARGE: 44, LineStyle.QUIET: 21}
)
_WHITE, _BLACK = 1, 0
_QUIET_ZONE: Final = 4
"""Modules of white around a QR code (ISO/IEC 18004)."""
_STAR: Final = 52
"""Dots from one star to the next."""
_STAR_SHAPE: Final = tuple(
    (radius * math.sin(turn * math.pi / 5), -radius * math.cos(turn * math.pi / 5))
    for turn, radius in enumerate((0.46, 0.19) * 5)
)
_WIDEST_MODULE: Final = 6
"""Dots of one module: 0.75 mm, which a telephone reads from a hand's breadth away."""


class LinePainter:
    """Paints lines for a print head of *dots*. Raises ValueError for a font that cannot be read."""

    def __init__(self, dots: int, regular: Path = REGULAR, strong: Path = STRONG) -> None:
        self.dots = dots // 8 * 8  # a picture goes to the printer in whole bytes
        self._fonts = {
            style: _font(strong if style in (LineStyle.STRONG, LineStyle.LARGE) else regular, pixels)
            for style, pixels in _PIXELS.items()
        }

    def paint(self, line: SlipLine) -> Iterator[Image.Image]:
        """Paint *line*, broken where the paper ends; each picture as wide as its ink, in whole bytes."""
        if line.style is LineStyle.CODE:
            yield self._code(line.text)
            return
        if set(line.text) == {"★", " "}:
            yield self._stars(line.text.count("★"))
            return
        font = self._fonts[line.style]
        ascent, descent = font.getmetrics()
        for part in self._broken(line, font):
            width = min(self.dots, max(1, round(font.getlength(part))))
            left = (self.dots - width) // 2 if line.centred else 0
            picture = Image.new("1", (_whole_bytes(left + width), ascent + descent), _WHITE)
            pen = ImageDraw.Draw(picture)
            pen.fontmode = "1"  # no grey: a thermal head knows none
            pen.text((left, 0), part, fill=_BLACK, font=font)
            yield picture

    def _stars(self, count: int) -> Image.Image:
        """Draw a child's stamps: the font has no star."""
        pitch = min(_STAR, self.dots // max(1, count))
        picture = Image.new("1", (_whole_bytes((self.dots + pitch * count) // 2), pitch), _WHITE)
        pen, left = ImageDraw.Draw(picture), (self.dots - pitch * count) // 2
        for place in range(count):
            middle = left + pitch * place + pitch / 2
            pen.polygon([(middle + across * pitch, pitch / 2 + down * pitch) for across, down in _STAR_SHAPE], _BLACK)
        return picture

    def _code(self, text: str) -> Image.Image:
        """Draw a QR code as large as the paper lets it be. Level M: paper is folded and carried in pockets."""
        rows = segno.make_qr(text, error="m").matrix_iter(border=_QUIET_ZONE)
        modules = [bytes(row) for row in rows]
        side = len(modules)
        dots = max(1, min(_WIDEST_MODULE, self.dots // side))
        small = Image.new("1", (side, side), _WHITE)
        small.putdata([_BLACK if module else _WHITE for row in modules for module in row])
        large = small.resize((side * dots, side * dots), Image.Resampling.NEAREST)
        picture = Image.new("1", (_whole_bytes((self.dots + large.width) // 2), large.height), _WHITE)
        picture.paste(large, (max(0, (self.dots - large.width) // 2), 0))
        return picture

    def _broken(self, line: SlipLine, font: ImageFont.FreeTypeFont) -> list[str]:
        """Break at spaces where it can; a word longer than the paper is cut, never lost."""
        parts, last = list[str](), ""
        for word in printable(line.text).split():
            *full, last = self._joined(last, word, font)
            parts += full
        return [*parts, last]

    def _joined(self, begun: str, word: str, font: ImageFont.FreeTypeFont) -> list[str]:
        joined = f"{begun} {word}".lstrip()
        if font.getlength(joined) <= self.dots:
            return [joined]
        return [*filter(None, [begun]), *self._cut(word, font)]

    def _cut(self, word: str, font: ImageFont.FreeTypeFont) -> Iterator[str]:
        piece = ""
        for letter in word:
            if piece and font.getlength(piece + letter) > self.dots:
                yield piece
                piece = ""
            piece += letter
        yield piece


def _whole_bytes(dots: int) -> int:
    return (dots + 7) // 8 * 8


def _font(path: Path, pixels: int) -> ImageFont.FreeTypeFont:
    try:
        return ImageFont.truetype(path, pixels, layout_engine=ImageFont.Layout.BASIC)
    except OSError as err:
        raise ValueError(f"font {path} cannot be read: {err}; name a TrueType file with `font`") from err
