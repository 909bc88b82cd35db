"""The other system as the station sees it, whatever it speaks: one request, one answer, one thread.

An answer tells what the system said; what the station makes of it is said in the modules beside. Three errors:

    SystemSilent        it was not asked, or a question that changes nothing stayed unanswered: ask again, later
      OutcomeUnknown    a request that changes something was sent and no answer came: *look* before it is repeated
        OutcomePending  likewise, and the line was open to the end: it may be carried out yet, so it is not repeated
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Protocol

from kiosk.circulation.model import BranchId, CardNumber, ItemId, Reason


class SystemSilent(Exception):
    """No answer; nothing was changed by this request. The message says what was tried, without names or numbers."""


class OutcomeUnknown(SystemSilent):
    """The request was sent and no answer to it came: it may have been carried out, or not."""


class OutcomePending(OutcomeUnknown):
    """Patience ended while the system was still silent: what it is busy with it may carry out after any look at it."""


@dataclass(frozen=True, slots=True)
class Who:
    """A patron as a request names one. The PIN lives as long as the visit, in memory only."""

    card: CardNumber
    pin: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class PatronSeen:
    """What the system says of a patron. `card` is the number it knows them by, not always the one asked for.

    `pin_right` is None when no PIN was given, or when the system does not say. `blocks` is why it lends nothing at all,
    `max_loans` None when it does not say. `said` are its own words, in order, to be shown as they are.
    """

    card: CardNumber
    known: bool
    name: str = ""
    pin_right: bool | None = None
    blocks: tuple[Reason, ...] = ()
    may_renew: bool = True
    may_hold: bool = True
    fees: Decimal = Decimal(0)
    max_loans: int | None = None
    loans: int | None = None
    language: str | None = None
    born: date | None = None
    said: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ItemSeen:
    """What the system says of a copy. `on_loan` is None when its answer does not tell.

    `home` is where it belongs, by the system's own code or name; `waited_for` how many wait for it.
    """

    item: ItemId
    known: bool
    title: str = ""
    author: str = ""
    on_loan: bool | None = None
    due: date | None = None
    home: str = ""
    waited_for: int = 0
    said: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class HoldSeen:
    """One title a patron waits for. `key` names it when it is to be cancelled: a copy's barcode or a title's number."""

    key: str
    title: str
    ready: bool
    place: int | None = None
    pickup: str = ""


@dataclass(frozen=True, slots=True)
class AccountSeen:
    """A patron with all they have. `complete` is False when the system counts more loans than it named."""

    patron: PatronSeen
    loans: tuple[ItemSeen, ...] = ()
    holds: tuple[HoldSeen, ...] = ()
    complete: bool = True


@dataclass(frozen=True, slots=True)
class LoanSaid:
    """The answer to a loan. `due` is None for a date nobody can make out; `due_text` is what was said.

    `may_leave` is False when the system lends the copy and forbids clearing its gate bit: it may not go home.
    `renewed` when it took the request for a renewal: the patron had it already.
    """

    lent: bool
    item: ItemId
    title: str = ""
    due: date | None = None
    due_text: str = ""
    may_leave: bool = True
    renewed: bool = False
    said: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReturnSaid:
    """The answer to a return. `destination` is where the copy goes, "" when it stays; `held`: somebody waits for it.

    `hold_code` are the last characters of the card number of whoever it is kept for. `alert`: staff shall look at it.
    """

    taken: bool
    item: ItemId
    title: str = ""
    destination: str = ""
    held: bool = False
    hold_code: str = ""
    alert: bool = False
    said: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RenewalSaid:
    """The answer to a renewal of one loan."""

    renewed: bool
    item: ItemId
    due: date | None = None
    due_text: str = ""
    said: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class HoldSaid:
    """The answer to a wish for a title, or to the end of one. `place` counts from 1, None when it is not told."""

    accepted: bool
    place: int | None = None
    available: bool = False
    said: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Services:
    """What the system says it is ready for now."""

    online: bool
    lends: bool
    takes_back: bool
    renews: bool = True
    library: str = ""


PATIENCE = 8.0
"""Seconds any one method may take in all: to connect, sign in, ask and wait. The station's watchdog bites at 10."""


class LibrarySystem(Protocol):
    """Another library system, asked from one thread. Every method may raise SystemSilent, within PATIENCE.

    The methods that change something may raise OutcomeUnknown, and never repeat a request by themselves. `account` asks
    many questions and calls back after each, when it was given somebody to call.
    """

    def heed(self, beat: Callable[[], None]) -> None:
        """Call *beat* after every answer inside of an answer."""
        ...

    def pulse(self) -> Services:
        """Ask how the system is, and keep the line open."""
        ...

    def patron(self, who: Who) -> PatronSeen:
        """Say who this is, whether they may borrow, and whether the PIN is right."""
        ...

    def account(self, who: Who) -> AccountSeen:
        """Say what the patron has, waits for and owes: each loan with its title and due date."""
        ...

    def charged(self, who: Who) -> frozenset[ItemId] | None:
        """Say which copies the patron has now; None when the system does not name them by their barcodes."""
        ...

    def item(self, item: ItemId) -> ItemSeen:
        """Say what the system knows of a copy."""
        ...

    def lend(self, who: Who, item: ItemId) -> LoanSaid:
        """Ask for a loan. Raises: OutcomeUnknown."""
        ...

    def take_back(self, item: ItemId, returned_at: datetime, *, cancels: bool = False) -> ReturnSaid:
        """Tell of a return, made at *returned_at*. *cancels*: it undoes a loan made here a moment ago.

        Raises: OutcomeUnknown.
        """
        ...

    def renew(self, who: Who, item: ItemId) -> RenewalSaid:
        """Ask for a longer term. Raises: OutcomeUnknown."""
        ...

    def place_hold(self, who: Who, key: str, pickup: BranchId) -> HoldSaid:
        """Ask that the patron waits for a title, named by `key` (a copy's barcode). Raises: OutcomeUnknown."""
        ...

    def cancel_hold(self, who: Who, key: str) -> HoldSaid:
        """Ask that the patron waits no longer. Raises: OutcomeUnknown."""
        ...

    def goodbye(self, who: Who) -> None:
        """Say that the visit is over, where the system wants to hear it."""
        ...

    def close(self) -> None:
        """Let go of the line. Never raises; may be called twice."""
        ...
