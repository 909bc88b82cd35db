"""The house on the screens, as fragments of HTML: news for the welcome screen, the catalogue, covers.

Asked for by the page's own scripts, beside the stream of screens; knows no visit. The words are the station's.
"""

import re
import zlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from flask import Flask, Response, abort, request
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from kiosk.catalogue.port import Hit, Place, Query
from kiosk.station.view import Touch
from web_ui.texts import Texts
from web_ui.touchscreen.house import House, spoken
from web_ui.touchscreen.voice import Voice

PAGE = 12
"""Titles of one page of results: what a tall screen holds twice."""
LONGEST_QUESTION = 100
_SHORTEST = 2
_NAME = re.compile(r"[0-9a-f]{64}")
_PICTURES = ((b"\xff\xd8\xff", "image/jpeg"), (b"\x89PNG\r\n\x1a\n", "image/png"), (b"RIFF", "image/webp"))
_MONTH = 30 * 86_400
_FOR_CHILDREN = "6+"


class _Pages:
    """Draws fragments in a language."""

    def __init__(self, house: House, texts: Texts, theme: str) -> None:
        self.house, self._texts = house, texts
        environment = Environment(
            loader=FileSystemLoader(Path(__file__).parent / "templates", encoding="utf-8"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        environment.globals |= {
            "Touch": Touch, "house": house, "spoken": spoken, "drawn_cover": drawn_cover, "theme": theme,
            "takes_holds": "hold-title" in {touch.value for touch in Touch},
        }  # fmt: skip
        self._environment = environment

    def draw(self, template: str, lang: str, **shown: Any) -> str:
        return self._environment.get_template(template).render(voice=Voice(self._texts, lang), lang=lang, **shown)


def add_house_pages(app: Flask, house: House, texts: Texts, languages: tuple[str, ...], theme: str = "adult") -> None:
    """Put the fragments of *house* into *app*: /house, /find, /find/<title>, /cover/<name>."""
    pages = _Pages(house, texts, theme)

    def lang() -> str:
        asked = request.args.get("lang", "")
        return asked if asked in languages else languages[0]

    @app.get("/house")
    def news() -> str:
        return pages.draw("_house.html", lang(), today=house.today())

    @app.get("/find")
    def find() -> str:
        return _results(pages, lang(), request.args)

    @app.get("/find/<name>")
    def title(name: str) -> str:
        hit = house.title(name[:LONGEST_QUESTION])
        if hit is None:
            abort(404, "There is no such title.")
        shown = {"hit": hit, "here": house.pictured([hit.cover]), "visiting": request.args.get("visiting") == "1"}
        own, others = _places(hit, house.branch)
        return pages.draw("_find_title.html", lang(), own=own, others=others, **shown)

    @app.get("/cover/<name>")
    def cover(name: str) -> Response:
        picture = house.cover(name) if _NAME.fullmatch(name) else None
        kind = None if picture is None else next((kind for start, kind in _PICTURES if picture.startswith(start)), None)
        if picture is None or kind is None:
            abort(404, "There is no such cover here.")
        answer = Response(picture, mimetype=kind)
        answer.headers["Cache-Control"] = f"private, max-age={_MONTH}, immutable"  # named by what is in it
        return answer


def _results(pages: _Pages, lang: str, asked: Mapping[str, str]) -> str:
    """Find what was typed, under the conditions chosen; a question of one letter is not one yet."""
    text = asked.get("q", "").strip()[:LONGEST_QUESTION]
    page = int(number) if (number := asked.get("page", "0")).isascii() and number.isdigit() and len(number) < 4 else 0
    here, kids, tongue = asked.get("here") == "1", asked.get("kids") == "1", asked.get("tongue", "")[:8]
    query = Query(
        text=text,
        branch=pages.house.branch if here else None,
        available=True if here else None,
        language=tongue or None,
        age=_FOR_CHILDREN if kids else None,
        offset=page * PAGE,
        limit=PAGE,
    )
    if len(text) < _SHORTEST and not (here or kids or tongue):
        return pages.draw("_find_results.html", lang, found=None, query=query, kids=kids, page=0)
    found = pages.house.find(query)
    rows = [(hit, *_places(hit, pages.house.branch)) for hit in found.titles]
    pictured = pages.house.pictured([hit.cover for hit in found.titles])
    more = (page + 1) * PAGE < found.total
    tongues = _tongues(found.facets.get("language", {}), tongue)
    shown = {"rows": rows, "pictured": pictured, "more": more, "tongues": tongues, "page": page, "kids": kids}
    return pages.draw("_find_results.html", lang, found=found, query=query, **shown)


def _places(hit: Hit, branch: str) -> tuple[Place | None, tuple[Place, ...]]:
    """Part the copies here from the other branches': of these, those with a free copy first."""
    own = next((place for place in hit.places if place.branch == branch), None)
    others = sorted((place for place in hit.places if place.branch != branch), key=lambda one: not one.free)
    return own, tuple(others)


def _tongues(counted: Mapping[str, int], chosen: str) -> tuple[str, ...]:
    """The languages worth choosing from: the commonest, and the one that is chosen."""
    common = sorted((one for one in counted if one), key=lambda one: (-counted[one], one))[:4]
    return tuple(dict.fromkeys([*common, *([chosen] if chosen else [])]))


def drawn_cover(name: str) -> int:
    """Which of the four covers a title without a picture wears: always the same."""
    return zlib.crc32(name.encode()) % 4 + 1
