"""A copy that was set aside and is not wanted any more: it serves who waits next, or goes home.

The copy itself lies on a shelf where no station sees it, so staff there are told by a debt.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, case, func, literal, update

from kiosk.central.changes import touch
from kiosk.central.circulation.branch_rules import rules_for
from kiosk.central.circulation.facts import Facts, Queued, Stocked, holds_in
from kiosk.central.column_types import Instant
from kiosk.central.debts import CentralDebt, open_debt
from kiosk.central.policies import Policies
from kiosk.central.tables import holds, items
from kiosk.circulation.model import BranchId, Hold, HoldStatus, ItemId, ItemStatus
from kiosk.circulation.rules import decide_checkin
from kiosk.wire.messages import Kind

_MAY_TRAVEL = (ItemStatus.AVAILABLE, ItemStatus.IN_TRANSIT, ItemStatus.LOST)  # the others say more than where it is


@dataclass(frozen=True, slots=True)
class Ending:
    """How a hold ends before its patron had the book: `why` as it is kept, and when."""

    why: str
    at: datetime


def end_hold(facts: Facts, policies: Policies, ended: Queued, ending: Ending) -> str | None:
    """End a hold whose title is locked, and let its copy serve who waits next; says which hold that is."""
    close_hold(facts.connection, facts.network, ended.id, ending)
    moved_to = None
    touched = {ended.id}
    if ended.hold.item is not None and ended.hold.status is HoldStatus.READY:
        moved_to = _pass_on(facts, policies, ended, ending)
        touched |= set() if moved_to is None else {moved_to}
        touch(facts.connection, facts.network, Kind.ITEM, [ended.hold.item])
    touch(facts.connection, facts.network, Kind.HOLD, touched)
    return moved_to


def close_hold(connection: Connection, network: str, hold: str, ending: Ending) -> None:
    ours = (holds.c.network == network) & (holds.c.id == hold)
    connection.execute(update(holds).where(ours).values(closed_at=ending.at, closed_why=ending.why))


def set_aside(facts: Facts, hold: str, item: ItemId, ready_at: datetime | None) -> None:
    """Give *item* to the patron of *hold*; `ready_at` is None while the copy is still on its way.

    A copy that lies there already does not begin to wait anew.
    """
    ours = (holds.c.network == facts.network) & (holds.c.id == hold)
    begun = case((holds.c.item == item, func.coalesce(holds.c.ready_at, literal(ready_at, Instant))), else_=ready_at)
    given = {"status": HoldStatus.READY.value, "item": item, "ready_at": None if ready_at is None else begun}
    facts.connection.execute(update(holds).where(ours).values(given))


def place_copy(facts: Facts, copy: Stocked, destination: BranchId | None) -> None:
    """Say where a copy that is here goes; None when it stays. One that is withdrawn or not lent stays what it is."""
    status = ItemStatus.AVAILABLE if destination is None else ItemStatus.IN_TRANSIT
    if copy.item.status not in _MAY_TRAVEL or copy.item.status is status:
        return
    ours = (items.c.network == facts.network) & (items.c.id == copy.item.id)
    facts.connection.execute(update(items).where(ours).values(status=status.value))


def number_of(queue: tuple[Queued, ...], hold: Hold | None) -> str | None:
    """Find the number a hold of this queue is kept under."""
    return next((one.id for one in queue if one.hold == hold), None)


def _pass_on(facts: Facts, policies: Policies, ended: Queued, ending: Ending) -> str | None:
    assert ended.hold.item is not None, "only a hold with a copy passes one on"
    copy = facts.copies([ended.hold.item]).get(ended.hold.item)
    if copy is None:
        return None
    queue = facts.queues([ended.hold.title])[ended.hold.title]
    branch = rules_for(policies, copy.location, copy.item.branch)
    decision = decide_checkin(
        copy.item, None, holds_in(queue), branch.policy, None, copy.location, branch.hours, policies.day_of(ending.at)
    )
    moved_to = number_of(queue, decision.hold_for)
    if moved_to is not None:
        set_aside(facts, moved_to, copy.item.id, ending.at if decision.destination is None else None)
    place_copy(facts, copy, decision.destination)
    open_debt(
        facts.connection,
        facts.network,
        kind=CentralDebt.HOLD_MOVED,
        item=copy.item.id,
        branch=copy.location,
        evidence={
            "why": ending.why,
            "hold": ended.id,
            "title": copy.item.title.name,
            "moved_to": moved_to,
            "destination": decision.destination,
        },
        at=ending.at,
    )
    return moved_to
