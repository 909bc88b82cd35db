"""Covers for the demo, drawn by the program: no publisher's picture is needed to see what a cover does to a shelf."""

import io
from zlib import crc32

from PIL import Image, ImageDraw, ImageFont

from drivers.printers.line_pictures import REGULAR, STRONG
from kiosk.central.catalogue.covers import Cover, keep_cover
from kiosk.central.centre import Centre
from kiosk.circulation.model import Title
from kiosk.demo_network import DemoNetwork

MOST = 60
SIZE = (240, 360)
_COLOURS = ("#31518f", "#8a4b14", "#1f6b52", "#77406f", "#99291d", "#0d5c66")


def draw_covers(centre: Centre, network: DemoNetwork) -> None:
    """Draw covers for the newest titles. Raises: CentreUnavailable."""
    newest = sorted(network.titles.values(), key=lambda title: (-(title.year or 0), title.id))
    for title in newest[:MOST]:
        keep_cover(centre, Cover(title.id, "image/png", _cover(title)))


def _cover(title: Title) -> bytes:
    sheet = Image.new("RGB", SIZE, _COLOURS[crc32(title.id.encode()) % len(_COLOURS)])
    pen = ImageDraw.Draw(sheet)
    pen.rectangle((14, 14, SIZE[0] - 15, SIZE[1] - 15), outline="#ffc83d", width=3)
    top = 40
    for line in _lines(title.name, 13)[:6]:
        pen.text((28, top), line, font=ImageFont.truetype(STRONG, 25), fill="#ffffff")
        top += 34
    for place, line in enumerate(_lines(title.author, 18)[:2]):
        pen.text((28, SIZE[1] - 84 + 24 * place), line, font=ImageFont.truetype(REGULAR, 18), fill="#ffffff")
    png = io.BytesIO()
    sheet.save(png, "PNG")
    return png.getvalue()


def _lines(words: str, width: int) -> list[str]:
    lines = [""]
    for word in words.split():
        if lines[-1] and len(lines[-1]) + 1 + len(word) > width:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return lines
