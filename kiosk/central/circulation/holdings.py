"""Where copies are now: for the page of a title. Anybody may see it; names nobody."""

from dataclasses import dataclass
from datetime import date
from itertools import groupby

from kiosk.central.centre import Centre
from kiosk.central.circulation.facts import Facts, OpenLoan, Stocked
from kiosk.circulation.model import BranchId, HoldStatus, ItemId, ItemStatus, TitleId

_GONE = (ItemStatus.WITHDRAWN, ItemStatus.LOST)


@dataclass(frozen=True, slots=True)
class Holding:
    """The copies of one title at one branch: how many there are, how many stand on the shelf now.

    `shelves` is where they stand; `back_on` the earliest day one is due when none is free; `read_here` counts the
    copies that are never lent, `travelling` those on their way.
    """

    branch: BranchId
    shelves: tuple[str, ...]
    copies: int
    free: int
    read_here: int
    travelling: int
    back_on: date | None


@dataclass(frozen=True, slots=True)
class Holdings:
    """All copies of a title by branch, and how many people wait for one."""

    branches: tuple[Holding, ...]
    waiting: int

    @property
    def free(self) -> int:
        return sum(one.free for one in self.branches)

    @property
    def lendable(self) -> int:
        return sum(one.copies - one.read_here for one in self.branches)


def holdings(centre: Centre, title: TitleId) -> Holdings:
    """Say where the copies of *title* are now."""
    return centre.look(lambda work: _holdings(Facts(work, centre.network), title))


def _holdings(facts: Facts, title: TitleId) -> Holdings:
    copies = [one for one in facts.copies_of(title) if one.item.status not in _GONE]
    running = facts.loans_on([one.item.id for one in copies])
    queue = facts.queues([title])[title]
    aside = {one.hold.item for one in queue}
    by_place = groupby(sorted(copies, key=_stands_at), key=_stands_at)
    return Holdings(
        branches=tuple(_holding(branch, list(there), running, aside) for branch, there in by_place),
        waiting=sum(one.hold.status is HoldStatus.WAITING for one in queue),
    )


def _stands_at(copy: Stocked) -> BranchId:
    """A free copy is where it was seen last; one that is travelling counts at home."""
    return copy.item.branch if copy.item.status is ItemStatus.IN_TRANSIT else copy.location


def _holding(
    branch: BranchId, copies: list[Stocked], running: dict[ItemId, OpenLoan], aside: set[ItemId | None]
) -> Holding:
    free = [one for one in copies if _is_free(one, running, aside)]
    due = sorted(running[one.item.id].loan.due for one in copies if one.item.id in running)
    return Holding(
        branch=branch,
        shelves=tuple(sorted({one.item.shelf for one in copies if one.item.shelf})),
        copies=len(copies),
        free=len(free),
        read_here=sum(one.item.status is ItemStatus.NOT_FOR_LOAN for one in copies),
        travelling=sum(one.item.status is ItemStatus.IN_TRANSIT for one in copies),
        back_on=due[0] if due and not free else None,
    )


def _is_free(copy: Stocked, running: dict[ItemId, OpenLoan], aside: set[ItemId | None]) -> bool:
    taken = copy.item.id in running or copy.item.id in aside
    return copy.item.status is ItemStatus.AVAILABLE and not taken
