"""Books on a shelf that somebody waits for elsewhere: what staff of a branch fetch and lay on a pad or a desk.

Laying it there is a return of a copy nobody has on loan: it is set aside and travels by the same rule as any other.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from sqlalchemy import Row, and_, select

from kiosk.central.centre import Centre
from kiosk.central.tables import holds, items, loans, titles
from kiosk.circulation.model import BranchId, HoldStatus, ItemId, ItemStatus, TitleId
from kiosk.library.port import Words


@dataclass(frozen=True, slots=True)
class ToFetch:
    """A free copy at `branch` that serves a hold to be fetched at `pickup`."""

    item: ItemId
    title: TitleId
    words: Words
    branch: BranchId
    shelf: str
    pickup: BranchId


def to_fetch(centre: Centre, branch: str = "") -> tuple[ToFetch, ...]:
    """List the copies to be fetched from the shelves of *branch*, or of all; no two for one hold.

    A copy that stands where it is wanted comes first, so that nothing travels without need.
    """
    rows = centre.look(lambda work: work.execute(_free_copies_wanted(centre.network)).all())
    by_title = groupby(rows, key=lambda row: row.title)
    chosen = [one for _, found in by_title for one in _paired(list(found))]
    return tuple(one for one in chosen if branch in ("", one.branch))


def _free_copies_wanted(network: str) -> Any:
    """Pair every waiting hold with every free copy of its title, first come first."""
    lent = and_(loans.c.network == items.c.network, loans.c.item == items.c.id, loans.c.state == "open")
    ready = holds.alias("ready")
    same_title = and_(ready.c.network == items.c.network, ready.c.title == items.c.title)
    aside = and_(same_title, ready.c.item == items.c.id, ready.c.closed_at.is_(None))
    wanted = and_(items.c.network == holds.c.network, items.c.title == holds.c.title)
    named = and_(titles.c.network == holds.c.network, titles.c.id == holds.c.title)
    return (
        select(
            holds.c.id.label("hold"), holds.c.title, holds.c.pickup, items.c.id.label("item"), items.c.location,
            items.c.shelf, titles.c.name, titles.c.author,
        )
        .join(items, wanted)
        .join(titles, named)
        .outerjoin(loans, lent)
        .outerjoin(ready, aside)
        .where(holds.c.network == network, holds.c.closed_at.is_(None))
        .where(holds.c.status == HoldStatus.WAITING.value, items.c.status == ItemStatus.AVAILABLE.value)
        .where(loans.c.id.is_(None), ready.c.id.is_(None))
        .order_by(holds.c.title, holds.c.placed_at, holds.c.patron, items.c.location != holds.c.pickup, items.c.id)
    )  # fmt: skip


def _paired(rows: Iterable[Row[Any]]) -> Iterable[ToFetch]:
    """Give each hold of one title one copy, and no copy to two."""
    served: set[str] = set()
    taken: set[str] = set()
    for row in rows:
        if row.hold in served or row.item in taken:
            continue
        served.add(row.hold)
        taken.add(row.item)
        words = Words(row.name, row.author)
        at, pickup = BranchId(row.location), BranchId(row.pickup)
        yield ToFetch(ItemId(row.item), TitleId(row.title), words, at, row.shelf, pickup)
