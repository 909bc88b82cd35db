"""Everything that can happen to a station. Whatever is not here cannot happen.

Events are past tense and frozen; they are the only thing that crosses threads. Answers of the library carry the
visit they belong to, so that an answer to an earlier visit is known as late.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from kiosk.barcodes import Scanned
from kiosk.devices import CardFault, CardIdentity, DeviceFacts, HouseSignals, TagUid
from kiosk.library.port import (
    Account,
    CheckinAnswer,
    CheckinBegun,
    CheckoutAnswer,
    GateFact,
    HoldAnswer,
    HoldCancelled,
    Identified,
    NotTaken,
    PinLocked,
    PinRight,
    PinWrong,
    Readiness,
    Recognised,
    RenewAnswer,
    RequestKey,
    Settled,
    Unwelcome,
)
from kiosk.station.pieces import Piece
from kiosk.station.view import Touch


class DeviceKind(StrEnum):
    PAD = "pad"
    CARD_READER = "card-reader"
    PRINTER = "printer"
    SCANNER = "scanner"


@dataclass(frozen=True, slots=True)
class DeviceUp:
    kind: DeviceKind
    facts: DeviceFacts


@dataclass(frozen=True, slots=True)
class DeviceDown:
    kind: DeviceKind
    why: str


@dataclass(frozen=True, slots=True)
class CardPresented:
    """A card was tapped; or, with *lay_there*, it lay on the card reader when that came up."""

    slot: str
    card: CardIdentity
    lay_there: bool = False


@dataclass(frozen=True, slots=True)
class CardUnreadable:
    slot: str
    fault: CardFault


@dataclass(frozen=True, slots=True)
class CardLifted:
    slot: str


@dataclass(frozen=True, slots=True)
class BarcodeScanned:
    what: Scanned


@dataclass(frozen=True, slots=True)
class StackChanged:
    """What lies on the pad now, all of it."""

    tags: frozenset[TagUid]


@dataclass(frozen=True, slots=True)
class TagsRead:
    """What tags asked about say; `gone` left before they were read."""

    pieces: tuple[Piece, ...]
    gone: tuple[TagUid, ...] = ()


@dataclass(frozen=True, slots=True)
class GateAnswered:
    fact: GateFact


@dataclass(frozen=True, slots=True)
class PatronAnswered:
    visit: int
    answer: Identified | Unwelcome


@dataclass(frozen=True, slots=True)
class PinAnswered:
    visit: int
    answer: PinRight | PinWrong | PinLocked


@dataclass(frozen=True, slots=True)
class AccountAnswered:
    visit: int
    account: Account


@dataclass(frozen=True, slots=True)
class StackRecognised:
    visit: int
    answers: tuple[Recognised, ...]


@dataclass(frozen=True, slots=True)
class CheckoutAnswered:
    visit: int
    answers: tuple[CheckoutAnswer, ...]


@dataclass(frozen=True, slots=True)
class CheckinBegan:
    visit: int
    answers: tuple[CheckinBegun | NotTaken, ...]


@dataclass(frozen=True, slots=True)
class CheckinAnswered:
    visit: int
    answers: tuple[CheckinAnswer, ...]


@dataclass(frozen=True, slots=True)
class GateSettled:
    visit: int
    settled: tuple[Settled, ...]


@dataclass(frozen=True, slots=True)
class RenewAnswered:
    visit: int
    answers: tuple[RenewAnswer, ...]


@dataclass(frozen=True, slots=True)
class HoldAnswered:
    visit: int
    answer: HoldAnswer | HoldCancelled


@dataclass(frozen=True, slots=True)
class LibraryReady:
    """What the library does from now on."""

    readiness: Readiness


@dataclass(frozen=True, slots=True)
class LibraryBack:
    """The library answered a probe."""


@dataclass(frozen=True, slots=True)
class LibraryFailed:
    """No answer. `keys` are the wishes it was asked about, `facts` what it could not be told."""

    visit: int
    why: str
    keys: tuple[RequestKey, ...] = ()
    facts: tuple[GateFact, ...] = ()


@dataclass(frozen=True, slots=True)
class ReceiptPrinted:
    visit: int


@dataclass(frozen=True, slots=True)
class ReceiptFailed:
    visit: int
    why: str


@dataclass(frozen=True, slots=True)
class ReceiptMailed:
    """The wish for a receipt by e-mail is kept, or could not be."""

    visit: int
    kept: bool


@dataclass(frozen=True, slots=True)
class ReceiptSealed:
    """The receipt as a QR code holds it; "" when it is too long for one."""

    visit: int
    code: str


@dataclass(frozen=True, slots=True)
class PaperSeen:
    """The printer said how it is, and that changes what it can do: with *out* it prints nothing."""

    out: bool


@dataclass(frozen=True, slots=True)
class ParentSlipEnded:
    """The slip for a child's parents is printed, or will not be."""

    visit: int
    printed: bool


@dataclass(frozen=True, slots=True)
class Touched:
    """A finger on the screen. `visit` is the one the touched screen showed."""

    touch: Touch
    value: str = ""
    visit: int = 0


@dataclass(frozen=True, slots=True)
class ServiceCalled:
    """A technician at the console wants to work here, or does and has just done something."""


@dataclass(frozen=True, slots=True)
class ServiceOver:
    """The technician has done their work."""


@dataclass(frozen=True, slots=True)
class HouseHeard:
    """What the house says of sirens and power; told when it is another than before."""

    signals: HouseSignals


@dataclass(frozen=True, slots=True)
class DoorsTold:
    """The branch opened, or closed until *opens* (local time; None where no day ahead is open)."""

    open: bool
    opens: datetime | None = None


@dataclass(frozen=True, slots=True)
class DeadlinePassed:
    pass


SlipEvent = ReceiptPrinted | ReceiptFailed | ReceiptMailed | ReceiptSealed | ParentSlipEnded

Event = (
    DeviceUp
    | DeviceDown
    | CardPresented
    | CardUnreadable
    | CardLifted
    | BarcodeScanned
    | StackChanged
    | TagsRead
    | GateAnswered
    | PatronAnswered
    | PinAnswered
    | AccountAnswered
    | StackRecognised
    | CheckoutAnswered
    | CheckinBegan
    | CheckinAnswered
    | GateSettled
    | RenewAnswered
    | HoldAnswered
    | LibraryBack
    | LibraryReady
    | LibraryFailed
    | ReceiptPrinted
    | ReceiptFailed
    | ReceiptMailed
    | ReceiptSealed
    | PaperSeen
    | ParentSlipEnded
    | Touched
    | ServiceCalled
    | ServiceOver
    | HouseHeard
    | DoorsTold
    | DeadlinePassed
)
