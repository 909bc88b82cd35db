"""A view in, the HTML of the whole screen out. Templates are compiled once, at start.

Nothing here knows HTTP, threads or time: the age of a view is given, so that a countdown shown again is true.
"""

import math
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import segno
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

from kiosk.circulation.model import PartKind
from kiosk.station.view import (
    ClosedView,
    DoneView,
    IdentifyingView,
    Look,
    NoticeView,
    OutOfOrderView,
    ParentSlip,
    PinView,
    ReceiptState,
    ReturnsView,
    Row,
    RowState,
    ServiceView,
    SessionView,
    ShelterView,
    StackFirstView,
    StartingView,
    StationView,
    Touch,
    WelcomeView,
)
from web_ui.design import DESIGN, icon_sprite
from web_ui.texts import Texts
from web_ui.touchscreen.spoken import phrase_of, sounds_of
from web_ui.touchscreen.voice import Voice

KINDS: Mapping[type[StationView], str] = {
    StartingView: "starting",
    OutOfOrderView: "out-of-order",
    WelcomeView: "welcome",
    IdentifyingView: "identifying",
    PinView: "pin",
    SessionView: "session",
    StackFirstView: "stack-first",
    ReturnsView: "returns",
    DoneView: "done",
    NoticeView: "notice",
    ServiceView: "service",
    ClosedView: "closed",
    ShelterView: "shelter",
}
"""Which template draws which view; a test says that none is missing."""


@dataclass(frozen=True, slots=True)
class Tone:
    """How a verdict looks. Colour never stands alone: the icon and the words say the same."""

    name: str
    icon: str


TONES: Mapping[RowState, Tone] = {
    RowState.READING: Tone("busy", "loader-circle"),
    RowState.WAITING: Tone("busy", "loader-circle"),
    RowState.OPENING: Tone("busy", "loader-circle"),
    RowState.LENT: Tone("good", "check"),
    RowState.YOURS: Tone("good", "bookmark"),
    RowState.CLOSING: Tone("busy", "loader-circle"),
    RowState.RETURNED: Tone("good", "undo-2"),
    RowState.PUT_BACK: Tone("ask", "hand"),
    RowState.REFUSED: Tone("stop", "x"),
    RowState.STAFF: Tone("staff", "life-buoy"),
    RowState.ASKING: Tone("ask", "book-open"),
}
TO_THE_PAD = Tone("ask", "hand")
"""Of a copy named by its barcode that waits for its tag."""
LOOK_ICONS = {
    "text": "a-large-small",
    "contrast": "contrast",
    "dark": "moon",
    "reach": "arrow-down-to-line",
    "spoken": "volume-2",
}
PART_ICONS: Mapping[PartKind, str] = {
    PartKind.BOOK: "book-open",
    PartKind.DISC: "disc-3",
    PartKind.SCORE: "music",
    PartKind.MAP: "map",
    PartKind.GAME: "dices",
    PartKind.OTHER: "package",
}
STRANGE_BARCODES = ("barcode-strange", "barcode-isbn")
NOTICE_ICONS = {"pin-locked": "lock", "card-several": "layers", **dict.fromkeys(STRANGE_BARCODES, "scan-barcode")}
LAYOUTS: Mapping[str, tuple[str, ...]] = {
    "uk": ("1234567890", "йцукенгшщзхї", "фівапролджєґ", "ячсмитьбю’-"),
    "latin": ("1234567890", "qwertyuiop", "asdfghjklł", "zxcvbnm’-"),
}
"""The rows of the on-screen keyboard. The engine folds accents, so Latin needs none but the ł that folds to nothing."""
ATTENTION = frozenset({RowState.PUT_BACK, RowState.REFUSED, RowState.STAFF})


@dataclass(frozen=True, slots=True)
class StationFacts:
    """What the screens say of the station itself. `languages` are offered in this order; `theme` is its dress.

    `pay` says where fees are paid, by language; `house` whether there is news and a catalogue to show.
    `volume` is percent; `loud` says whether sounds are made now.
    """

    branch: str
    station: str
    languages: tuple[str, ...] = ("uk", "en")
    theme: str = "adult"
    leave_at: Mapping[str, str] = field(default_factory=dict)
    shelter: Mapping[str, str] = field(default_factory=dict)
    pay: Mapping[str, str] = field(default_factory=dict)
    house: bool = False
    volume: int = 60
    loud: Callable[[], bool] = lambda: True


class Screens:
    """Draws views with words in their language. Safe to use from many threads."""

    def __init__(self, texts: Texts, station: StationFacts) -> None:
        self._texts = texts
        self._station = station
        environment = Environment(
            loader=FileSystemLoader(Path(__file__).parent / "templates", encoding="utf-8"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            auto_reload=False,
        )
        environment.globals |= {
            "station": station,
            "language_names": {lang: texts.say(lang, "language.name") for lang in station.languages},
            "mark": Markup((DESIGN / "mark.svg").read_text(encoding="utf-8")),  # noqa: S704 - our own drawing
            "Touch": Touch,
            "ReceiptState": ReceiptState,
            "ParentSlip": ParentSlip,
            "tone_of": tone_of,
            "attention": _attention,
            "common_due": _common_due,
            "scheme_of": scheme_of,
            "cover_of": _cover_of,
            "qr_of": _qr_of,
            "usual_look": Look(),
            "look_icons": LOOK_ICONS,
            "part_icons": PART_ICONS,
            "notice_icons": NOTICE_ICONS,
            "layouts": LAYOUTS,
        }
        self._sprite = Markup(icon_sprite())  # noqa: S704 - our own files
        self._page = environment.get_template("page.html")
        self._templates = {view: environment.get_template(f"{kind}.html") for view, kind in KINDS.items()}

    def draw(self, view: StationView, age: float = 0.0, theme: str = "") -> str:
        """Draw `<main>` for *view*, seen *age* seconds after it was made; in another *theme* than the station's own."""
        return self._template(view).render(
            view=view,
            frame=view.frame,
            kind=KINDS[type(view)],
            theme=theme or self._station.theme,
            voice=Voice(
                self._texts,
                view.frame.language,
                discreet=_discreet(view),
                child=view.frame.child,
                leave_at=self._station.leave_at.get(view.frame.language, ""),
                scans=view.frame.scans,
            ),
            sounds=" ".join(sounds_of(view)),
            phrase=phrase_of(view),
            loud=self._station.loud(),
            left=lambda seconds: max(0, math.ceil(seconds - age)),
        )

    def page(self, screen: str, language: str, token: str, boot: str, *, live: bool = True) -> str:
        """Draw the page around a drawn screen: what a browser loads once. One that is not *live* only stands there."""
        return self._page.render(
            screen=Markup(screen),  # noqa: S704 - drawn by draw(), which escapes
            sprite=self._sprite,
            language=language,
            token=token,
            boot=boot,
            live=live,
            voice=Voice(self._texts, language),
            voices=[Voice(self._texts, lang) for lang in self._texts.languages],
        )

    def _template(self, view: StationView) -> Template:
        return self._templates[type(view)]


def counts_down(view: StationView) -> bool:
    """Say whether the view shows seconds that run out."""
    return view.frame.leaving_in is not None or isinstance(view, DoneView | NoticeView)


def _discreet(view: StationView) -> bool:
    """Keep amounts of money from a child's screen, and from the goodbye, which stays when its patron has gone."""
    return isinstance(view, DoneView | NoticeView) or view.frame.child


def _attention(rows: tuple[Row, ...]) -> tuple[Row, ...]:
    """The copies a person must do something about."""
    return tuple(row for row in rows if row.state in ATTENTION)


def tone_of(row: Row) -> Tone:
    """How the verdict on a copy looks."""
    return TO_THE_PAD if row.scanned and row.state is RowState.WAITING else TONES[row.state]


def scheme_of(look: Look, on_battery: bool = False) -> str:
    """The scheme of colours a look asks for: see `web_ui.design.SCHEMES`. On battery a screen is dark."""
    dark = look.dark or on_battery
    if look.contrast:
        return "contrast-dark" if dark else "contrast"
    return "dark" if dark else "light"


def _common_due(rows: tuple[Row, ...]) -> date | None:
    """The earliest day lent copies fall due: said once, large. A row says its own when it is another."""
    return min((row.due for row in rows if row.due and row.state is RowState.LENT), default=None)


def _qr_of(text: str) -> Markup:
    """Draw a QR code, dark on light in every scheme: a telephone reads no other. Level L: a screen has no creases."""
    drawn = segno.make_qr(text, error="l").svg_inline(
        omitsize=True, border=4, dark="#000", light="#fff", lineclass=None
    )
    return Markup(drawn)  # noqa: S704 - made of squares


def _cover_of(row: Row) -> int:
    """Which of the four covers a copy without a picture wears, for as long as it lies there."""
    return zlib.crc32(row.key.encode()) % 4 + 1
