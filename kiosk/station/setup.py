"""What a station is told once, at start: its rhythm and its habits. Values only; `kiosk.settings` fills them."""

from dataclasses import dataclass, field
from enum import StrEnum

from kiosk.station.view import Look, ReceiptWay


class NameMask(StrEnum):
    """How much of a patron's name the screen shows."""

    NONE = "none"
    FIRST = "first"
    FIRST_INITIAL = "first-initial"
    FULL = "full"


class ReturnsHabit(StrEnum):
    """What happens to lent books laid down without a card."""

    ASK = "ask"
    AT_ONCE = "at-once"


class ReceiptHabit(StrEnum):
    ASK = "ask"
    ALWAYS = "always"
    NEVER = "never"


class HoldSlip(StrEnum):
    """Whether staff get a slip for each returned copy that goes to the hold shelf or to another branch."""

    ALWAYS = "always"
    NEVER = "never"


class Untagged(StrEnum):
    """What becomes of a copy named by its barcode, of which the pad sees no tag."""

    SERVE = "serve"  # a branch in transition: lent and taken back without a gate bit
    TO_STAFF = "to-staff"  # lent by staff; taken back, and handed to staff to look at its tag


class AfterHours(StrEnum):
    """What a station does while the branch is closed."""

    AS_USUAL = "as-usual"
    RETURNS_ONLY = "returns-only"
    CLOSED = "closed"


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds. `idle` of quiet before "are you still there?", then `answer` to say so."""

    idle: float = 30.0
    answer: float = 10.0
    returns_idle: float = 8.0
    done: float = 12.0
    qr: float = 30.0
    notice: float = 8.0
    resting_card: float = 3.0
    same_card: float = 2.0
    parts_wait: float = 4.0
    tag_wait: float = 3.0
    put_back: float = 30.0
    gone: float = 6.0
    identify: float = 8.0
    probe: float = 5.0
    finish: float = 15.0
    language: float = 60.0
    start: float = 10.0
    service: float = 600.0


@dataclass(frozen=True, slots=True)
class ClaimRights:
    """What a card may that proved nothing, at a station where cards prove themselves: anybody could have copied it."""

    loans: int = 3
    """Copies lent in one visit."""
    account: bool = False
    """Whether the name, the account and holds are open to it."""


@dataclass(frozen=True, slots=True)
class Setup:
    """`run` is random per program start: visits count from 1 after every start, and keys must not repeat."""

    run: str
    language: str = "uk"
    languages: tuple[str, ...] = ("uk", "en")
    timing: Timing = field(default_factory=Timing)
    name_mask: NameMask = NameMask.FIRST_INITIAL
    returns: ReturnsHabit = ReturnsHabit.ASK
    receipt: ReceiptHabit = ReceiptHabit.ASK
    receipts: tuple[ReceiptWay, ...] = (ReceiptWay.PAPER, ReceiptWay.EMAIL, ReceiptWay.QR)
    seals: bool = False  # whether there is a key to sign receipts with
    hold_slip: HoldSlip = HoldSlip.NEVER
    lends: bool = True
    takes_returns: bool = True
    has_printer: bool = True
    pin_length: int = 4
    for_children: bool = False
    after_hours: AfterHours = AfterHours.AS_USUAL
    least_percent: int = 15  # of battery, below which nothing is taken back any more
    least_minutes: int = 5
    partial_returns: bool = False
    owners: frozenset[str] = frozenset()  # owner codes of the network's tags; a copy named by its barcode is ours
    untagged: Untagged = Untagged.TO_STAFF
    scans_cards: bool = False  # whether printed cards are known here by their barcodes
    claims: ClaimRights | None = None  # None: no card is asked for a proof here, and every one may the same
    look: Look = field(default_factory=Look)
