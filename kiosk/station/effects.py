"""Everything a station may want done. `step` only says so; `shell.py` has the workers do it."""

from dataclasses import dataclass

from kiosk.circulation.model import ItemId, LoanId, PatronId, Reason, TitleId
from kiosk.devices import CardIdentity, TagUid
from kiosk.library.port import Copy, GateFact, GateOrder, LoanLine, RequestKey, VisitFacts
from kiosk.station.books import Book


@dataclass(frozen=True, slots=True)
class ReadTags:
    tags: tuple[TagUid, ...]


@dataclass(frozen=True, slots=True)
class SetGates:
    """Write the gate bit of each tag and read it back; one GateAnswered per order."""

    orders: tuple[GateOrder, ...]


@dataclass(frozen=True, slots=True)
class Identify:
    visit: int
    card: CardIdentity


@dataclass(frozen=True, slots=True)
class CheckPin:
    visit: int
    patron: PatronId
    pin: str

    def __repr__(self) -> str:
        """Hide the PIN: effects may be logged."""
        return f"CheckPin(visit={self.visit})"


@dataclass(frozen=True, slots=True)
class AskAccount:
    visit: int
    patron: PatronId


@dataclass(frozen=True, slots=True)
class Recognise:
    visit: int
    copies: tuple[Copy, ...]


@dataclass(frozen=True, slots=True)
class Checkout:
    visit: int
    patron: PatronId
    copies: tuple[Copy, ...]


@dataclass(frozen=True, slots=True)
class BeginCheckin:
    visit: int
    copies: tuple[Copy, ...]


@dataclass(frozen=True, slots=True)
class FinishCheckin:
    visit: int
    copies: tuple[Copy, ...]
    facts: tuple[GateFact, ...]


@dataclass(frozen=True, slots=True)
class Settle:
    visit: int
    facts: tuple[GateFact, ...]


@dataclass(frozen=True, slots=True)
class Renew:
    """Renew these loans; an empty tuple means all."""

    visit: int
    patron: PatronId
    loans: tuple[LoanId, ...]
    key: RequestKey


@dataclass(frozen=True, slots=True)
class PlaceHold:
    """Put the patron into the queue for a title, to be fetched here."""

    visit: int
    patron: PatronId
    title: TitleId
    key: RequestKey


@dataclass(frozen=True, slots=True)
class CancelHold:
    visit: int
    patron: PatronId
    title: TitleId
    key: RequestKey


@dataclass(frozen=True, slots=True)
class ProbeLibrary:
    visit: int


@dataclass(frozen=True, slots=True)
class PrintReceipt:
    """What the receipt is about; the shell adds place and time, `kiosk.receipts` the words."""

    visit: int
    language: str
    books: tuple[Book, ...]
    renewed: tuple[LoanLine, ...] = ()
    stamps: int = 0


@dataclass(frozen=True, slots=True)
class MailReceipt:
    """The patron wants the receipt by e-mail: the ledger keeps the wish, the centre sends."""

    receipt: PrintReceipt
    patron: PatronId

    @property
    def visit(self) -> int:
        return self.receipt.visit


@dataclass(frozen=True, slots=True)
class SealReceipt:
    """The patron wants the receipt as a QR code: it is signed and told back."""

    receipt: PrintReceipt

    @property
    def visit(self) -> int:
        return self.receipt.visit


@dataclass(frozen=True, slots=True)
class PrintParentSlip:
    """A slip a child takes home: why nothing is lent now. In the language of the house; names nobody."""

    visit: int
    blocks: tuple[Reason, ...]
    late: tuple[LoanLine, ...] = ()


@dataclass(frozen=True, slots=True)
class PrintShelfSlip:
    """A slip for staff: where a returned copy goes. `hold_code` is "" when nobody waits for it."""

    title: str
    item: ItemId
    destination: str
    hold_code: str
    held: bool


@dataclass(frozen=True, slots=True)
class NoteVisit:
    """A visit is over: for the figures. Nobody waits for it."""

    visit: int
    facts: VisitFacts


@dataclass(frozen=True, slots=True)
class CallStaff:
    """Somebody at the screen wants a person: whoever watches the station is told."""

    visit: int


Effect = (
    ReadTags
    | SetGates
    | Identify
    | CheckPin
    | AskAccount
    | Recognise
    | Checkout
    | BeginCheckin
    | FinishCheckin
    | Settle
    | Renew
    | PlaceHold
    | CancelHold
    | ProbeLibrary
    | PrintReceipt
    | MailReceipt
    | SealReceipt
    | PrintShelfSlip
    | PrintParentSlip
    | NoteVisit
    | CallStaff
)
