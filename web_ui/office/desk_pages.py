"""The counter: a librarian lends and takes back by card and barcode, by the rules the stations have."""

from flask import Blueprint, request
from werkzeug.wrappers import Response

from kiosk.central.circulation import LentAtDesk, NoSuchBranch, lend, take_back
from kiosk.circulation.model import BranchId, CardNumber, ItemId
from web_ui.catalogue.headers import demand_proof
from web_ui.office.house import Office


def add_desk_pages(pages: Blueprint, office: Office) -> None:
    @pages.get("/desk")
    @office.only("librarian")
    def desk() -> Response:
        return office.draw("desk.html", **_shown(office), words="", kind="")

    @pages.post("/desk")
    @office.only("librarian")
    def act() -> Response:
        demand_proof()
        member = office.member()
        assert member is not None, "the page is for somebody signed in"
        shown = _shown(office)
        item = ItemId(request.form.get("item", "").strip())
        try:
            words, kind = _act(office, shown["branch"], member.login, shown["card"], item)
        except NoSuchBranch:
            words, kind = office.say("desk.branch"), "stop"
        return office.draw("desk.html", **shown, words=words, kind=kind)


def _shown(office: Office) -> dict[str, str]:
    member = office.member()
    at = member.branch if member else ""
    first = str(next(iter(office.policies.branches)))
    branch = request.values.get("branch", "") or at or first
    return {"branch": branch, "card": request.values.get("card", "").strip()}


def _act(office: Office, branch: str, who: str, card: str, item: ItemId) -> tuple[str, str]:
    if not item:
        return office.say("desk.no-item"), "ask"
    if not card:
        back = take_back(office.centre, office.policies, BranchId(branch), who, item)
        title = back.words.title if back.words else item
        key = "desk.back-held" if back.held_for else "desk.back-travels" if back.destination else "desk.back"
        where = office.policies.short_name(str(back.destination or ""))
        return office.say(key, title=title, where=where), "ask" if back.held_for or back.destination else "good"
    answer = lend(office.centre, office.policies, BranchId(branch), who, CardNumber(card), item)
    if isinstance(answer, LentAtDesk):
        due = office.texts.day(office.language(), answer.due)
        return office.say("desk.lent", title=answer.words.title, due=due), "good"
    reasons = ", ".join(office.say(f"refusal.{reason.refusal.value}") for reason in answer.reasons)
    return office.say("desk.refused", reasons=reasons), "stop"
