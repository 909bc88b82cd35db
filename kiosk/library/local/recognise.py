"""What the ledger knows of copies nobody has asked anything about yet. Writes nothing.

Orders given here are orders owed since earlier: they were made durable when they came to be owed, so showing them
again needs no writing. Whoever lays the copy down mends it.
"""

from kiosk.circulation.model import Item, ItemId, Loan
from kiosk.library.local.desk import Desk, words_of
from kiosk.library.local.gates import orders_of
from kiosk.library.local.parts import missed
from kiosk.library.port import Copy, GateOrder, Recognised, Whereabouts
from kiosk.store.intents import Intent, IntentKind, Return


def recognise(desk: Desk, copies: tuple[Copy, ...]) -> tuple[Recognised, ...]:
    """Say where each copy is by the ledger, and which gate bits are owed on it."""
    wanted = [copy.item for copy in copies]
    items = desk.work.items.by_id(wanted)
    loans = desk.work.loans.open_of_items(wanted)
    begun = desk.work.returns.begun(wanted)
    owed = desk.work.intents.open_on([tag for copy in copies for tag in copy.tags])
    answers = []
    for copy in copies:
        where = _whereabouts(desk, copy, items, loans, begun)
        orders = _orders(copy, where, owed)
        words = None if where is Whereabouts.FOREIGN else words_of(items.get(copy.item))
        answers.append(Recognised(copy, where, words, orders))
    return tuple(answers)


def _whereabouts(
    desk: Desk,
    copy: Copy,
    items: dict[ItemId, Item],
    loans: dict[ItemId, Loan],
    begun: dict[ItemId, Return],
) -> Whereabouts:
    if desk.is_foreign(copy):
        return Whereabouts.FOREIGN
    if copy.item in begun:
        return Whereabouts.RETURN_UNFINISHED
    if copy.item in loans:
        return Whereabouts.ON_LOAN
    if copy.parts > 1 and missed(desk, [copy.item]):
        return Whereabouts.MISSED
    return Whereabouts.IN_STOCK if copy.item in items else Whereabouts.UNKNOWN


def _orders(copy: Copy, where: Whereabouts, owed: tuple[Intent, ...]) -> tuple[GateOrder, ...]:
    """Pick what is owed on this copy. A return to be finished arms its tags itself; nothing may undo that."""
    if where in (Whereabouts.FOREIGN, Whereabouts.RETURN_UNFINISHED):
        return ()
    return orders_of(intent for intent in owed if intent.tag in copy.tags and intent.kind is not IntentKind.CHECKIN)
