"""Sets that come back without some of their parts: what is here is taken, what is missing is a debt until it comes."""

from collections.abc import Collection
from dataclasses import dataclass, replace

from kiosk.circulation.model import Item, ItemId
from kiosk.library.local.desk import Desk
from kiosk.library.port import CheckinNote, Returned
from kiosk.store.debts import Debt, DebtKind
from kiosk.store.intents import Return


@dataclass(frozen=True, slots=True)
class Counted:
    """Which parts are still to come, and what that made of the debt about them."""

    missing: tuple[int, ...] = ()
    opened: Debt | None = None
    closed: tuple[str, ...] = ()
    expected: bool = False


def count_parts(desk: Desk, begun: Return, item: Item | None) -> Counted:
    """Count what came back of a set. A part that comes later is taken off the debt; the last one settles it."""
    if item is None or item.parts <= 1:
        return Counted()
    debts = desk.work.debts
    standing = debts.standing(DebtKind.SET_INCOMPLETE, item.id)
    before = missing_by(standing) if standing is not None else tuple(range(1, item.parts + 1))
    missing = () if len(set(begun.tags)) >= item.parts or 0 in begun.here else _left(before, begun)
    if standing is not None:
        debts.close(standing, begun.request_key)
    closed = () if standing is None else (standing.id,)
    if not missing:
        return Counted(closed=closed, expected=standing is not None)
    evidence = {"request": begun.request_key, "missing": list(missing), "parts": item.parts}
    names = [item.contents[part - 1].name for part in missing if part <= len(item.contents)]
    opened = debts.open(DebtKind.SET_INCOMPLETE, item.id, evidence={**evidence, "names": ", ".join(names)})
    return Counted(missing, opened, closed, expected=standing is not None)


def _left(before: tuple[int, ...], begun: Return) -> tuple[int, ...]:
    """Tags that do not say which part they are count as the first ones missing."""
    here = begun.here or before[: len(begun.tags)]
    return tuple(part for part in before if part not in here)


def missing_by(debt: Debt) -> tuple[int, ...]:
    said = debt.evidence.get("missing")
    return tuple(part for part in said if isinstance(part, int)) if isinstance(said, list) else ()


def missed(desk: Desk, items: Collection[ItemId]) -> frozenset[ItemId]:
    """Find the sets that came back without a part and are still waited for."""
    return frozenset(item for item in items if desk.work.debts.standing(DebtKind.SET_INCOMPLETE, item) is not None)


def told_of_parts(answer: Returned, parts: Counted) -> Returned:
    """Say of a return what it means for the set. A part that was waited for is no copy nobody had on loan."""
    notes = tuple(note for note in answer.notes if not (parts.expected and note is CheckinNote.NOT_ON_LOAN))
    if parts.missing:
        notes = (*notes, CheckinNote.INCOMPLETE)
    elif parts.closed:
        notes = (*notes, CheckinNote.COMPLETED)
    return replace(answer, notes=notes, missing=parts.missing)
