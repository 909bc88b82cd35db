"""What may be shown: one frozen view per screen, holding only what that screen needs: privacy is a matter of types.

Values, not words: the screen has its texts by language. `view_of` in `views.py` makes a view from the state.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from kiosk.circulation.model import HoldStatus, LoanId, PartKind, Reason, TitleId


class Touch(StrEnum):
    """Everything a finger can mean. Some carry a value: a digit, a language, a row's key, a loan."""

    RETURN = "return"  # start a return, or return what lies on the pad
    DONE = "done"
    HERE = "here"  # "yes, I am still here"
    CANCEL = "cancel"
    LANGUAGE = "language"  # value: language code
    DIGIT = "digit"  # value: one digit
    ERASE = "erase"
    ACCOUNT = "account"
    BOOKS = "books"
    RENEW = "renew"  # value: loan id
    RENEW_ALL = "renew-all"
    RETURN_ROW = "return-row"  # value: row key
    HOLD = "hold"  # value: row key: wait for this title
    HOLD_TITLE = "hold-title"  # value: title id, from the catalogue
    CANCEL_HOLD = "cancel-hold"  # value: title id
    PRINT = "print"
    MAIL = "mail"
    SHOW_QR = "show-qr"
    NO_RECEIPT = "no-receipt"
    LOOK = "look"  # value: a Change
    HELP = "help"  # show or hide what to do here
    CALL = "call"  # a person, please
    FIND = "find"  # open the catalogue
    FIND_CLOSE = "find-close"


class Change(StrEnum):
    """What a person may change about the look of the screens: the next text size, or one habit on and off."""

    TEXT = "text"
    CONTRAST = "contrast"
    DARK = "dark"
    REACH = "reach"
    SPOKEN = "spoken"
    RESET = "reset"


TEXT_SIZES = (100, 125, 150, 200)
"""Percent of the usual size, in the order a touch goes through them."""


@dataclass(frozen=True, slots=True)
class Look:
    """How the screens are shown to whoever is here; forgotten when they go.

    `text` is one of TEXT_SIZES; `reach`: everything to be touched stands low; `spoken`: the screen says what to do.
    """

    text: int = 100
    contrast: bool = False
    dark: bool = False
    reach: bool = False
    spoken: bool = False

    def changed(self, change: Change, usual: "Look") -> "Look":
        """Apply what a finger asked for; RESET goes back to the *usual* look of the station."""
        match change:
            case Change.TEXT:
                at = TEXT_SIZES.index(self.text) if self.text in TEXT_SIZES else -1
                return replace(self, text=TEXT_SIZES[(at + 1) % len(TEXT_SIZES)])
            case Change.RESET:
                return usual
            case _:
                return replace(self, **{change.value: not getattr(self, change.value)})


class RowState(StrEnum):
    """Where one copy is on its way. Ordered by how a person meets them."""

    READING = "reading"  # lies there, its tag is being read
    WAITING = "waiting"  # read; the library is asked, or it waits for a card or for its other parts
    OPENING = "opening"  # lent; the gate bit is being cleared
    LENT = "lent"  # green: lent, bit cleared and read back; take it
    YOURS = "yours"  # was on loan to this patron before
    CLOSING = "closing"  # being returned; the gate bit is being armed
    RETURNED = "returned"  # green: returned, bit armed and read back
    PUT_BACK = "put-back"  # lifted too early: lay it down again
    REFUSED = "refused"  # with reasons
    STAFF = "staff"  # to be given to staff: the tag refuses to obey
    ASKING = "asking"  # recognised without a card: return it, or borrow it with a card


@dataclass(frozen=True, slots=True)
class SetPart:
    """One part of a set, and whether it lies there. `name` is "" where the catalogue does not say."""

    number: int
    name: str
    kind: PartKind
    here: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One copy of this visit. `key` is stable for the visit; `title` is empty while it is unknown.

    `set` lists the parts of a set, as a passport does.
    """

    key: str
    state: RowState
    title: str = ""
    author: str = ""
    due: date | None = None
    reasons: tuple[Reason, ...] = ()
    notes: tuple[str, ...] = ()  # values of library.port.CheckinNote
    fee: Decimal = Decimal(0)
    late_days: int = 0
    destination: str = ""
    on_loan: bool = False  # ASKING: True = can be returned, False = can be borrowed
    parts_seen: int = 1
    parts: int = 1
    can_return: bool = False  # offers RETURN_ROW
    can_renew: LoanId | None = None  # offers RENEW
    can_hold: bool = False  # offers HOLD
    place: int = 0  # in the queue for it, once the patron waits
    scanned: bool = False  # named by its barcode; no tag of it has been seen

    @property
    def lay_down(self) -> bool:
        """Whether it should be laid on the pad, for the sake of a tag it may carry."""
        return self.scanned and self.state in (RowState.WAITING, RowState.ASKING)

    set: tuple[SetPart, ...] = ()


@dataclass(frozen=True, slots=True)
class Frame:
    """What every screen shows around its content.

    `lends`, `returns`, `prints`: what works now. `leaving_in`: seconds left to answer "are you still there?".
    `visit` is sent back with every touch: a touch on a screen of an earlier visit means nothing. `helping`: the help
    of this screen is open; `finding`: the catalogue is; `called`: somebody of the staff was asked to come.
    `child`: a child reads it, as far as anybody knows. `on_battery`: dim, and say how many minutes are left, where
    that is known. `after_hours`: the branch is closed and the station works all the same. `scans`: barcodes
    can be scanned, of books or, with `scans_cards`, of cards too.
    """

    visit: int
    language: str
    lends: bool = True
    returns: bool = True
    prints: bool = True
    leaving_in: float | None = None
    look: Look = Look()
    helping: bool = False
    finding: bool = False
    called: bool = False
    child: bool = False
    on_battery: bool = False
    battery_minutes: int | None = None
    after_hours: bool = False
    scans: bool = False
    scans_cards: bool = False


@dataclass(frozen=True, slots=True)
class StartingView:
    frame: Frame


@dataclass(frozen=True, slots=True)
class OutOfOrderView:
    """Neither lending nor returning works. `missing` names devices: pad, card-reader, library."""

    frame: Frame
    missing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ClosedView:
    """The branch is closed, and so is the station; or, with *battery_low*, there is too little power left."""

    frame: Frame
    opens: datetime | None = None
    battery_low: bool = False


@dataclass(frozen=True, slots=True)
class ShelterView:
    """An air raid: where the shelter is. `since` is in seconds."""

    frame: Frame
    since: float


@dataclass(frozen=True, slots=True)
class WelcomeView:
    """Nobody is here. No name, no title, no number fits in it."""

    frame: Frame
    lift_card: bool = False  # a card was left lying: take it


@dataclass(frozen=True, slots=True)
class IdentifyingView:
    frame: Frame
    books: int = 0


@dataclass(frozen=True, slots=True)
class PinView:
    """`typed` counts digits; the digits themselves never leave the state."""

    frame: Frame
    typed: int
    length: int
    tries_left: int | None
    checking: bool
    books: int = 0


@dataclass(frozen=True, slots=True)
class LoanRow:
    loan: LoanId
    title: str
    author: str
    due: date
    overdue: bool
    renewed: bool
    reasons: tuple[Reason, ...]  # why it cannot be renewed
    renewing: bool = False


@dataclass(frozen=True, slots=True)
class HoldRow:
    title: str
    author: str
    status: HoldStatus
    place: int
    branch: str
    title_id: TitleId | None = None  # offers CANCEL_HOLD


@dataclass(frozen=True, slots=True)
class AccountPanel:
    loans: tuple[LoanRow, ...]
    holds: tuple[HoldRow, ...]
    fees: Decimal | None  # None is not told: a child's account
    max_loans: int


class ParentSlip(StrEnum):
    """Where the slip is that tells a child's parents what a child is not told."""

    NONE = "none"
    PRINTING = "printing"
    PRINTED = "printed"
    TELL = "tell"  # there is no printer: a grown-up should ask at the desk


@dataclass(frozen=True, slots=True)
class HoldNews:
    """What became of the last wish to wait for a title: a place in the queue, reasons against it, or given up."""

    title: TitleId
    name: str
    place: int = 0
    branch: str = ""
    reasons: tuple[Reason, ...] = ()
    cancelled: bool = False


@dataclass(frozen=True, slots=True)
class SessionView:
    """A patron is here. Rows are newest first; `lent` is the large number.

    For a child `blocks` says nothing of fees and late books: `parent_slip` says where it is told instead.
    """

    frame: Frame
    name: str  # as the branch masks it
    rows: tuple[Row, ...]
    lent: int
    busy: bool
    on_account: bool
    account: AccountPanel | None
    blocks: tuple[Reason, ...]
    finishing: bool = False
    parent_slip: ParentSlip = ParentSlip.NONE
    hold_news: HoldNews | None = None
    account_open: bool = True  # False for a card that proved nothing, where others prove themselves


@dataclass(frozen=True, slots=True)
class StackFirstView:
    """Books lie there and no card was shown: return those on loan, tap the card to borrow the others."""

    frame: Frame
    rows: tuple[Row, ...]
    on_loan: int
    in_stock: int


@dataclass(frozen=True, slots=True)
class ReturnsView:
    """A return without a patron. `returned` is the large number."""

    frame: Frame
    rows: tuple[Row, ...]
    returned: int
    busy: bool
    finishing: bool = False


class ReceiptWay(StrEnum):
    """How a patron may take the receipt along; offered in the order the station's settings give."""

    PAPER = "paper"
    EMAIL = "email"  # where the centre knows an address of the patron
    QR = "qr"  # on the screen, signed


class ReceiptState(StrEnum):
    OFFERED = "offered"
    PRINTING = "printing"
    PRINTED = "printed"
    FAILED = "failed"
    MAILING = "mailing"
    MAILED = "mailed"  # the centre sends it
    NOT_MAILED = "not-mailed"
    SHOWN = "shown"  # as a QR code on the screen
    DECLINED = "declined"
    NONE = "none"  # no way of giving one works here, or there is nothing to tell


@dataclass(frozen=True, slots=True)
class DoneView:
    """The end of a visit. `trouble` = rows that need a person. `take_card` while the card still lies there.

    `ways` are those of taking the receipt along that work here and now; `code` is what the QR code holds.
    `stamps`: what a child has earned by reading, one for each copy; 0 for grown-ups.
    """

    frame: Frame
    lent: int
    due: date | None  # the earliest
    returned: int
    renewed: int
    trouble: tuple[Row, ...]
    take_card: bool
    receipt: ReceiptState
    ends_in: float
    stamps: int = 0
    ways: tuple[ReceiptWay, ...] = ()
    code: str = ""


@dataclass(frozen=True, slots=True)
class NoticeView:
    """A card that cannot be served: why, and what to do. Says nothing of whose card it is."""

    frame: Frame
    reasons: tuple[Reason, ...] = ()
    hint: str = ""  # card-torn, card-unreadable, card-several, pin-locked, pin-abandoned
    minutes: int = 0
    ends_in: float = 8.0


@dataclass(frozen=True, slots=True)
class ServiceView:
    """A technician works here."""

    frame: Frame


StationView = (
    StartingView
    | OutOfOrderView
    | ClosedView
    | ShelterView
    | WelcomeView
    | IdentifyingView
    | PinView
    | SessionView
    | StackFirstView
    | ReturnsView
    | DoneView
    | NoticeView
    | ServiceView
)
