"""The patron's own pages: sign in, what one has, renew, wait for a title, leave a queue. Kept by nobody.

Every change is a form with a proof that it came from our page, answered by a redirect: reloading repeats nothing.
"""

import re
import secrets
from collections.abc import Callable
from functools import wraps
from urllib.parse import quote

from flask import Blueprint, abort, flash, redirect, request, url_for
from flask_limiter import Limiter
from werkzeug.wrappers import Response

from kiosk.central.circulation import (
    HoldPlaced,
    NoSuchBranch,
    NotServed,
    SignedIn,
    account,
    cancel_hold,
    place_hold,
    renew,
    sign_in,
)
from kiosk.central.circulation.holdings import holdings
from kiosk.central.circulation.records import record_of
from kiosk.circulation.model import BranchId, LoanId, Patron, TitleId
from kiosk.library.port import Renewed
from web_ui.catalogue.headers import demand_proof, has_proof
from web_ui.catalogue.house import House

SIGN_INS = "10 per minute; 120 per hour"
"""Tries from one address; the tries for one card are counted by the centre."""
LONGEST = 64
_ONWARD = re.compile(r"/account|/titles/[^\\?#\x00-\x1f]+/hold")

Page = Callable[..., str | Response]


def add_account_pages(pages: Blueprint, house: House, limiter: Limiter) -> None:
    _add_sign_in(pages, house, limiter)
    _add_account(pages, house)
    _add_holds(pages, house)


def _add_sign_in(pages: Blueprint, house: House, limiter: Limiter) -> None:
    @pages.get("/sign-in")
    def sign_in_page() -> str | Response:
        ended = "ended" in request.args  # the page itself says that nobody has touched it for too long
        if ended:
            house.sessions.end()
        elif house.sessions.patron() is not None:
            return redirect(_onward(), 303)
        return house.draw("sign-in.html", onward=_onward(), ended=ended)

    @pages.post("/sign-in")
    @limiter.limit(SIGN_INS)
    def do_sign_in() -> str | tuple[str, int] | Response:
        shown: dict[str, object] = {"onward": _onward(), "card": request.form.get("card", "")[:LONGEST]}
        if not has_proof():
            return house.draw("sign-in.html", **shown, trouble="sign-in.stale"), 400
        card, pin = request.form.get("card", ""), request.form.get("pin", "")
        if len(card) > LONGEST or len(pin) > LONGEST:
            abort(400)
        answer = sign_in(house.centre, house.policies, card.strip(), pin)
        if isinstance(answer, SignedIn):
            house.sessions.begin(answer.patron)
            return redirect(_onward(), 303)
        reasons = answer.reasons if isinstance(answer, NotServed) else ()
        return house.draw("sign-in.html", **shown, trouble="sign-in.wrong", reasons=reasons), 403

    @pages.post("/sign-out")
    def sign_out() -> Response:
        demand_proof()
        house.sessions.end()
        return redirect(url_for("catalogue.front"), 303)


def _add_account(pages: Blueprint, house: House) -> None:
    @pages.get("/account")
    @_signed_in(house)
    def account_page(patron: Patron) -> str | Response:
        shown = account(house.centre, house.policies, patron.id)
        return house.draw("account.html", account=shown, idle=True) if shown else redirect(_door(), 303)

    @pages.get("/account/here")
    @_signed_in(house)
    def still_here(patron: Patron) -> Response:  # noqa: ARG001 - being signed in is the whole question
        return Response(status=204)

    @pages.post("/account/renew")
    @_signed_in(house)
    def do_renew(patron: Patron) -> Response:
        demand_proof()
        loans = tuple(LoanId(one) for one in request.form.getlist("loan"))
        answers = renew(house.centre, house.policies, patron.id, loans)
        speech = house.speech()
        done = [one for one in answers if isinstance(one, Renewed)]
        if done:
            last = speech.week_day(max(one.due for one in done))
            flash(speech.say("renewed", len(done), day=last), "good")
        elif not answers:
            flash(speech.say("renewed.nothing"), "ask")
        for one in answers:
            if not isinstance(one, Renewed) and loans:
                flash(" ".join(speech.why(reason) for reason in one.reasons), "ask")
        if len(done) < len(answers) and not loans:
            flash(speech.say("renewed.others", len(answers) - len(done)), "ask")
        return redirect(url_for("catalogue.account_page"), 303)


def _add_holds(pages: Blueprint, house: House) -> None:
    @pages.get("/titles/<path:title>/hold")
    @_signed_in(house)
    def hold_page(patron: Patron, title: str) -> str:
        record = record_of(house.centre, TitleId(title))
        if record is None:
            abort(404)
        where = holdings(house.centre, record.id)
        free = tuple(one.branch for one in where.branches if one.free)
        near_first = sorted(house.policies.branches.values(), key=lambda one: one.id != patron.branch)
        chosen = next((one.id for one in near_first if one.id not in free), "")
        shown = {"record": record, "where": where, "free": free, "branches": near_first, "chosen": chosen}
        return house.draw("hold.html", **shown, wish=secrets.token_urlsafe(12), idle=True)

    @pages.post("/titles/<path:title>/hold")
    @_signed_in(house)
    def do_hold(patron: Patron, title: str) -> Response:
        demand_proof()
        wish, pickup = request.form.get("wish", "")[:LONGEST], BranchId(request.form.get("pickup", ""))
        try:
            answer = place_hold(house.centre, house.policies, patron.id, TitleId(title), pickup, wish)
        except NoSuchBranch:
            abort(400)
        speech = house.speech()
        if isinstance(answer, HoldPlaced):
            flash(speech.say("hold.placed", place=answer.place, branch=speech.branch(pickup)), "good")
            return redirect(url_for("catalogue.account_page") + "#holds", 303)
        flash(" ".join(speech.why(reason) for reason in answer.reasons), "ask")
        return redirect(url_for("catalogue.hold_page", title=title), 303)

    @pages.post("/account/holds/<hold>/cancel")
    @_signed_in(house)
    def do_cancel(patron: Patron, hold: str) -> Response:
        demand_proof()
        cancel_hold(house.centre, house.policies, patron.id, hold)
        flash(house.speech().say("hold.cancelled"), "good")
        return redirect(url_for("catalogue.account_page") + "#holds", 303)


def _signed_in(house: House) -> Callable[[Page], Page]:
    """Give a page its patron, or show the door with the way back."""

    def guarded(page: Page) -> Page:
        @wraps(page)
        def with_patron(**path: str) -> str | Response:
            patron = house.sessions.patron()
            return redirect(_door(), 303) if patron is None else page(patron, **path)

        return with_patron

    return guarded


def _door() -> str:
    onward = request.path if request.method == "GET" and _ONWARD.fullmatch(request.path) else "/account"
    return f"{url_for('catalogue.sign_in_page')}?onward={quote(onward, safe='')}"


def _onward() -> str:
    """Where to go after signing in: one of our own pages, whatever the address says."""
    asked = request.values.get("onward", "")
    return asked if _ONWARD.fullmatch(asked) else url_for("catalogue.account_page")
