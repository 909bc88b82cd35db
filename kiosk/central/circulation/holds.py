"""A patron's wishes about holds: join the queue for a title, leave it. One wish is one transaction."""

from datetime import datetime, timedelta
from uuid import NAMESPACE_URL, uuid5

from sqlalchemy import Connection, insert, select

from kiosk.central.centre import Centre
from kiosk.central.changes import touch
from kiosk.central.circulation.answers import HoldCancelled, HoldPlaced, HoldRefused, NoSuchHold
from kiosk.central.circulation.branch_rules import rules_of
from kiosk.central.circulation.counting import Counted, Done, count, refusals
from kiosk.central.circulation.facts import Facts, Queued, Stocked, holds_in, loans_in, queued
from kiosk.central.circulation.passing_on import Ending, end_hold
from kiosk.central.policies import BranchPolicy, Policies
from kiosk.central.tables import holds
from kiosk.circulation.model import (
    BranchId,
    HoldStatus,
    ItemId,
    ItemStatus,
    Loan,
    Patron,
    PatronId,
    Reason,
    Refusal,
    Title,
    TitleId,
)
from kiosk.circulation.rules import Place, Supply, decide_hold
from kiosk.wire.messages import Kind

CANCELLED = "cancelled"
_NEVER_LENT = (ItemStatus.NOT_FOR_LOAN, ItemStatus.WITHDRAWN, ItemStatus.LOST)


def place_hold(
    centre: Centre, policies: Policies, patron: PatronId, title: TitleId, pickup: BranchId, key: str
) -> HoldPlaced | HoldRefused:
    """Put *patron* into the queue for *title*, to be fetched at *pickup*; durable when it returns.

    *key* names this wish: the same again changes nothing and gets the place there is now.
    Raises: NoSuchBranch, CentreUnavailable.
    """
    branch = rules_of(policies, pickup)
    hold_id = str(uuid5(NAMESPACE_URL, f"{centre.network}\n{patron}\n{title}\n{key}"))
    return centre.carry_out(lambda work: _place(centre, work, policies, patron, title, branch, hold_id))


def cancel_hold(centre: Centre, policies: Policies, patron: PatronId, hold: str) -> HoldCancelled | NoSuchHold:
    """Take *patron* out of the queue. A copy that was set aside serves who waits next, or goes home.

    A hold that has ended stays ended. Raises: CentreUnavailable.
    """
    return centre.carry_out(lambda work: _cancel(centre, work, policies, patron, hold))


def _place(
    centre: Centre,
    work: Connection,
    policies: Policies,
    patron_id: PatronId,
    title_id: TitleId,
    branch: BranchPolicy,
    hold_id: str,
) -> HoldPlaced | HoldRefused:
    facts = Facts(work, centre.network)
    facts.lock_copies(of_titles=[title_id])
    facts.lock_patron(patron_id)
    at = centre.now()  # after the locks: the queue is in the order of the moments
    queue = facts.queues([title_id])[title_id]
    if _is_kept(work, centre.network, hold_id):
        return HoldPlaced(hold_id, _place_in(queue, hold_id))
    patron, title = facts.patron(patron_id), facts.titles([title_id]).get(title_id)
    if patron is None:
        return HoldRefused((Reason(Refusal.CARD_UNKNOWN),))
    if title is None:
        return HoldRefused((Reason(Refusal.ITEM_UNKNOWN),))
    decision = _decide(facts, patron, title, queue, branch, policies, at)
    if not isinstance(decision, Place):
        count(work, centre.network, policies, at, refusals(decision, branch.id, patron.category, title.language))
        return HoldRefused(decision)
    _keep(facts, hold_id, patron, title, branch.id, _after(queue, at))
    count(work, centre.network, policies, at, [Counted(Done.HOLD, branch.id, patron.category, title.language)])
    touch(work, centre.network, Kind.HOLD, [hold_id])
    return HoldPlaced(hold_id, decision.position)


def _decide(
    facts: Facts,
    patron: Patron,
    title: Title,
    queue: tuple[Queued, ...],
    branch: BranchPolicy,
    policies: Policies,
    at: datetime,
) -> Place | tuple[Reason, ...]:
    """Ask the rules. The queue and the patron's own holds overlap in this very title."""
    elsewhere = tuple(one for one in facts.holds_of(patron.id) if one.hold.title != title.id)
    known = holds_in((*queue, *elsewhere))
    loans = loans_in(facts.loans_of(patron.id))
    supply = _supply(facts, title, queue, loans, branch.id)
    decision = decide_hold(patron, title, known, loans, supply, branch.policy, policies.day_of(at))
    return decision if isinstance(decision, Place) else decision.reasons


def _supply(facts: Facts, title: Title, queue: tuple[Queued, ...], loans: tuple[Loan, ...], pickup: BranchId) -> Supply:
    copies = facts.copies_of(title.id)
    out = facts.loans_on([copy.item.id for copy in copies])
    aside = {one.hold.item for one in queue if one.hold.status is HoldStatus.READY}
    taken = {*out, *aside}
    mine = {loan.item for loan in loans}
    return Supply(
        lendable=sum(copy.item.status not in _NEVER_LENT for copy in copies),
        free_at_pickup=sum(_is_free(copy, taken) for copy in copies if copy.location == pickup),
        on_loan_to_patron=any(copy.item.id in mine for copy in copies),
    )


def _is_free(copy: Stocked, taken: set[ItemId | None]) -> bool:
    return copy.item.status is ItemStatus.AVAILABLE and copy.item.id not in taken


def _is_kept(work: Connection, network: str, hold_id: str) -> bool:
    ours = select(holds.c.id).where(holds.c.network == network, holds.c.id == hold_id)
    return work.execute(ours).one_or_none() is not None


def _place_in(queue: tuple[Queued, ...], hold_id: str) -> int:
    waiting = [one.id for one in queue if one.hold.status is HoldStatus.WAITING]
    return waiting.index(hold_id) + 1 if hold_id in waiting else 0


def _after(queue: tuple[Queued, ...], at: datetime) -> datetime:
    """Let no clock that is behind put anybody before those who came earlier."""
    return max([at, *(one.hold.placed_at + timedelta(microseconds=1) for one in queue)])


def _keep(facts: Facts, hold_id: str, patron: Patron, title: Title, pickup: BranchId, placed_at: datetime) -> None:
    row = {
        "network": facts.network,
        "id": hold_id,
        "patron": patron.id,
        "title": title.id,
        "placed_at": placed_at,
        "pickup": pickup,
        "status": HoldStatus.WAITING.value,
    }
    facts.connection.execute(insert(holds).values(row))


def _cancel(
    centre: Centre, work: Connection, policies: Policies, patron_id: PatronId, hold_id: str
) -> HoldCancelled | NoSuchHold:
    facts = Facts(work, centre.network)
    ours = select(holds).where(holds.c.network == centre.network, holds.c.id == hold_id)
    seen = work.execute(ours).one_or_none()
    patron = facts.patron(patron_id)
    if seen is None or patron is None or seen.patron != patron.id:
        return NoSuchHold()
    facts.lock_copies(of_titles=[seen.title])
    row = work.execute(ours).one()
    if row.closed_at is not None:
        return HoldCancelled()
    return HoldCancelled(end_hold(facts, policies, queued(row), Ending(CANCELLED, centre.now())))
