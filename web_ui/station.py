"""The web application of a station: the touchscreen page, its stream of screens, and the touches that come back.

Holds no state of the visit: screens come from the board, touches go to the station. Serving it (waitress) and
everything behind *board* and *tell* is the business of whoever starts the program.
"""

import secrets
from collections.abc import Callable
from dataclasses import replace

from flask import Blueprint, Flask, Response, abort, request, send_from_directory

from kiosk.station.events import Touched
from kiosk.station.view import StationView, Touch
from web_ui.bench.pages import bench_pages
from web_ui.bench.port import Bench
from web_ui.design import DESIGN
from web_ui.design.pages import Draw, design_pages
from web_ui.guard import Guard, answer_plainly
from web_ui.shown import tell_whether_shown
from web_ui.sse import Streams, browser_gone, messages
from web_ui.texts import Texts
from web_ui.touchscreen.canvas import Board, Canvas
from web_ui.touchscreen.house import House
from web_ui.touchscreen.house_pages import add_house_pages
from web_ui.touchscreen.screens import Screens, StationFacts

MAX_STREAMS = 10
"""Of the server's 16 threads; the rest stay free for touches."""
LONGEST_VALUE = 64
LARGEST_REQUEST = 16_384
DAY = 86_400


def create_app(  # noqa: PLR0913 - one for each thing a station may show
    board: Board,
    tell: Callable[[Touched], None],
    texts: Texts,
    station: StationFacts,
    bench: Bench | None = None,
    pages: tuple[str, ...] = (),
    *,
    living_design: bool = False,
    console: Blueprint | None = None,
    house: House | None = None,
    open_to_network: bool = False,
) -> Flask:
    """Build the application of one station. *tell* must not block: answers come back as views on *board*.

    With a *bench*, the demo's table of virtual things is there too, at /bench/. *pages* are the origins of a demo's
    other stations: one bench shows the screens of all. *living_design* adds the page of the design, at /design/.
    *house* answers what the screens show of the branch and its catalogue. *console* are the technician's pages, at
    /console/; *open_to_network* lets other machines ask for these, and for no others.
    """
    app = Flask(__name__, static_folder="touchscreen/static", static_url_path="/static")
    app.config |= {"MAX_CONTENT_LENGTH": LARGEST_REQUEST, "SEND_FILE_MAX_AGE_DEFAULT": DAY}
    guard, streams, boot = (
        Guard(pages=pages, open_to_network=open_to_network),
        Streams(MAX_STREAMS),
        secrets.token_hex(4),
    )
    station = replace(station, house=house is not None)
    screens = Screens(texts, station)
    canvas = Canvas(board, screens)
    guard.watch(app)
    answer_plainly(app)
    if bench is not None:
        app.register_blueprint(bench_pages(bench, texts, guard, station.languages))

    if living_design:
        app.register_blueprint(design_pages(_drawing(texts, station), station.languages))

    if console is not None:
        app.register_blueprint(console)
    tell_whether_shown(app)

    if house is not None:
        add_house_pages(app, house, texts, station.languages, station.theme)

    @app.get("/")
    def page() -> str:
        picture = canvas.now()
        return screens.page(picture.text, picture.language, guard.token, boot)

    @app.get("/events")
    def events() -> Response:
        return streams.open(messages(canvas.now(), canvas.newer_than, browser_gone(), boot))

    @app.post("/touch")
    def touch() -> tuple[str, int]:
        tell(_touched(station.languages))
        return "", 204

    @app.get("/design/<path:name>")
    def design(name: str) -> Response:
        return send_from_directory(DESIGN, name)

    return app


def _drawing(texts: Texts, station: StationFacts) -> Draw:
    """Draws a page of the design: a screen that hears nothing and sends nothing."""
    screens = Screens(texts, station)

    def draw(view: StationView, theme: str) -> str:
        return screens.page(screens.draw(view, theme=theme), view.frame.language, token="", boot="", live=False)

    return draw


def _touched(languages: tuple[str, ...]) -> Touched:
    """Read the touch out of the present request, JSON or form; 400 with words when it is none."""
    sent = request.get_json(silent=True) if request.is_json else request.form.to_dict()
    if not isinstance(sent, dict):
        abort(400, "A touch is a JSON object or a form with touch, value and visit.")
    try:
        touch = Touch(str(sent.get("touch", "")))
    except ValueError:
        abort(400, f"There is no touch of that name; there are: {', '.join(Touch)}.")
    value, visit = str(sent.get("value", "")), str(sent.get("visit", "0"))
    if touch is Touch.LANGUAGE and value not in languages:
        abort(400, f"This station speaks {', '.join(languages)}.")
    if len(value) > LONGEST_VALUE:
        abort(400, f"The value of a touch has at most {LONGEST_VALUE} letters.")
    if not (visit.isascii() and visit.isdigit()):
        abort(400, "visit is the number the screen carries, a whole number.")
    return Touched(touch, value, int(visit))
