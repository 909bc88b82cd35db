"""The living page of the design, at /design/: every token, every component, every screen in every state.

For people who build it. Served by the demo and by tests, never by a station that works.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from flask import Blueprint, Response, abort, render_template, request

from kiosk.station.view import TEXT_SIZES, Look, StationView
from web_ui.design import DESIGN, SCHEMES, THEMES, icon_sprite
from web_ui.design.samples import screens as sample_screens

SHAPES = ("portrait", "landscape")
_COLOURS = re.compile(r"--([a-z0-9-]+): #[0-9a-f]{6};")


Draw = Callable[[StationView, str], str]
"""Draws one whole page of a view, in a theme."""


@dataclass(frozen=True, slots=True)
class Dress:
    """How the page shows everything: what its switches say."""

    theme: str
    scheme: str
    lang: str
    shape: str
    text: str
    reach: str

    def with_choice(self, switch: str, choice: str) -> str:
        """The address of the page with one switch turned."""
        turned = replace(self, **{switch: choice})
        return "?" + "&".join(f"{name}={getattr(turned, name)}" for name in self.__slots__)

    def look(self) -> Look:
        """The look a person would have chosen to see it so."""
        dark, contrast = self.scheme.endswith("dark"), self.scheme.startswith("contrast")
        return Look(text=int(self.text), dark=dark, contrast=contrast, reach=self.reach == "yes")


def design_pages(draw: Draw, languages: tuple[str, ...]) -> Blueprint:
    """Serve /design/ and /design/screen/<name>. *draw* makes the page a browser would see at a station."""
    pages = Blueprint("design", __name__, url_prefix="/design", template_folder="templates")
    views = dict(sample_screens())
    switches = {
        "theme": THEMES,
        "scheme": SCHEMES,
        "lang": languages,
        "shape": SHAPES,
        "text": tuple(map(str, TEXT_SIZES)),
        "reach": ("no", "yes"),
    }

    @pages.get("/")
    def index() -> str:
        words = {"switches": switches, "views": list(views), "colours": colours(), "sprite": icon_sprite()}
        return render_template("design/living.html", dress=_dress(switches), **words)

    @pages.get("/screen/<name>")
    def screen(name: str) -> str:
        view = views.get(name) or abort(404, f"There is no screen {name!r}; there are: {', '.join(views)}.")
        dress = _dress(switches)
        return draw(dressed(view, dress.lang, dress.look()), dress.theme)

    @pages.get("/swatches.css")
    def swatches() -> Response:
        rules = "".join(f".swatch--{name} {{ background: var(--{name}); }}\n" for name in colours())
        return Response(rules, content_type="text/css; charset=utf-8")

    return pages


def colours() -> list[str]:
    """The names of all colour tokens, in the order of the file."""
    return list(dict.fromkeys(_COLOURS.findall((DESIGN / "tokens.css").read_text(encoding="utf-8"))))


def dressed(view: StationView, lang: str, look: Look) -> StationView:
    """The view as somebody with this language and look sees it; a sample that is about a look keeps its own."""
    own = view.frame.look
    return replace(view, frame=replace(view.frame, language=lang, look=look if own == Look() else own))


def _dress(switches: Mapping[str, tuple[str, ...]]) -> Dress:
    """Read the switches out of the present request; 400 with words for a choice there is not."""
    chosen = {name: request.args.get(name, choices[0]) for name, choices in switches.items()}
    for name, choice in chosen.items():
        if choice not in switches[name]:
            abort(400, f"{name} is one of: {', '.join(switches[name])}.")
    return Dress(**chosen)
