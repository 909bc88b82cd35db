"""The living page of the design: tokens, parts, and every screen in every state and look. For people who build it.

Served by the demo and by tests, never by a station that works.
"""

import re
from collections.abc import Callable
from dataclasses import replace

from flask import Blueprint, abort, render_template, request

from kiosk.station.view import TEXT_SIZES, Look, StationView
from web_ui.design import DESIGN, SCHEMES, THEMES
from web_ui.design.samples import screens

LOOKS = {"theme": THEMES, "scheme": SCHEMES, "text": tuple(map(str, TEXT_SIZES)), "reach": ("no", "yes")}
_DRAWN = re.compile(r"--([a-z0-9-]+): #[0-9a-f]{6,8};")

Draw = Callable[[StationView, str], str]
"""Draws one whole page of a view, in a theme."""


def design_pages(draw: Draw, languages: tuple[str, ...]) -> Blueprint:
    """Serve /design/ and /design/screen/<name>. *draw* makes the page a browser would see at a station."""
    pages = Blueprint("design", __name__, url_prefix="/design", template_folder="templates")
    views = dict(screens())

    @pages.get("/")
    def index() -> str:
        chosen = {name: _asked(name, choices) for name, choices in LOOKS.items()}
        lang = _asked("lang", languages)
        return render_template(
            "design/living.html",
            chosen=chosen,
            lang=lang,
            looks=LOOKS,
            languages=languages,
            names=tuple(views),
            colours=tuple(dict.fromkeys(_DRAWN.findall(_tokens()))),
            query=request.query_string.decode(),
        )

    @pages.get("/screen/<name>")
    def screen(name: str) -> str:
        view = views.get(name) or abort(404, f"there is no screen {name}; there are: {', '.join(views)}")
        scheme = _asked("scheme", SCHEMES)
        look = Look(
            text=int(_asked("text", LOOKS["text"])),
            contrast=scheme.startswith("contrast"),
            dark=scheme.endswith("dark"),
            reach=_asked("reach", LOOKS["reach"]) == "yes",
        )
        frame = replace(view.frame, language=_asked("lang", languages))
        own = look if look != Look() else frame.look
        return draw(replace(view, frame=replace(frame, look=own)), _asked("theme", THEMES))

    return pages


def _asked(name: str, choices: tuple[str, ...]) -> str:
    said = request.args.get(name, choices[0])
    return said if said in choices else choices[0]


def _tokens() -> str:
    return (DESIGN / "tokens.css").read_text(encoding="utf-8")
