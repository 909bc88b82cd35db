"""The pages of the office, put together; and its door."""

from pathlib import Path

from flask import Blueprint, Flask, Response, flash, redirect, request, url_for
from flask.sansio.app import App
from flask_limiter import Limiter
from flask_limiter.util import get_remote_address
from werkzeug.wrappers import Response as AnyResponse

from kiosk.central import staff
from kiosk.central.centre import Centre
from kiosk.central.errors import CentreUnavailable
from kiosk.central.policies import Policies
from web_ui.catalogue.headers import demand_proof, form_proof, protect, refuse_nonsense
from web_ui.office.debt_pages import add_debt_pages
from web_ui.office.desk_pages import add_desk_pages
from web_ui.office.figures_pages import add_figures_pages
from web_ui.office.fleet_pages import add_fleet_pages
from web_ui.office.house import Office
from web_ui.office.patron_pages import add_patron_pages
from web_ui.office.settings_pages import add_settings_pages
from web_ui.office.showcase_pages import add_showcase_pages
from web_ui.office.tag_pages import add_tag_pages
from web_ui.texts import Texts


def office_pages(centre: Centre, policies: Policies, texts: Texts, config_dir: Path) -> Blueprint:
    """Build the office of one network. The catalogue's pages must be there too: the office is drawn with their type."""
    pages = Blueprint("office", __name__, template_folder="templates", static_folder="static", url_prefix="/office")
    office = Office(centre, policies, texts, config_dir)
    limiter = Limiter(get_remote_address, storage_uri="memory://")
    pages.record_once(lambda state: _prepare(state.app, office, limiter))
    pages.before_request(refuse_nonsense)
    pages.after_request(protect)
    pages.add_app_template_global(form_proof, "form_proof")
    _add_door(pages, office, limiter)
    add_fleet_pages(pages, office)
    add_debt_pages(pages, office)
    add_settings_pages(pages, office)
    add_figures_pages(pages, office)
    add_patron_pages(pages, office)
    add_desk_pages(pages, office)
    add_showcase_pages(pages, office)
    add_tag_pages(pages, office)
    _add_troubles(pages, office)
    return pages


def _prepare(app: App, office: Office, limiter: Limiter) -> None:
    assert isinstance(app, Flask), "the pages are served by Flask"
    office.watch(app)
    limiter.init_app(app)


def _add_door(pages: Blueprint, office: Office, limiter: Limiter) -> None:
    @pages.get("/sign-in")
    def sign_in() -> AnyResponse:
        return office.draw("sign-in.html", onward=_onward(request.args.get("next", "")))

    @pages.post("/sign-in")
    @limiter.limit("20 per minute")
    def enter() -> AnyResponse:
        demand_proof()
        member = staff.sign_in(office.centre, request.form.get("login", "").strip(), request.form.get("password", ""))
        onward = _onward(request.form.get("next", ""))
        if member is None:
            flash(office.say("door.wrong"), "stop")
            return redirect(f"{url_for('office.sign_in')}?next={onward}")
        office.enter(member)
        return redirect(onward or url_for("office.fleet"))

    @pages.post("/sign-out")
    def leave() -> AnyResponse:
        demand_proof()
        office.leave()
        return redirect(url_for("office.sign_in"))


def _onward(path: str) -> str:
    """Go on to a page of the office, and to no other."""
    return path if path.startswith("/office/") and "//" not in path and "\\" not in path else ""


def _add_troubles(pages: Blueprint, office: Office) -> None:
    @pages.errorhandler(403)
    def not_yours(_error: Exception) -> tuple[Response, int]:
        return office.draw("trouble.html", what="not-yours"), 403

    @pages.errorhandler(400)
    def old_form(_error: Exception) -> tuple[Response, int]:
        return office.draw("trouble.html", what="old-form"), 400

    @pages.errorhandler(CentreUnavailable)
    def silent(_error: Exception) -> tuple[str, int]:
        return office.texts.say(office.languages[0], "trouble.silent"), 503
