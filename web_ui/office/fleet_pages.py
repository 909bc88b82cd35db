"""Every station on one screen: how it is, what wants an eye; who is let in and who is shut out."""

from flask import Blueprint, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from kiosk.central.alarms import Raised, alarms_of
from kiosk.central.audit import first_break, latest
from kiosk.central.card_count import CardCount, count_cards
from kiosk.central.enrolment import make_code, revoke
from kiosk.central.errors import EnrolmentRefused
from kiosk.central.fleet import StationState, overview
from kiosk.central.mail import queue
from web_ui.catalogue.headers import demand_proof
from web_ui.office.house import Office


def add_fleet_pages(pages: Blueprint, office: Office) -> None:
    centre = office.centre

    def states() -> list[tuple[StationState, tuple[Raised, ...]]]:
        """The stations, those that want an eye first."""
        found = centre.look(lambda work: overview(work, centre.network))
        judged = [(one, alarms_of(one, centre.now())) for one in found]
        return sorted(judged, key=lambda pair: (pair[0].revoked_at is not None, -_weight(pair[1]), pair[0].id))

    def dead() -> tuple[queue.Dead, ...]:
        return centre.look(lambda work: queue.dead_letters(work, centre.network))

    def cards() -> CardCount | None:
        """How many cards are left to replace; None for a network whose cards prove nothing."""
        counted = centre.look(lambda work: count_cards(work, centre.network))
        return counted if counted.proven else None

    @pages.get("/")
    @office.only()
    def fleet() -> Response:
        found = states()
        quiet = sum(not alarms and one.revoked_at is None for one, alarms in found)
        shown = {"branches": _branches(office), "dead": dead(), "cards": cards()}
        return office.draw("fleet.html", stations=found, quiet=quiet, code=None, **shown)

    @pages.get("/fleet-now")
    @office.only()
    def fleet_now() -> Response:
        """The cards alone, for the page to refresh itself with."""
        return office.draw("_stations.html", stations=states())

    @pages.post("/stations/enrol")
    @office.only("technician")
    def enrol() -> Response:
        demand_proof()
        member = office.member()
        assert member is not None, "the page is for somebody signed in"
        branch, name = request.form.get("branch", ""), request.form.get("station", "").strip()
        try:
            code = make_code(centre, office.policies, branch, name, member.login)
        except EnrolmentRefused as error:
            flash(str(error), "stop")
            return redirect(url_for("office.fleet"))
        found = states()
        shown = {"code": code, "enrolled": f"{branch}.{name}", "branches": _branches(office), "dead": dead()}
        return office.draw("fleet.html", stations=found, quiet=0, **shown)

    @pages.post("/stations/<station>/revoke")
    @office.only("technician")
    def shut_out(station: str) -> Response:
        demand_proof()
        member = office.member()
        assert member is not None, "the page is for somebody signed in"
        done = revoke(centre, station, member.login)
        flash(office.say("fleet.revoked" if done else "fleet.not-revoked", station=station), "good" if done else "ask")
        return redirect(url_for("office.fleet"))

    @pages.post("/mails/<mail>/again")
    @office.only()
    def mail_again(mail: str) -> Response:
        demand_proof()
        queue.again(centre, mail)
        return redirect(url_for("office.fleet"))

    @pages.post("/mails/<mail>/give-up")
    @office.only()
    def mail_give_up(mail: str) -> Response:
        demand_proof()
        queue.give_up(centre, mail)
        return redirect(url_for("office.fleet"))

    @pages.get("/audit")
    @office.only("technician")
    def audit() -> Response:
        like = request.args.get("q", "")[:60]
        rows = centre.look(lambda work: latest(work, centre.network, 200, like))
        broken = centre.look(lambda work: first_break(work, centre.network))
        return office.draw("audit.html", rows=rows, broken=broken, like=like)


def _weight(alarms: tuple[Raised, ...]) -> int:
    return sum(10 if one.grave else 1 for one in alarms)


def _branches(office: Office) -> list[tuple[str, str]]:
    return sorted((str(one.id), one.short) for one in office.policies.branches.values())
