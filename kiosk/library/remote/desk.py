"""The desk of a branch whose rules are another system's: what happens here is committed here, and queued for it."""

from dataclasses import dataclass

from kiosk.circulation.answers import TakeBack
from kiosk.circulation.model import BranchId, Item, ItemId, Loan, Title, TitleId
from kiosk.library.local.desk import Desk
from kiosk.library.remote.system import ItemSeen
from kiosk.store.dispatches import Dispatch, DispatchKind, DispatchState
from kiosk.store.guests import COPY, TITLE_OF
from kiosk.store.intents import Return
from kiosk.store.loans import LoanRecord

ANOTHER_SYSTEM = "library-system"


@dataclass(frozen=True, slots=True)
class RemoteDesk(Desk):
    """Decides nothing about books; whatever the ledger commits here, the system is told in the same order.

    Every row of the journal says who decided: a centre of our own keeps such a row and makes no loan of it.
    """

    def __post_init__(self) -> None:
        self.work.journal.stamp = {"decided_by": ANOTHER_SYSTEM}

    def decide_return(self, item: Item | None, loan: Loan | None) -> TakeBack:  # noqa: ARG002 - the system has the queue
        """Only how late it is can be said here; holds, fees and the way home are the system's."""
        return TakeBack(late_days=0 if loan is None else max(0, (self.today - loan.due).days))

    def return_taken(self, begun: Return) -> None:
        self.work.dispatches.write(Dispatch(begun.request_key, DispatchKind.TAKE_BACK, begun.item))

    def loan_undone(self, record: LoanRecord, key: str) -> None:
        """Take the loan back at the system, too; one it has not been asked for yet is not asked for at all."""
        dispatches = self.work.dispatches
        lent = dispatches.of([key], DispatchKind.LEND).get(key)
        if lent is not None and lent.state is DispatchState.QUEUED and not lent.tries:
            dispatches.note(lent, DispatchState.DONE, "it came to nothing before it was told")
            return
        dispatches.write(Dispatch(key, DispatchKind.CANCEL, record.loan.item, record.loan.patron))

    def meet_copy(self, item: ItemId, parts: int, seen: ItemSeen | None = None) -> Item:
        """Know a copy, by its barcode alone where nobody has ever said more."""
        if seen is None or not seen.title:
            known = self.work.items.by_id([item]).get(item)
            name, author = (item, "") if known is None else (known.title.name, known.title.author)
        else:
            name, author = seen.title, seen.author
        title = Title(title_of(item), name, author)
        met = Item(item, title, COPY, BranchId("" if seen is None else seen.home), parts=parts)
        self.work.guests.meet_copy(met)
        return met


def title_of(item: ItemId) -> TitleId:
    """Name the title of a copy: SIP2 knows a title only by one of its copies."""
    return TitleId(TITLE_OF + item)


def copy_of(title: TitleId) -> ItemId | None:
    """Find the copy a title was named by; None for a title of our own catalogue."""
    return ItemId(title.removeprefix(TITLE_OF)) if title.startswith(TITLE_OF) else None
