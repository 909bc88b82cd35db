"""A whole slip as one picture, dot for dot as a printer without code pages prints it: for previews and for tests."""

from pathlib import Path
from types import MappingProxyType
from typing import Final

from PIL import Image

from drivers.printers.line_pictures import LinePainter
from kiosk.devices import Slip

DOTS: Final = MappingProxyType({58: 384, 80: 576})
"""Dots of the print head by the paper's width in mm: 8 per mm, with the margins the paper has."""
_MARGIN: Final = 24
_GAP: Final = 3


def picture_of(slip: Slip, paper_mm: int) -> Image.Image:
    """Draw *slip* on paper of 58 or 80 mm. Raises KeyError for another width."""
    painter = LinePainter(DOTS[paper_mm])
    strips = [picture for line in slip.lines for picture in painter.paint(line)]
    height = sum(strip.height + _GAP for strip in strips) + 2 * _MARGIN
    sheet = Image.new("1", (painter.dots + 2 * _MARGIN, height), 1)
    top = _MARGIN
    for strip in strips:
        sheet.paste(strip.crop((0, 0, min(strip.width, painter.dots), strip.height)), (_MARGIN, top))
        top += strip.height + _GAP
    return sheet


def write_picture(slip: Slip, paper_mm: int, path: Path) -> None:
    picture_of(slip, paper_mm).save(path, format="PNG", optimize=True)
