"""The simulated library system behind its SIP2 door: thread-safe, in memory, and it keeps a list of what was done."""

import threading
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal

from kiosk.circulation.model import BranchId, CardNumber, ItemId
from kiosk.sip2_simulator import lending, queueing
from kiosk.sip2_simulator.holdings import Holdings, Member, OpenLoan, Volume
from kiosk.sip2_simulator.lending import LoanWish
from kiosk.sip2_simulator.outcomes import Deed, HoldOutcome, LoanOutcome, No, ReturnOutcome, Seen, Standing
from kiosk.sip2_simulator.queueing import HoldWish
from kiosk.sip2_simulator.shelves import fill


class SimulatedLibrary:
    """One library. It outlives the connections to it, and the server: a restart forgets nothing."""

    def __init__(self, holdings: Holdings, clock: Callable[[], datetime] = datetime.now) -> None:
        self._lock = threading.RLock()
        self._shelves = fill(holdings, clock)

    # --- what a test or a curious person asks ---

    @property
    def deeds(self) -> tuple[Deed, ...]:
        """Every change so far, in order."""
        with self._lock:
            return tuple(self._shelves.deeds)

    @property
    def loans(self) -> tuple[OpenLoan, ...]:
        """Every open loan, in the order they were made."""
        with self._lock:
            return tuple(self._shelves.loans.values())

    def loan(self, item: str) -> OpenLoan | None:
        with self._lock:
            return self._shelves.loans.get(ItemId(item))

    def now(self) -> datetime:
        """The library's own time, local, without a zone."""
        return self._shelves.clock()

    def knows_branch(self, name: str) -> bool:
        return BranchId(name) in self._shelves.branches

    # --- what the door asks ---

    def member(self, card: str) -> Member | None:
        with self._lock:
            return self._shelves.member(card)

    def volume(self, item: str) -> Volume | None:
        with self._lock:
            return self._shelves.volumes.get(ItemId(item))

    def volume_of_title(self, title: str) -> Volume | None:
        with self._lock:
            return queueing.wanted(self._shelves, HoldWish("", title=title))

    def standing(self, card: str) -> Standing | None:
        """Say how a patron stands; None for a number nobody has."""
        with self._lock:
            shelves = self._shelves
            if (member := shelves.member(card)) is None:
                return None
            loans, terms = shelves.loans_of(member.card), shelves.terms_of(member)
            holds = [hold for hold in shelves.holds if hold.card == member.card]
            return Standing(
                member=member,
                blocks=lending.blocks_of(shelves, member),
                loans=loans,
                overdue=tuple(loan for loan in loans if loan.due < shelves.clock()),
                ready=tuple(hold for hold in holds if hold.aside is not None),
                waiting=tuple(hold for hold in holds if hold.aside is None),
                fees=tuple(shelves.fees.get(member.card, [])),
                balance=shelves.balance(member.card),
                max_fees=terms.max_fees,
                max_loans=terms.max_loans,
            )

    def seen(self, item: str) -> Seen | None:
        """Say how a copy stands; None for one in no list."""
        with self._lock:
            shelves = self._shelves
            if (volume := shelves.volumes.get(ItemId(item))) is None:
                return None
            queue = shelves.queue(volume)
            aside = next((hold.card for hold in queue if hold.aside == volume.item), None)
            return Seen(volume, shelves.loans.get(volume.item), len(queue), aside, shelves.travels.get(volume.item))

    def checkout(self, wish: LoanWish) -> LoanOutcome:
        with self._lock:
            return lending.checkout(self._shelves, wish)

    def lend_again(self, card: str, item: str) -> LoanOutcome:
        """Lend without asking any rule: a return that was not one is taken back (BI of a checkout)."""
        with self._lock:
            member, volume = self._shelves.member(card), self._shelves.volumes.get(ItemId(item))
            if member is None or volume is None:
                return lending.checkout(self._shelves, LoanWish(card, item))
            return LoanOutcome(member, volume, lending.lend(self._shelves, member, volume))

    def renew(self, card: str, item: str) -> LoanOutcome:
        with self._lock:
            return lending.renew(self._shelves, card, item)

    def renew_all(self, card: CardNumber) -> tuple[LoanOutcome, ...]:
        """Renew whatever can be renewed, the newest loan first."""
        with self._lock:
            return tuple(lending.renew(self._shelves, card, loan.item) for loan in self._shelves.loans_of(card))

    def checkin(self, item: str, branch: str, returned: datetime | None = None) -> ReturnOutcome | None:
        """Take a copy back; None for one in no list."""
        with self._lock:
            return lending.checkin(self._shelves, item, BranchId(branch), returned or self._shelves.clock())

    def undo_loan(self, item: str) -> None:
        """Take a loan back as if it had not been (BI of a checkin)."""
        with self._lock:
            lending.undo_loan(self._shelves, item)

    def place_hold(self, wish: HoldWish) -> HoldOutcome:
        with self._lock:
            return queueing.place(self._shelves, wish)

    def cancel_hold(self, wish: HoldWish, *, of_titles: bool = True) -> HoldOutcome:
        with self._lock:
            return queueing.cancel(self._shelves, wish, of_titles=of_titles)

    def change_hold(self, wish: HoldWish) -> HoldOutcome:
        with self._lock:
            return queueing.change(self._shelves, wish)

    def pay(self, card: str, amount: Decimal, *, number: str = "", too_much: bool = False) -> No | None:
        with self._lock:
            return queueing.pay(self._shelves, card, amount, number=number, too_much=too_much)

    def block(self, card: str, words: str) -> None:
        """Block a card for good, as staff would."""
        with self._lock:
            self._shelves.block(card, words)
