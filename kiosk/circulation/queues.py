"""Who waits for a title, in which order, and for which copy. Reads queues; never changes one."""

from kiosk.circulation.model import BranchId, Hold, HoldStatus, Item, PatronId, TitleId


def queue_of(title: TitleId, holds: tuple[Hold, ...]) -> tuple[Hold, ...]:
    """Pick the holds on *title* out of *holds*, first come first; equal times are told apart by patron."""
    return tuple(sorted((h for h in holds if h.title == title), key=lambda h: (h.placed_at, h.patron)))


def next_in_queue(holds: tuple[Hold, ...], branch: BranchId | None = None) -> Hold | None:
    """Find who has waited longest; only those who pick up at *branch* when one is given."""
    waiting = (h for h in holds if h.status is HoldStatus.WAITING and branch in (None, h.pickup))
    return min(waiting, key=lambda h: (h.placed_at, h.patron), default=None)


def set_aside_for(item: Item, holds: tuple[Hold, ...]) -> Hold | None:
    """Find the hold this very copy lies on the hold shelf for."""
    return next((h for h in holds if h.status is HoldStatus.READY and h.item == item.id), None)


def fulfilled_by(item: Item, patron: PatronId, holds: tuple[Hold, ...]) -> Hold | None:
    """Find the patron's hold that taking *item* ends: on this copy, else on the title by any copy."""
    mine = [h for h in queue_of(item.title.id, holds) if h.patron == patron]
    return min(mine, key=lambda h: (h.item != item.id, h.status is not HoldStatus.READY), default=None)


def waits_for_another(patron: PatronId, holds: tuple[Hold, ...]) -> bool:
    """Say whether somebody other than *patron* waits in this queue."""
    return any(h.status is HoldStatus.WAITING and h.patron != patron for h in holds)
