"""The public pages: front, title, branches, pictures. The search and the patron's own pages stand beside.

Needs no JavaScript and no session; a page that says the same to everybody may be kept for a minute.
"""

from flask import Blueprint, Flask, Response, abort, render_template, request, send_from_directory, url_for
from flask.sansio.app import App
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from werkzeug.exceptions import HTTPException

from kiosk.central.centre import Centre
from kiosk.central.circulation.holdings import holdings
from kiosk.central.circulation.records import cover_of, record_of
from kiosk.central.errors import CentreUnavailable
from kiosk.central.policies import Policies
from kiosk.circulation.model import TitleId
from web_ui.catalogue.account_pages import add_account_pages
from web_ui.catalogue.headers import FOR_EVER, form_proof, protect, refuse_nonsense
from web_ui.catalogue.house import House
from web_ui.catalogue.search_page import SHELVES, add_search_page
from web_ui.catalogue.sessions import Sessions
from web_ui.catalogue.shelves import FrontShelves
from web_ui.design import DESIGN
from web_ui.texts import Texts

_OTHERS = ("/v1", "/office", "/metrics")
"""Where other parts of the centre answer by themselves."""
_PICTURES = ("image/jpeg", "image/png", "image/webp", "image/gif", "image/avif")


def catalogue_pages(centre: Centre, policies: Policies, texts: Texts) -> Blueprint:
    """Build the catalogue of one network; registering it prepares the application for sessions and their limits.

    The application gives the `SECRET_KEY` and the flags of the session cookie.
    """
    pages = Blueprint(
        "catalogue", __name__, template_folder="templates", static_folder="static", static_url_path="/catalogue/static"
    )
    sessions = Sessions(centre, policies)
    house = House(centre, policies, texts, sessions)
    limiter = Limiter(get_remote_address, storage_uri="memory://")
    pages.record_once(lambda state: _prepare(state.app, sessions, limiter))
    pages.before_request(refuse_nonsense)
    pages.after_request(protect)
    pages.after_request(house.remember_language)
    pages.add_app_template_global(form_proof, "form_proof")
    _add_front(pages, house)
    _add_title(pages, house)
    _add_files(pages, house)
    _add_troubles(pages, house)
    add_search_page(pages, house)
    add_account_pages(pages, house, limiter)
    return pages


def _prepare(app: App, sessions: Sessions, limiter: Limiter) -> None:
    assert isinstance(app, Flask), "the pages are served by Flask"
    sessions.watch(app)
    limiter.init_app(app)


def _add_front(pages: Blueprint, house: House) -> None:
    children_at = [branch.id for branch in house.policies.branches.values() if branch.kind == "children"]
    shelves = FrontShelves(house.centre, children_at)

    @pages.get("/")
    def front() -> Response:
        return house.public("front.html", shelves=shelves.now(), whole=SHELVES)

    @pages.get("/branches")
    def branches() -> Response:
        now = house.centre.now()
        known = sorted(house.policies.branches.values(), key=lambda one: one.kind != "central")
        return house.public("branches.html", branches=known, now=now, today=house.policies.day_of(now))


def _add_title(pages: Blueprint, house: House) -> None:
    @pages.get("/titles/<path:title>")
    def title(title: str) -> Response:
        record = record_of(house.centre, TitleId(title))
        if record is None:
            abort(404)
        where = holdings(house.centre, record.id)
        near = {one.branch: house.policies.of(one.branch) for one in where.branches}
        canonical = url_for("catalogue.title", title=record.id, _external=True)
        return house.public("title.html", record=record, where=where, near=near, canonical=canonical)

    @pages.get("/covers/<cover>")
    def cover(cover: str) -> Response:
        found = cover_of(house.centre, cover)
        if found is None or found.media_type not in _PICTURES:
            abort(404)
        return Response(found.picture, content_type=found.media_type, headers={"Cache-Control": FOR_EVER})


def _add_files(pages: Blueprint, house: House) -> None:
    @pages.get("/opensearch.xml")
    def opensearch() -> Response:
        address = url_for("catalogue.search", _external=True)
        mark = url_for("catalogue.design", name="mark.svg", _external=True)
        words = render_template("catalogue/opensearch.xml", say=house.speech().say, address=address, mark=mark)
        return Response(words, content_type="application/opensearchdescription+xml; charset=utf-8")

    @pages.get("/robots.txt")
    def robots() -> Response:
        closed = "".join(f"Disallow: {path}\n" for path in ("/account", "/sign-in", "/office", "/search", "/v1"))
        return Response(f"User-agent: *\n{closed}", content_type="text/plain; charset=utf-8")

    @pages.get("/design/<path:name>")
    def design(name: str) -> Response:
        response = send_from_directory(DESIGN, name)
        response.headers["Cache-Control"] = "public, max-age=86400"
        return response


def _add_troubles(pages: Blueprint, house: House) -> None:
    """Say in plain words what went wrong, on a page one can go on from."""

    @pages.errorhandler(404)
    def nothing_here(_error: Exception) -> tuple[str, int]:
        return house.draw("trouble.html", trouble="nothing-here"), 404

    @pages.app_errorhandler(404)
    def nowhere(error: HTTPException) -> Response | HTTPException:
        if request.blueprint is not None or request.path.startswith(_OTHERS):
            return error
        return protect(Response(house.draw("trouble.html", trouble="nothing-here"), 404))

    @pages.errorhandler(400)
    def not_understood(_error: Exception) -> tuple[str, int]:
        return house.draw("trouble.html", trouble="not-understood"), 400

    @pages.errorhandler(429)
    def too_many(_error: Exception) -> tuple[str, int]:
        return house.draw("trouble.html", trouble="too-many"), 429

    @pages.errorhandler(CentreUnavailable)
    def resting(_error: Exception) -> tuple[str, int, dict[str, str]]:
        return house.draw("trouble.html", trouble="resting"), 503, {"Retry-After": "30"}
