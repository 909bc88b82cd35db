"""Debts in plain words, each settled with one touch."""

from flask import Blueprint, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from kiosk.central.circulation.fetching import to_fetch
from kiosk.central.resolutions import Resolution, ShownDebt, open_debts, resolve
from web_ui.catalogue.headers import demand_proof
from web_ui.office.house import Office


def add_debt_pages(pages: Blueprint, office: Office) -> None:
    centre = office.centre

    @pages.get("/debts")
    @office.only()
    def debts() -> Response:
        member = office.member()
        branch = request.args.get("branch", member.branch if member else "")
        found = centre.look(lambda work: open_debts(work, centre.network, branch))
        told = [(one, story(office, one)) for one in found]
        branches = sorted((str(one.id), one.short) for one in office.policies.branches.values())
        fetch = to_fetch(centre, branch)
        return office.draw("debts.html", debts=told, branch=branch, branches=branches, fetch=fetch)

    @pages.post("/debts/<debt>/<resolution>")
    @office.only()
    def settle(debt: str, resolution: str) -> Response:
        demand_proof()
        member = office.member()
        assert member is not None, "the page is for somebody signed in"
        known = {one.value: one for one in Resolution}.get(resolution)
        done = known is not None and resolve(centre, debt, known, member.login)
        flash(office.say("debts.settled" if done else "debts.settled-before"), "good" if done else "ask")
        branch = request.form.get("branch", "")
        return redirect(url_for("office.debts", branch=branch))


def story(office: Office, debt: ShownDebt) -> str:
    """Tell what happened, where and to whom, in one or two sentences."""
    said = debt.evidence
    people = {name: f"{person.name} ({person.card})" for name, person in debt.people.items()}
    nobody = office.say("debts.nobody")
    return office.say(
        f"debt.{debt.kind.value}.story",
        title=debt.title,
        item=debt.item or "—",
        branch=office.policies.short_name(debt.branch) if debt.branch else "—",
        station=debt.station or "—",
        patron=people.get("patron", nobody),
        later=people.get("later_patron", nobody),
        held_for=people.get("held_for", nobody),
        slip=people.get("slip_named", nobody),
        elsewhere=office.policies.short_name(str(said.get("stood_at", ""))) or "—",
        has=said.get("has", "—"),
        may=said.get("may", "—"),
        names=said.get("names") or ", ".join(f"№ {part}" for part in said.get("missing") or ()) or "—",
        why=said.get("why", said.get("outcome", "—")),
    )
