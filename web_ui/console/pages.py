"""The pages of the console, put together; and its door.

A part of the console is a function that hangs its pages on the blueprint and names its rooms:

    def add_my_pages(pages: Blueprint, house: House) -> None:
        house.rooms.append(Room("mine", "layers"))   # words: console.room.mine

        @pages.get("/mine")
        @house.signed_in
        def mine() -> AnyResponse:
            return house.draw("mine.html", ...)
"""

from collections.abc import Callable, Sequence
from hashlib import sha256

from flask import Blueprint, Response, flash, redirect, request, send_from_directory, url_for
from flask.blueprints import BlueprintSetupState
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response as AnyResponse

from web_ui.console.house import House, whole_seconds
from web_ui.design import DESIGN

Part = Callable[[Blueprint, House], None]
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
        "connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
    ),
    "Referrer-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}


def console_pages(house: House, parts: Sequence[Part] = ()) -> Blueprint:
    """Build the console of one station from its *parts*, whose rooms appear in their order."""
    pages = Blueprint("console", __name__, template_folder="templates", static_folder="static", url_prefix="/console")
    pages.record_once(lambda state: _prepare(state, house))
    pages.after_request(_protect)
    _add_door(pages, house)
    for add in parts:
        add(pages, house)
    _add_more(pages, house)
    _add_troubles(pages, house)
    return pages


def _prepare(state: BlueprintSetupState, house: House) -> None:
    """Sessions are of this station alone: two stations of a demo share a host, and a browser's cookies know no port."""
    secret = house.door.secret()
    state.app.secret_key = secret
    state.app.config |= {
        "SESSION_COOKIE_NAME": f"littera-console-{sha256(str(house.door.path).encode()).hexdigest()[:8]}",
        "SESSION_COOKIE_PATH": "/console/",
        "SESSION_COOKIE_HTTPONLY": True,
        "SESSION_COOKIE_SAMESITE": "Strict",
    }


def _protect(response: Response) -> Response:
    for name, value in _HEADERS.items():
        response.headers[name] = value
    return response


def _add_door(pages: Blueprint, house: House) -> None:
    @pages.get("/sign-in")
    def sign_in() -> AnyResponse:
        return house.draw("sign-in.html", onward=_onward(request.args.get("next", "")))

    @pages.post("/sign-in")
    def enter() -> AnyResponse:
        house.demand_proof()
        onward = _onward(request.form.get("next", ""))
        verdict = house.enter(request.form.get("password", ""))
        if verdict.right:
            home = house.facts.get("home", lambda: "console.front")
            return redirect(onward or url_for(str(home())))
        words = house.say("console.door.wrong")
        if verdict.wait:
            words = house.say("console.door.wait", whole_seconds(verdict.wait))
        flash(words, "stop")
        return redirect(f"{url_for('console.sign_in')}?next={onward}")

    @pages.post("/sign-out")
    @house.signed_in
    def leave() -> AnyResponse:
        house.leave()
        return redirect(url_for("console.sign_in"))

    @pages.get("/design/<path:name>")
    def design(name: str) -> Response:
        return send_from_directory(DESIGN, name)


def _onward(path: str) -> str:
    """Go on to a page of the console, and to no other."""
    return path if path.startswith("/console/") and "//" not in path and "\\" not in path else ""


def _add_more(pages: Blueprint, house: House) -> None:
    @pages.get("/more")
    @house.signed_in
    def more() -> AnyResponse:
        return house.draw("more.html")


def _add_troubles(pages: Blueprint, house: House) -> None:
    @pages.errorhandler(HTTPException)
    def trouble(error: HTTPException) -> AnyResponse:
        if "text/html" not in request.headers.get("Accept", ""):
            return Response(f"{error.description}\n", error.code, mimetype="text/plain")
        drawn = house.draw("trouble.html", words=error.description)
        drawn.status_code = error.code or 500
        return drawn
