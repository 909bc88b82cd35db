"""What is kept of a person: shown, handed out, taken away, made one."""

import json
from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from flask import Response as FileResponse
from werkzeug.wrappers import Response

from kiosk.central import privacy
from kiosk.central.errors import PatronError
from web_ui.catalogue.headers import demand_proof
from web_ui.office.house import Office


def add_patron_pages(pages: Blueprint, office: Office) -> None:
    centre = office.centre

    def who() -> str:
        member = office.member()
        assert member is not None, "the page is for somebody signed in"
        return member.login

    @pages.get("/patrons")
    @office.only("librarian")
    def patrons() -> Response:
        return office.draw("patrons.html", told=None, card="")

    @pages.post("/patrons")
    @office.only("librarian")
    def look() -> Response:
        demand_proof()
        card = request.form.get("card", "").strip()
        told: dict[str, Any] | None = None
        try:
            told = privacy.export(centre, card, who())
        except PatronError as error:
            flash(str(error), "stop")
        return office.draw("patrons.html", told=told, card=card)

    @pages.post("/patrons/export")
    @office.only("librarian")
    def export() -> FileResponse | Response:
        demand_proof()
        card = request.form.get("card", "").strip()
        try:
            told = privacy.export(centre, card, who())
        except PatronError as error:
            flash(str(error), "stop")
            return redirect(url_for("office.patrons"))
        text = json.dumps(told, ensure_ascii=False, indent=2)
        head = {"Content-Disposition": 'attachment; filename="patron.json"'}
        return FileResponse(text, mimetype="application/json", headers=head)

    @pages.post("/patrons/erase")
    @office.only("librarian")
    def erase() -> Response:
        demand_proof()
        return done(lambda: privacy.erase(centre, request.form.get("card", "").strip(), who()), "patrons.erased")

    @pages.post("/patrons/merge")
    @office.only("librarian")
    def merge() -> Response:
        demand_proof()
        gone, into = (request.form.get(name, "").strip() for name in ("card", "into"))
        return done(lambda: privacy.merge(centre, gone, into, who()), "patrons.merged")

    def done(act: Any, words: str) -> Response:
        try:
            act()
            flash(office.say(words), "good")
        except PatronError as error:
            flash(str(error), "stop")
        return redirect(url_for("office.patrons"))
