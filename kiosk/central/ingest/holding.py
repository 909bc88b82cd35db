"""Holds as stations tell of them: placed without asking the centre, or given up.

A station decides by what it knows, and says yes to a patron's face. So the queue takes every hold it can take, also
one the rules would refuse by now; where the patron waits already, the earlier place stands; where there is nothing
left to wait for, a librarian is told.
"""

from kiosk.central.debts import CentralDebt
from kiosk.central.ingest.fold import Folding
from kiosk.central.ingest.picture import HoldRow, ItemRow
from kiosk.central.ingest.returning import decide_return
from kiosk.circulation.model import BranchId, ItemStatus
from kiosk.wire.messages import Kind

_MAY_TRAVEL = (ItemStatus.AVAILABLE, ItemStatus.IN_TRANSIT, ItemStatus.LOST)


def hold_placed(folding: Folding) -> None:
    """A patron waits for a title: from when they said so, also when that is heard late."""
    picture, told = folding.picture, folding.told
    name, title = told.text("hold"), told.text("title")
    if not name or name in picture.holds:
        return  # told before, by a station whose disk was restored
    patron = picture.patrons.get(picture.survivor(told.text("patron")))
    if patron is None or title not in picture.titles:
        why = "no such patron" if patron is None else "no such title"
        folding.flag(CentralDebt.HOLD_NOT_KEPT, patron=None if patron is None else patron.id, title=title, why=why)
        return
    already = next((hold for hold in picture.queue(title) if hold.patron == patron.id), None)
    if already is not None:
        picture.touched[Kind.HOLD].add(already.id)
        return
    pickup = told.text("pickup")
    known = picture.policies.of(pickup) is not None
    picture.holds[name] = HoldRow(
        id=name,
        patron=patron.id,
        title=title,
        placed_at=told.happened_at,
        pickup=pickup if known else picture.station.branch,
        status="waiting",
        item=None,
        ready_at=None,
        closed_at=None,
        closed_why=None,
        new=True,
    )
    group = folding.group_of(patron)
    picture.count("hold", told.happened_at, group=group, language=picture.titles[title])


def hold_cancelled(folding: Folding) -> None:
    """A patron waits no longer. A copy that was set aside serves who waits next, or goes home."""
    hold = _meant(folding)
    if hold is None or hold.closed_at is not None:
        return
    picture, told = folding.picture, folding.told
    copy = picture.items.get(hold.item or "") if hold.status == "ready" else None
    hold.closed_at, hold.closed_why, hold.changed = told.happened_at, "cancelled", True
    picture.touched[Kind.HOLD].add(hold.id)
    if copy is not None:
        _pass_on(folding, hold, copy)


def _meant(folding: Folding) -> HoldRow | None:
    """Find the hold by its name; by patron and title where the station was never told one, or another is kept."""
    picture, told = folding.picture, folding.told
    patron = picture.survivor(told.text("patron"))
    named = picture.holds.get(told.text("hold"))
    if named is not None and named.patron == patron:
        return named
    return next((hold for hold in picture.queue(told.text("title")) if hold.patron == patron), None)


def _pass_on(folding: Folding, ended: HoldRow, copy: ItemRow) -> None:
    """The copy lies on a shelf where no station sees it: staff there are told by a debt, whatever becomes of it."""
    picture, at = folding.picture, folding.told.happened_at
    decision = decide_return(folding, copy, None, BranchId(copy.location))
    moved_to = None
    for other in picture.queue(copy.title):
        if decision.hold_for is not None and other.patron == decision.hold_for.patron:
            ready_at = at if decision.destination is None else None
            other.status, other.item, other.ready_at, other.changed = "ready", copy.id, ready_at, True
            picture.touched[Kind.HOLD].add(other.id)
            moved_to = other.id
    if copy.status in _MAY_TRAVEL:
        copy.status = ItemStatus.AVAILABLE if decision.destination is None else ItemStatus.IN_TRANSIT
        copy.changed = True
    picture.touched[Kind.ITEM].add(copy.id)
    folding.flag(
        CentralDebt.HOLD_MOVED,
        item=copy.id,
        why="cancelled",
        hold=ended.id,
        title=copy.title_name,
        moved_to=moved_to,
        destination=decision.destination,
        lies_at=copy.location,
    )
