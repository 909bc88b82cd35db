"""What the ledger knows about a stack, looked up at once; kept up to date as its copies are lent one by one."""

from dataclasses import dataclass

from kiosk.circulation.model import Hold, Item, ItemId, Loan, Patron, PatronId, TitleId
from kiosk.library.local.desk import Desk
from kiosk.library.port import Copy
from kiosk.store.intents import Intent, IntentKind


@dataclass(slots=True)
class Stack:
    """The facts a checkout is decided on. `orders` are the open gate orders on its tags, returns' own left out."""

    patron: Patron | None
    loans: tuple[Loan, ...]
    items: dict[ItemId, Item]
    open_loans: dict[ItemId, Loan]
    queues: dict[TitleId, tuple[Hold, ...]]
    orders: tuple[Intent, ...]

    def took(self, loan: Loan, fulfilled: Hold | None) -> None:
        """Count a loan just made: the limits and queues of the next copy know of it."""
        self.loans = (*self.loans, loan)
        self.open_loans[loan.item] = loan
        if fulfilled is not None:
            queue = self.queues[fulfilled.title]
            self.queues[fulfilled.title] = tuple(hold for hold in queue if hold != fulfilled)

    def orders_on(self, copy: Copy) -> tuple[Intent, ...]:
        return tuple(one for one in self.orders if one.tag in copy.tags and one.kind is not IntentKind.CHECKIN)

    def has_orders(self, copy: Copy) -> bool:
        return any(one.tag in copy.tags for one in self.orders)


def look_up(desk: Desk, patron: PatronId, copies: tuple[Copy, ...]) -> Stack:
    """Look everything up in as many questions as there are kinds of facts, however many copies there are."""
    work = desk.work
    wanted = [copy.item for copy in copies]
    items = work.items.by_id(wanted)
    return Stack(
        patron=work.patrons.by_id(patron),
        loans=desk.loans_of(patron),
        items=items,
        open_loans=desk.loans_on(wanted),
        queues=work.holds.queues({item.title.id for item in items.values()}),
        orders=work.intents.open_on([tag for copy in copies for tag in copy.tags]),
    )
