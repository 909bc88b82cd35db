"""Waiting for a title: a patron joins its queue at the station, or leaves it. The centre hears of it like of a loan."""

from datetime import datetime, timedelta

from kiosk.circulation.model import (
    BranchId,
    Hold,
    HoldStatus,
    Item,
    ItemId,
    ItemStatus,
    Loan,
    PatronId,
    Reason,
    Refusal,
    Title,
    TitleId,
)
from kiosk.circulation.rules import Place, Supply, decide_hold
from kiosk.library.local.answers import Asked, keep, recall
from kiosk.library.local.desk import Desk
from kiosk.library.port import HoldAnswer, HoldCancelled, HoldNotPlaced, HoldPlaced, RequestKey, Words
from kiosk.store.identifiers import new_id
from kiosk.store.journal import EventType

_NEVER_LENT = (ItemStatus.NOT_FOR_LOAN, ItemStatus.WITHDRAWN, ItemStatus.LOST)


def place_hold(
    desk: Desk, patron_id: PatronId, title_id: TitleId, pickup: BranchId | None, key: RequestKey
) -> HoldAnswer:
    """Ask the rules, and write the hold down. The same *key* again gets the answer of the first time."""
    given: dict[str, HoldAnswer] = recall(desk.work, Asked.PLACE_HOLD, [key])
    if key in given:
        return given[key]
    answer = _decide(desk, patron_id, title_id, pickup or desk.rules.branch)
    keep(desk.work, Asked.PLACE_HOLD, key, answer)
    return answer


def cancel_hold(desk: Desk, patron: PatronId, title: TitleId) -> HoldCancelled:
    """End the patron's hold on *title*, also one that is ready: the centre says whom the copy serves next."""
    work = desk.work
    mine = next((hold for hold in work.holds.of_patron(patron) if hold.title == title), None)
    if mine is None:
        return HoldCancelled(title)
    name = work.holds.key_of(mine)
    work.holds.fulfil(mine, work.moment.at)
    work.journal.record(EventType.HOLD_CANCELLED, {"hold": name, "patron": patron, "title": title})
    return HoldCancelled(title)


def _decide(desk: Desk, patron_id: PatronId, title_id: TitleId, pickup: BranchId) -> HoldAnswer:
    work, rules = desk.work, desk.rules
    patron, title = work.patrons.by_id(patron_id), work.items.titles([title_id]).get(title_id)
    words = None if title is None else Words(title.name, title.author)
    if patron is None:
        return HoldNotPlaced(title_id, words, (Reason(Refusal.CARD_UNKNOWN),))
    if title is None or words is None:
        return HoldNotPlaced(title_id, None, (Reason(Refusal.ITEM_UNKNOWN),))
    queue = work.holds.queues([title_id])[title_id]
    elsewhere = tuple(hold for hold in work.holds.of_patron(patron_id) if hold.title != title_id)
    loans = desk.loans_of(patron_id)
    supply = _supply(desk, title, queue, loans, pickup)
    decision = decide_hold(patron, title, (*queue, *elsewhere), loans, supply, rules.policy, desk.today)
    if not isinstance(decision, Place):
        return HoldNotPlaced(title_id, words, decision.reasons)
    _write_down(desk, Hold(patron_id, title_id, _after(queue, work.moment.at), pickup))
    return HoldPlaced(title_id, words, decision.position, rules.name_of(pickup))


def _write_down(desk: Desk, hold: Hold) -> None:
    name = new_id(desk.work.moment.at)
    desk.work.holds.place(hold, name)
    facts = {"hold": name, "patron": hold.patron, "title": hold.title, "pickup": hold.pickup}
    desk.work.journal.record(EventType.HOLD_PLACED, facts)


def _supply(desk: Desk, title: Title, queue: tuple[Hold, ...], loans: tuple[Loan, ...], pickup: BranchId) -> Supply:
    copies = desk.work.items.copies_of(title.id)
    names = [item.id for item, _ in copies]
    aside = {hold.item for hold in queue if hold.status is HoldStatus.READY}
    taken: set[ItemId | None] = {*desk.work.loans.open_of_items(names), *aside}
    mine = {loan.item for loan in loans}
    return Supply(
        lendable=sum(item.status not in _NEVER_LENT for item, _ in copies),
        free_at_pickup=sum(_is_free(item, taken) for item, branch in copies if branch == pickup),
        on_loan_to_patron=any(item.id in mine for item, _ in copies),
    )


def _is_free(item: Item, taken: set[ItemId | None]) -> bool:
    return item.status is ItemStatus.AVAILABLE and item.id not in taken


def _after(queue: tuple[Hold, ...], at: datetime) -> datetime:
    """Let no clock that is behind put anybody before those who came earlier."""
    return max([at, *(hold.placed_at + timedelta(microseconds=1) for hold in queue)])
