"""What the bench page asks of the demo behind it: virtual cards, books and plugs, and what they led to.

The bench moves things a hand would move. What the station makes of them it learns from its devices, like anyone.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class BenchRefused(Exception):
    """A hand cannot do that: no such book, the pad is full; the message says what and is shown."""


class GateBit(StrEnum):
    """What the tag itself says, whatever the ledger believes."""

    ARMED = "armed"
    CLEARED = "cleared"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class BenchCard:
    """A virtual e-card. `says` is one line, by language, on whose it is; `slot` is where it lies, or empty.

    `at` is the station it lies at.
    """

    id: str
    name: str
    says: Mapping[str, str]
    slot: str = ""
    odd: bool = False
    at: str = ""


@dataclass(frozen=True, slots=True)
class BenchBook:
    """A virtual copy or a part of one, with its tag. `part` is "2/3" on the second of three parts.

    `at` is the station on whose pad it lies, if any. `odd` is a key of `bench.odd.*` where the tag is no copy of
    ours: foreign, unlisted, blank, damaged, patron-card.
    """

    id: str
    title: str
    author: str = ""
    on_pad: bool = False
    gate: GateBit = GateBit.UNKNOWN
    on_loan: bool = False
    locked: bool = False
    snatching: bool = False
    odd: str = ""
    part: str = ""
    age_from: int = 0
    for_children: bool = False
    at: str = ""


@dataclass(frozen=True, slots=True)
class BenchDevice:
    """Something of a station that can be unplugged: network, library, pad, pcsc, printer, paper."""

    id: str
    plugged: bool
    at: str = ""


@dataclass(frozen=True, slots=True)
class StripLine:
    """One printed line; style is a value of `kiosk.devices.LineStyle`."""

    text: str
    style: str = "normal"
    centred: bool = False


@dataclass(frozen=True, slots=True)
class BenchReceipt:
    number: int
    lines: tuple[StripLine, ...]
    at: str = ""


@dataclass(frozen=True, slots=True)
class Fact:
    """One row of the ledger: when, what by a key of `bench.fact.*`, which book, and when it is due back, or empty."""

    at: str
    kind: str
    about: str
    due: str = ""


@dataclass(frozen=True, slots=True)
class BenchLedger:
    """What a station believes, or the centre under the id `centre`. `on_loan` counts all, the lists are cut.

    `queue` counts what a station did that the centre has not heard of; `hears` whether the centre answered it last.
    Where another library system decides, that stands in the centre's place.
    """

    id: str
    on_loan: int = 0
    queue: int = 0
    hears: bool = True
    loans: tuple[Fact, ...] = ()
    journal: tuple[Fact, ...] = ()
    debts: tuple[Fact, ...] = ()


@dataclass(frozen=True, slots=True)
class BenchStation:
    """A station of the demo: `screen` is the address its touchscreen is served at."""

    id: str
    name: str
    screen: str


@dataclass(frozen=True, slots=True)
class CentrePages:
    """Where people reach the centre, and who may be tried there. Empty addresses are not offered.

    `system` names the library system that decides in its place, if one does.
    """

    catalogue: str = ""
    office: str = ""
    patrons: tuple[str, ...] = ()
    staff: str = ""
    system: str = ""


@dataclass(frozen=True, slots=True)
class BenchSnapshot:
    """Everything on the table and what the ledgers say of it. Lists are newest first."""

    cards: tuple[BenchCard, ...] = ()
    books: tuple[BenchBook, ...] = ()
    devices: tuple[BenchDevice, ...] = ()
    receipts: tuple[BenchReceipt, ...] = ()
    ledgers: tuple[BenchLedger, ...] = ()


class Channel(StrEnum):
    PAD = "pad"
    CARD = "card"
    LIBRARY = "library"


@dataclass(frozen=True, slots=True)
class WireBytes:
    """Bytes that went by: a pad frame, an APDU, a message to a library system. `outgoing` = from the station."""

    number: int
    channel: Channel
    outgoing: bool
    data: bytes
    at: str = ""


class Bench(Protocol):
    """Every method may be called from any thread, returns quickly, and raises BenchRefused when it cannot be done.

    `at` names a station by its id; without one the first station is meant.
    """

    def stations(self) -> tuple[BenchStation, ...]: ...

    def centre_pages(self) -> CentrePages: ...

    def latest(self) -> tuple[int, BenchSnapshot]: ...

    def newer_than(self, version: int, timeout: float) -> tuple[int, BenchSnapshot] | None:
        """Wait up to *timeout* seconds for a snapshot newer than *version*."""
        ...

    def bytes_after(self, number: int) -> tuple[WireBytes, ...]:
        """Say what went by after *number*, oldest first, as far back as is kept."""
        ...

    def insert_card(self, card: str, at: str = "") -> None:
        """Lay this card on the card reader; a card that lies there already stays: two cards."""
        ...

    def remove_card(self, card: str) -> None: ...

    def lay(self, books: tuple[str, ...], at: str = "") -> None:
        """Put these books on the pad, at once, as a stack; one that lies on another pad is taken from there."""
        ...

    def lift(self, books: tuple[str, ...]) -> None: ...

    def scan(self, thing: str, at: str = "") -> None:
        """Scan the barcode printed on a card or a book, wherever it is."""
        ...

    def lift_all(self, at: str = "") -> None: ...

    def lock(self, book: str) -> None:
        """Lock the book's tag: its gate bit can no longer change."""
        ...

    def unlock(self, book: str) -> None: ...

    def snatch(self, book: str) -> None:
        """Lift the book just as the pad begins its next write to it."""
        ...

    def plug(self, device: str, at: str = "") -> None: ...

    def unplug(self, device: str, at: str = "") -> None: ...
