"""What the screens of the branches show: notices, events, recommended shelves. Written here, by librarians."""

from datetime import date, datetime
from typing import Any

from flask import Blueprint, abort, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from kiosk.central.showcase import MOST_TITLES, Posting, Sort, names_of_titles, post, posting, postings, withdraw
from web_ui.catalogue.headers import demand_proof
from web_ui.office.house import Office

_LONGEST = 300


def add_showcase_pages(pages: Blueprint, office: Office) -> None:
    centre = office.centre

    @pages.get("/showcase")
    @office.only("librarian")
    def showcase() -> Response:
        today = office.policies.day_of(centre.now())
        shown = centre.look(lambda work: postings(work, centre.network, today))
        return office.draw("showcase.html", shown=shown, sorts=list(Sort), today=today)

    @pages.get("/showcase/<sort>/<name>")
    @office.only("librarian")
    def posting_form(sort: str, name: str) -> Response:
        if sort not in list(Sort):
            abort(404)
        kept = None if name == "new" else centre.look(lambda work: posting(work, centre.network, name))
        branches = sorted(office.policies.branches.values(), key=lambda one: one.short)
        return office.draw("posting.html", sort=sort, name=name, kept=kept, branches=branches, said=_said(kept))

    @pages.post("/showcase/<sort>/<name>")
    @office.only("librarian")
    def show_posting(sort: str, name: str) -> Response:
        demand_proof()
        member = office.member()
        assert member is not None, "the page is for somebody signed in"
        if sort not in list(Sort):
            abort(404)
        if request.form.get("withdraw") == "yes":
            withdraw(centre, name, member.login)
            flash(office.say("showcase.withdrawn"), "good")
            return redirect(url_for("office.showcase"))
        read = _read(office, Sort(sort), "" if name == "new" else name)
        if isinstance(read, str):
            flash(read, "stop")
            return redirect(url_for("office.posting_form", sort=sort, name=name))
        post(centre, read, member.login)
        flash(office.say("showcase.shown"), "good")
        return redirect(url_for("office.showcase"))


def _read(office: Office, sort: Sort, name: str) -> Posting | str:
    """Make a posting of the present form; a text where it cannot be one, and why."""
    form, languages = request.form, office.languages
    words = _by_language(office, "words")
    try:
        first, last = (date.fromisoformat(form.get(which, "")) for which in ("from", "until"))
        at = datetime.fromisoformat(form.get("at", "")) if sort is Sort.EVENT else None
    except ValueError:
        return office.say("showcase.incomplete")
    branch = form.get("branch", "")
    if not words or last < first or (branch and office.policies.of(branch) is None):
        return office.say("showcase.incomplete")
    facts: dict[str, Any] = {}
    if at is not None:
        facts = {"at": at.isoformat(timespec="minutes")}
        facts |= {part: said for part in ("where", "for") if (said := _by_language(office, part))}
    if sort is Sort.SHELF:
        titles = _titles(form.get("titles", ""), languages[0])
        centre = office.centre
        known = centre.look(lambda work: names_of_titles(work, centre.network, [one["id"] for one in titles]))
        if unknown := [one["id"] for one in titles if one["id"] not in known]:
            return office.say("showcase.unknown", names=", ".join(unknown[:5]))
        facts = {"titles": titles}
    return Posting(sort, branch, words, first, last, facts, name)


def _by_language(office: Office, name: str) -> dict[str, str]:
    asked = ((lang, request.form.get(f"{name}-{lang}", "").strip()[:_LONGEST]) for lang in office.languages)
    return {lang: said for lang, said in asked if said}


def _titles(text: str, language: str) -> list[dict[str, Any]]:
    """Read a line for each title: its number, a blank, a word why."""
    lines = [line.strip().split(maxsplit=1) for line in text.splitlines() if line.strip()][:MOST_TITLES]
    return [{"id": line[0], "why": {language: line[1][:_LONGEST]} if len(line) > 1 else {}} for line in lines]


def _said(kept: Posting | None) -> dict[str, Any]:
    """What the form is filled with."""
    facts = {} if kept is None else dict(kept.facts)
    titles = facts.get("titles") or []
    lines = [" ".join([str(one.get("id")), *list((one.get("why") or {}).values())[:1]]) for one in titles]
    return {
        "at": facts.get("at", ""),
        "where": facts.get("where", {}),
        "for": facts.get("for", {}),
        "titles": "\n".join(lines),
    }
