"""The state of a station: what is true of its devices at any time, and the phase of the visit as one frozen class each.

A phase holds what only it has: `Session` has a patron, `Welcome` has none, so nobody asks whether there is one.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from kiosk.circulation.model import ItemId, LoanId, PatronId, Reason, TitleId
from kiosk.devices import CardIdentity, HouseSignals, TagUid
from kiosk.library.port import Account, GateFact, Identified, Readiness
from kiosk.station.books import Books
from kiosk.station.events import DeviceKind
from kiosk.station.pieces import Piece
from kiosk.station.setup import AfterHours, Setup
from kiosk.station.view import HoldNews, Look, ParentSlip, ReceiptState


@dataclass(frozen=True, slots=True)
class OnPad:
    """What is known of the pad: which tags lie there, which are being read, what the read ones said.

    `left` lay there when a visit ended and is nobody's wish until it is lifted; `left_by` whose visit that was.
    `told` are tags nobody can read, with the copies this visit says they are of: their barcodes were scanned.
    """

    lying: frozenset[TagUid] = frozenset()
    reading: frozenset[TagUid] = frozenset()
    pieces: Mapping[TagUid, Piece] = field(default_factory=dict)
    left: frozenset[TagUid] = frozenset()
    left_by: PatronId | None = None
    told: Mapping[TagUid, ItemId] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CardOn:
    """A card that lies on a card reader, and since when."""

    slot: str
    card: CardIdentity
    since: float


@dataclass(frozen=True, slots=True)
class Doors:
    """Whether the branch is open, and when it opens next; `opens` is None where nobody can say."""

    open: bool = True
    opens: datetime | None = None


@dataclass(frozen=True, slots=True)
class Starting:
    since: float


@dataclass(frozen=True, slots=True)
class Welcome:
    since: float


@dataclass(frozen=True, slots=True)
class Identifying:
    card: CardIdentity
    slot: str
    since: float


@dataclass(frozen=True, slots=True)
class AskingPin:
    patron: Identified
    card: CardIdentity
    slot: str
    active_at: float
    typed: str = field(default="", repr=False)
    tries_left: int | None = None
    checking: bool = False
    asked_at: float | None = None


@dataclass(frozen=True, slots=True)
class Session:
    """A patron is here. `finishing` = since when the visit waits only for what is under way.

    `waits_for` = places in queues joined in this visit; `asking_holds` = titles the library is being asked about.
    """

    patron: Identified
    card: CardIdentity
    began: float
    active_at: float
    books: Books = ()
    on_account: bool = False
    account: Account | None = None
    renewing: frozenset[LoanId] = frozenset()
    renewed: frozenset[LoanId] = frozenset()
    not_renewed: tuple[Reason, ...] = ()
    asked_at: float | None = None
    finishing: float | None = None
    parent_slip: ParentSlip = ParentSlip.NONE
    asking_holds: frozenset[TitleId] = frozenset()
    waits_for: Mapping[TitleId, int] = field(default_factory=dict)
    hold_news: HoldNews | None = None


@dataclass(frozen=True, slots=True)
class StackFirst:
    """Books lie there, nobody has said who or what for."""

    active_at: float
    books: Books = ()
    asked_at: float | None = None


@dataclass(frozen=True, slots=True)
class Returning:
    """Books come back without a patron."""

    active_at: float
    books: Books = ()
    finishing: float | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """The visit is over; the goodbye is shown. `mail_to` is whoever may have the receipt by e-mail."""

    ends_at: float
    books: Books
    renewed: frozenset[LoanId] = frozenset()
    account: Account | None = None
    receipt: ReceiptState = ReceiptState.NONE
    mail_to: PatronId | None = None
    code: str = ""
    child: bool = False
    slot: str | None = None


@dataclass(frozen=True, slots=True)
class Notice:
    ends_at: float
    reasons: tuple[Reason, ...] = ()
    hint: str = ""
    minutes: int = 0


@dataclass(frozen=True, slots=True)
class Service:
    """A technician works here: nothing is lent or taken back. `active_at` is when they last did something."""

    active_at: float


@dataclass(frozen=True, slots=True)
class Sheltering:
    """An air raid: the way to the shelter is shown and nothing else works."""

    since: float


Idle = Starting | Welcome | Notice | Service | Sheltering
Phase = Idle | Identifying | AskingPin | Session | StackFirst | Returning | Done
WithBooks = Session | StackFirst | Returning | Done


@dataclass(frozen=True, slots=True)
class State:
    """Everything a station knows. `visit` numbers visits, `issued` the wishes of this run.

    `next_card` waits until the running visit has ended. `unsettled` could not be told to the library yet.
    `came_at` is since when somebody is here. `look`, `helping`, `finding` and `called` are as in the view's frame.
    `service_wanted`: a technician waits for the running visit to end. `scanned`: copies named by
    their barcodes that are no books of the visit yet.
    """

    setup: Setup
    phase: Phase
    language: str
    visit: int = 0
    issued: int = 0
    pad: OnPad = field(default_factory=OnPad)
    pad_empty_since: float | None = None
    cards: tuple[CardOn, ...] = ()
    up: frozenset[DeviceKind] = frozenset()
    down: frozenset[DeviceKind] = frozenset()
    library_down_since: float | None = None
    library: Readiness = field(default_factory=Readiness)
    unsettled: tuple[GateFact, ...] = ()
    next_card: CardOn | None = None
    came_at: float | None = None
    look: Look = field(default_factory=Look)
    helping: bool = False
    finding: bool = False
    called: bool = False
    paper_out: bool = False
    service_wanted: bool = False
    scanned: tuple[ItemId, ...] = ()
    signals: HouseSignals = field(default_factory=HouseSignals)
    doors: Doors = field(default_factory=Doors)

    @property
    def pad_up(self) -> bool:
        return DeviceKind.PAD in self.up

    @property
    def scans(self) -> bool:
        return DeviceKind.SCANNER in self.up

    @property
    def lends(self) -> bool:
        house = self.doors.open or self.setup.after_hours is AfterHours.AS_USUAL
        knows_cards = DeviceKind.CARD_READER in self.up or (self.scans and self.setup.scans_cards)
        able = self.setup.lends and self.library.lends and self.pad_up and knows_cards
        return able and self.library_down_since is None and house and not self.signals.on_battery

    @property
    def returns(self) -> bool:
        house = self.doors.open or self.setup.after_hours is not AfterHours.CLOSED
        able = self.setup.takes_returns and self.library.takes_back and self.pad_up and self.library_down_since is None
        return able and house and not self.exhausted

    @property
    def exhausted(self) -> bool:
        """Whether the battery is too low to promise that a return is finished."""
        percent, minutes = self.signals.percent, self.signals.minutes
        low = percent is not None and percent < self.setup.least_percent
        short = minutes is not None and minutes < self.setup.least_minutes
        return self.signals.on_battery and (low or short)

    @property
    def prints(self) -> bool:
        return self.setup.has_printer and DeviceKind.PRINTER in self.up and not self.paper_out


def started(setup: Setup, now: float) -> State:
    """The state of a station that has just been switched on."""
    return State(setup=setup, phase=Starting(since=now), language=setup.language, look=setup.look)
